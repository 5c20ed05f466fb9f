// Speaks to New Relic's NerdGraph: where it is, how it is asked, and its errors, which come with HTTP 200.
import { succeed } from '../../model/failure.ts';
import type { Failure, Result } from '../../model/failure.ts';
import { createRedactor } from '../../model/redact.ts';
import type { Account, HttpAnswer, Outside } from '../../model/outside.ts';
import { nameAccount, shareOf } from '../transport/budget.ts';
import { askOnce } from '../transport/httpRetry.ts';
import type { Attempt } from '../transport/httpRetry.ts';
import { parseJson } from '../transport/decode/json.decode.ts';
import { newRelicLimits, type NewRelicConnection } from './options.ts';
import { findNerdGraphFailure } from './metrics.decode.ts';

export interface NerdGraphQuestion {
  readonly connection: NewRelicConnection;
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The start of a failure's message. */
  readonly what: string;
  readonly repeatable: boolean;
  readonly deadlineMs: number;
  /** NRQL queries that it holds, which count in the account's rate; 1 by default. */
  readonly weight?: number;
}

export interface NerdGraphAnswer {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Absent when the answer is too large to be parsed on this thread; errors and unfinished queries never are. */
  readonly parsed?: unknown;
}

/**
 * A query that takes longer answers with its id after five seconds; more than this is a line that hangs, and may be
 * tried again in time.
 */
const exchangeMs = 12_000;
const largestParsedBytes = 64 * 1024;

/** One exchange. `again` says whether it may be asked once more; `errors` of a small answer are its failure. */
export async function askNerdGraph(
  deps: Outside,
  question: NerdGraphQuestion,
  signal: AbortSignal,
): Promise<Attempt<NerdGraphAnswer>> {
  const key = deps.credentials.get(question.connection.credential, question.connection.url);
  if (!key.ok) return { result: key };
  const redact = createRedactor([key.value]);
  const { url } = question.connection;
  const share = shareOf(deps.budget, accountOf(question.connection));
  const asked = await askOnce(
    { http: deps.http, clock: deps.clock, share, redact },
    {
      request: {
        method: 'POST',
        url: nerdGraphUrl(url),
        headers: {
          'Content-Type': 'application/json',
          Accept: 'application/json',
          'Api-Key': key.value,
          'NewRelic-Requesting-Services': 'backstop',
        },
        body: JSON.stringify({ query: question.document, variables: question.variables }),
      },
      what: question.what,
      repeatable: question.repeatable,
      deadlineMs: question.deadlineMs,
      timeoutMs: exchangeMs,
      ...(question.weight !== undefined && { weight: question.weight }),
    },
    signal,
  );
  if (!asked.result.ok) return { result: asked.result, ...(asked.again && { again: asked.again }) };
  const answer = inspect(asked.result.value);
  if (answer.ok) return { result: answer };
  const failure = nameFailure(answer.failure, question.what, redact);
  if (failure.kind === 'rate-limited') share.holdBack();
  return { result: { ok: false, failure }, ...(isPassing(failure, question.repeatable) && { again: {} }) };
}

function accountOf({ url, options: { account, limits = newRelicLimits } }: NewRelicConnection): Account {
  const { concurrent, queriesPerMinute } = limits;
  return {
    key: nameAccount('newRelic', nerdGraphUrl(url), String(account)),
    limits: { concurrent, requests: queriesPerMinute, perMs: 60_000 },
  };
}

function inspect(answer: HttpAnswer): Result<NerdGraphAnswer> {
  if (answer.bytes.length > largestParsedBytes && !isUnfinished(answer.bytes)) return succeed({ bytes: answer.bytes });
  const parsed = parseJson(answer.bytes, 'New Relic');
  if (!parsed.ok) return parsed;
  const failure = findNerdGraphFailure(parsed.value);
  return failure ? { ok: false, failure } : succeed({ bytes: answer.bytes, parsed: parsed.value });
}

/** One query of a document may be running still beside a large answer of another. */
function isUnfinished(bytes: Uint8Array<ArrayBuffer>): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return text.includes('"completed":false') || text.includes('"completed": false');
}

/** The failure of an answer, with what was asked in front of it. */
export function nameFailure(failure: Failure, what: string, redact: (text: string) => string): Failure {
  return {
    ...failure,
    message: `${what}: ${failure.message}`,
    ...(failure.cause && { cause: redact(failure.cause).slice(0, 300) }),
  };
}

/** Failures that may be gone when asked again. Throttled means not done; of the others that is not known. */
export function isPassing(failure: Failure, repeatable: boolean): boolean {
  if (failure.kind === 'rate-limited') return true;
  return repeatable && (failure.kind === 'timeout' || failure.kind === 'unreachable' || failure.kind === 'bad-answer');
}

export function nerdGraphUrl(url: string): string {
  const base = url.replace(/\/+$/, '');
  return base.endsWith('/graphql') ? base : `${base}/graphql`;
}
