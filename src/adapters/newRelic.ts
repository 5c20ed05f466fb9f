// Reads metrics from New Relic: NRQL through NerdGraph, one series per metric and node, delivered as the bytes that came.
import type { EvidencePage, ReadSummary } from '../model/analysis.ts';
import { succeed } from '../model/failure.ts';
import type { Failure, Result } from '../model/failure.ts';
import type { MetricsSource } from '../model/pipeline.ts';
import type { ReadRequest } from '../model/ports.ts';
import { createRedactor } from '../model/redact.ts';
import type { QueryRecord } from '../model/verdict.ts';
import { withRetry } from './httpRetry.ts';
import type { Attempt } from './httpRetry.ts';
import { member, numberMember, textMember } from './json.decode.ts';
import { askNerdGraph, isPassing, nameFailure } from './nerdGraph.ts';
import type { NerdGraphAnswer, NerdGraphDeps, NewRelicConnection } from './nerdGraph.ts';
import { writeSeriesQueries } from './nrql.ts';
import type { SeriesQuery } from './nrql.ts';
import { readDeadline } from './readDeadline.ts';

export type MetricsRequest = ReadRequest & { readonly source: MetricsSource; readonly connection: NewRelicConnection };
export type Deliver = (page: EvidencePage) => Promise<Result<{ rows: number }>>;

export interface NewRelic {
  read(request: MetricsRequest, deliver: Deliver, signal: AbortSignal): Promise<Result<ReadSummary>>;
  describe(request: MetricsRequest): readonly string[];
}

export function createNewRelic(deps: NerdGraphDeps): NewRelic {
  return {
    async read(request, deliver, signal) {
      const deadlineMs = readDeadline(request, deps.clock.now());
      const context: ReadContext = { deps, request, deliver, deadlineMs, signal };
      const read = await Promise.all(writeSeriesQueries(request).map(query => readSeries(context, query)));
      const failed = read.find(one => !one.ok);
      return failed ?? succeed({ queries: read.flatMap(one => one.ok ? [one.value] : []) });
    },
    describe: request => writeSeriesQueries(request).flatMap(query => query.presence ? [query.nrql, query.presence] : [query.nrql]),
  };
}

interface ReadContext {
  readonly deps: NerdGraphDeps;
  readonly request: MetricsRequest;
  readonly deliver: Deliver;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

async function readSeries(context: ReadContext, query: SeriesQuery): Promise<Result<QueryRecord>> {
  const { deps, request, deadlineMs, signal } = context;
  const startedAtMs = deps.clock.now();
  const delivered = await withRetry(deps.clock, { deadlineMs, signal }, () => tryToRead(context, query));
  if (!delivered.ok) return { ok: false, failure: explain(delivered.failure, query) };
  return succeed({
    source: request.source.name, text: query.presence ? `${query.nrql}\n${query.presence}` : query.nrql,
    atMs: startedAtMs, durationMs: deps.clock.now() - startedAtMs, ...delivered.value,
  });
}

async function tryToRead(context: ReadContext, query: SeriesQuery): Promise<Attempt<{ readonly bytes: number; readonly rows: number }>> {
  const asked = await awaitSeries(context, query);
  if (!asked.result.ok) return { result: asked.result, ...(asked.again && { again: asked.again }) };
  const { bytes } = asked.result.value;
  const size = bytes.length;
  const delivered = await context.deliver(pageOf(context.request, query, bytes));
  if (delivered.ok) return { result: succeed({ bytes: size, rows: delivered.value.rows }) };
  const failure = nameFailure(delivered.failure, describeQuery(query), redactorFor(context));
  return { result: { ok: false, failure }, ...(isPassing(failure, true) && { again: {} }) };
}

/** Asks, and while the query is still running there, asks how far it is. */
async function awaitSeries(context: ReadContext, query: SeriesQuery): Promise<Attempt<NerdGraphAnswer>> {
  const { deps, request, deadlineMs, signal } = context;
  let running: RunningQueries = {};
  for (;;) {
    const asked = await askNerdGraph(deps, {
      connection: request.connection, ...writeDocument(request.connection.account, query, running), what: describeQuery(query), repeatable: true, deadlineMs,
    }, signal);
    if (!asked.result.ok) return asked;
    const progress = progressOf(asked.result.value.parsed);
    if (!progress) return asked;
    running = progress.running;
    if (deps.clock.now() + progress.waitMs >= deadlineMs || signal.aborted) {
      return { result: { ok: false, failure: { kind: signal.aborted ? 'cancelled' : 'timeout', message: `${describeQuery(query)}: New Relic was still running the query.` } } };
    }
    await deps.clock.sleep(progress.waitMs, signal);
  }
}

/** Ids of queries that New Relic runs on in the background. */
interface RunningQueries {
  readonly metric?: string;
  readonly presence?: string;
}

/**
 * One document for a metric and its presence, so that both come as one page. What is running already is asked for its progress; what
 * had ended in time is asked again beside it, since its answer is not kept.
 */
export function writeDocument(account: number, query: Pick<SeriesQuery, 'nrql' | 'presence'>, running: RunningQueries): { readonly document: string; readonly variables: Readonly<Record<string, unknown>> } {
  const variables: Record<string, unknown> = { account };
  const declarations = ['$account: Int!'];
  const field = (alias: 'metric' | 'presence', nrql: string): string => {
    const queryId = running[alias];
    variables[alias] = queryId ?? nrql;
    declarations.push(`$${alias}: ${queryId === undefined ? 'Nrql!' : 'ID!'}`);
    const call = queryId === undefined ? `nrql(query: $${alias}, async: true)` : `nrqlQueryProgress(queryId: $${alias})`;
    return `${alias}: ${call} { results queryProgress { queryId completed retryAfter } }`;
  };
  const fields = [field('metric', query.nrql), ...(query.presence === undefined ? [] : [field('presence', query.presence)])];
  return { document: `query(${declarations.join(', ')}) { actor { account(id: $account) { ${fields.join(' ')} } } }`, variables };
}

function progressOf(answer: unknown): { readonly running: RunningQueries; readonly waitMs: number } | undefined {
  const account = member(member(member(answer, 'data'), 'actor'), 'account');
  const running: { metric?: string; presence?: string } = {};
  let waitMs = 100;
  for (const alias of ['metric', 'presence'] as const) {
    const progress = member(member(account, alias), 'queryProgress');
    const id = textMember(progress, 'queryId');
    if (id === undefined || member(progress, 'completed') !== false) continue;
    running[alias] = id;
    waitMs = Math.max(waitMs, (numberMember(progress, 'retryAfter') ?? 1) * 1000);
  }
  return running.metric !== undefined || running.presence !== undefined ? { running, waitMs } : undefined;
}

function pageOf(request: MetricsRequest, query: SeriesQuery, bytes: Uint8Array<ArrayBuffer>): EvidencePage {
  return {
    source: request.source.name, decoder: 'newRelicSeries', bytes,
    context: {
      metric: query.metric.name, kind: query.metric.kind, nodeAttribute: request.source.nodeAttribute, nodes: JSON.stringify(query.nodes),
      fromMs: query.fromMs, toMs: query.toMs, intervalMs: query.intervalMs,
    },
  };
}

function describeQuery(query: SeriesQuery): string {
  return `New Relic, metric "${query.metric.name}"`;
}

/** A refused query is the pipeline's mistake: it is shown as it was asked. */
function explain(failure: Failure, query: SeriesQuery): Failure {
  return failure.kind === 'invalid' ? { ...failure, hint: `The query was: ${query.nrql}` } : failure;
}

function redactorFor(context: ReadContext): (text: string) => string {
  const key = context.deps.credentials.get(context.request.connection.credential);
  return createRedactor(key.ok ? [key.value] : []);
}
