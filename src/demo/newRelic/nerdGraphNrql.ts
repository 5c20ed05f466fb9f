// NRQL through NerdGraph: synchronous queries, asynchronous ones with their progress, cancelling, and the history.
import { asNerdGraph, invalidInput, nerdGraphError } from './nerdGraphErrors.ts';
import { answerNrql, type NrqlAnswer } from './nrqlAnswer.ts';
import { parseNrql } from './nrqlParser.ts';
import { rawResponse, windowTexts } from './nrqlRawResponse.ts';
import type { NrqlQuery } from './nrqlSyntax.ts';
import type { Telemetry } from '../fleet/telemetry.ts';

export interface NrqlArguments {
  readonly query: string;
  readonly timeout?: number | string | null;
  readonly async?: boolean | null;
}
export interface NrqlRunner {
  /** `durationMs`: how long the query takes. */
  run(given: NrqlArguments, accounts: readonly number[], telemetry: Telemetry, durationMs: number): Promise<unknown>;
  progress(queryId: string, accounts: readonly number[]): unknown;
  cancel(queryId: string): { queryId: string; requestStatus: 'ACCEPTED' | 'REJECTED'; rejectionReason: string | null };
  history(limit: number): readonly unknown[];
}
export interface NrqlRunnerOptions {
  readonly now: () => number;
  readonly sleep: (durationMs: number) => Promise<void>;
  readonly limitMax: number;
}

interface Pending {
  readonly container: (progress: Progress) => unknown;
  readonly accounts: string;
  readonly doneAtMs: number;
  lastAskedMs: number;
}
interface Progress {
  readonly completed: boolean;
  readonly queryId: string | null;
  readonly retryAfter: number | null;
  readonly retryDeadline: number | null;
  readonly resultExpiration: number | null;
}

/**
 * How long an asynchronous query is awaited before its id is returned, and the default time-out of a synchronous one.
 */
const defaultWaitMs = 5000;
const retryAfterSec = 1,
  retryDeadlineSec = 30,
  resultExpirationSec = 600;
const completed: Progress = {
  completed: true,
  queryId: null,
  retryAfter: null,
  retryDeadline: null,
  resultExpiration: null,
};
const historyLength = 100;
const mostParsed = 500;

export function createNrqlRunner({ now, sleep, limitMax }: NrqlRunnerOptions): NrqlRunner {
  const pending = new Map<string, Pending>();
  const parse = createParse();
  const past: { accountIds: readonly number[]; createdAt: string; query: string }[] = [];
  let lastId = 7_000_000;
  const forgetOld = () => {
    for (const [id, query] of pending) {
      const over =
        now() >= query.doneAtMs
          ? query.doneAtMs + resultExpirationSec * 1000
          : query.lastAskedMs + retryDeadlineSec * 1000;
      if (now() > over) pending.delete(id);
    }
  };
  return {
    async run(given, accounts, telemetry, durationMs) {
      const query = parse(given.query);
      past.push({ accountIds: accounts, createdAt: new Date(now()).toISOString(), query: given.query });
      if (past.length > historyLength) past.shift();
      const startedMs = now();
      const answer = asNerdGraph(() => answerNrql(query, telemetry, startedMs, limitMax));
      const container = (progress: Progress) => containerOf(given.query, query, answer, accounts, progress);
      const waitMs = given.async ? defaultWaitMs : timeoutMsOf(given.timeout);
      if (durationMs > 0) await sleep(Math.min(durationMs, waitMs));
      if (durationMs <= waitMs) return container(completed);
      if (!given.async) throw nerdGraphError('TIMEOUT');
      const queryId = String(++lastId);
      pending.set(queryId, {
        container,
        accounts: accounts.join(),
        doneAtMs: startedMs + durationMs,
        lastAskedMs: now(),
      });
      return unfinished(given.query, queryId);
    },
    progress(queryId, accounts) {
      forgetOld();
      const query = pending.get(queryId);
      if (query?.accounts !== accounts.join())
        throw invalidInput(`No query with the queryId '${queryId}' was found. It may have expired.`);
      query.lastAskedMs = now();
      return now() < query.doneAtMs
        ? unfinished(null, queryId)
        : query.container({ ...completed, queryId, resultExpiration: resultExpirationSec });
    },
    cancel(queryId) {
      forgetOld();
      const query = pending.get(queryId);
      if (!query || now() >= query.doneAtMs)
        return {
          queryId,
          requestStatus: 'REJECTED',
          rejectionReason: query ? 'The query has already completed.' : 'The query was not found.',
        };
      pending.delete(queryId);
      return { queryId, requestStatus: 'ACCEPTED', rejectionReason: null };
    },
    history: limit => past.toReversed().slice(0, limit),
  };
}

/** Parses each query once. */
function createParse(): (text: string) => NrqlQuery {
  const parsed = new Map<string, NrqlQuery>();
  return text => {
    const known = parsed.get(text) ?? asNerdGraph(() => parseNrql(text));
    if (parsed.size >= mostParsed) parsed.clear();
    parsed.set(text, known);
    return known;
  };
}

/** Between 5 and 120 seconds. */
function timeoutMsOf(timeout: NrqlArguments['timeout']): number {
  const seconds = Number(timeout ?? defaultWaitMs / 1000);
  if (!Number.isFinite(seconds)) throw invalidInput(`Invalid timeout '${timeout}'`);
  return Math.min(120, Math.max(5, seconds)) * 1000;
}

function unfinished(nrql: string | null, queryId: string): unknown {
  const queryProgress: Progress = {
    completed: false,
    queryId,
    retryAfter: retryAfterSec,
    retryDeadline: retryDeadlineSec,
    resultExpiration: resultExpirationSec,
  };
  return { nrql, queryProgress };
}

function containerOf(
  text: string,
  query: NrqlQuery,
  answer: NrqlAnswer,
  accounts: readonly number[],
  queryProgress: Progress,
): unknown {
  const { results, currentResults, previousResults, otherResult, totalResult, window } = answer;
  return {
    nrql: text,
    results,
    currentResults,
    previousResults,
    otherResult,
    totalResult,
    queryProgress,
    metadata: {
      eventTypes: query.from,
      facets: query.facet.length === 0 ? null : query.facet.map(({ attribute }) => attribute),
      messages: [],
      timeWindow: { begin: window.beginMs, end: window.endMs, ...windowTexts(query) },
    },
    rawResponse: () => rawResponse(query, answer, accounts, 'c0ffee00-0000-4000-8000-0000000000ff'),
    suggestedFacets: [],
    eventDefinitions: query.from.map(name => ({
      name,
      label: name,
      definition: null,
      attributes: [
        {
          name: 'timestamp',
          label: 'timestamp',
          definition: 'The time of the event, in Unix time.',
          documentationUrl: null,
        },
      ],
    })),
    embeddedChartUrl: null,
    staticChartUrl: null,
  };
}
