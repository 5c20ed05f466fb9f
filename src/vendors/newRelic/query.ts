// Asks NRQL until its answer is there, at once or from the background, and takes back what nobody waits for any more.
import { fail, succeed } from '../../model/failure.ts';
import type { Result } from '../../model/failure.ts';
import type { Outside } from '../../model/outside.ts';
import { createRedactor } from '../../model/redact.ts';
import type { QueryRecord } from '../../model/evidence/verdict.ts';
import { withRetry } from '../transport/httpRetry.ts';
import type { Attempt } from '../transport/httpRetry.ts';
import { member, numberMember, textMember } from '../transport/decode/json.decode.ts';
import { askNerdGraph, isPassing, nameFailure } from './nerdGraph.ts';
import type { NerdGraphAnswer } from './nerdGraph.ts';
import type { NewRelicConnection } from './options.ts';

export interface NrqlQuestion {
  readonly connection: NewRelicConnection;
  /** NRQL by the alias under which its result stands in the answer. */
  readonly queries: Readonly<Record<string, string>>;
  /** The start of a failure's message. */
  readonly what: string;
  /** Epoch ms. */
  readonly deadlineMs: number;
}

/** Ids of the queries that New Relic runs in the background, by alias. */
type Running = Readonly<Record<string, string>>;

const cancelWithinMs = 5_000;
const leastWaitMs = 100;
/** New Relic may drop a query that nobody asks for; so much of the time allowed is used. */
const patience = 0.8;

/**
 * Asks, and hands the answer's bytes over; an answer that arrived damaged is asked for again. A refused query is the
 * pipeline's mistake: it is shown as it was asked.
 */
export async function readNrql<T extends { readonly rows: number }>(
  deps: Outside,
  source: string,
  question: NrqlQuestion,
  take: (bytes: Uint8Array<ArrayBuffer>) => Promise<Result<T>>,
  signal: AbortSignal,
): Promise<Result<{ readonly taken: T; readonly record: QueryRecord }>> {
  const { connection, what, deadlineMs } = question;
  const text = Object.values(question.queries).join('\n'),
    startedAtMs = deps.clock.now();
  const read = await withRetry(
    deps.clock,
    { deadlineMs, signal },
    async (): Promise<Attempt<{ readonly taken: T; readonly bytes: number }>> => {
      const asked = await askNrql(deps, question, signal);
      if (!asked.result.ok) return { result: asked.result, ...(asked.again && { again: asked.again }) };
      // Bytes that were handed over are gone.
      const { bytes } = asked.result.value,
        size = bytes.length;
      const taken = await take(bytes);
      if (taken.ok) return { result: succeed({ taken: taken.value, bytes: size }) };
      const key = deps.credentials.get(connection.credential, connection.url);
      const failure = nameFailure(taken.failure, what, createRedactor(key.ok ? [key.value] : []));
      return { result: { ok: false, failure }, ...(isPassing(failure, true) && { again: {} }) };
    },
  );
  if (!read.ok)
    return read.failure.kind === 'invalid'
      ? { ok: false, failure: { ...read.failure, hint: `The query was: ${text}` } }
      : read;
  const { taken, bytes } = read.value;
  return succeed({
    taken,
    record: { source, text, atMs: startedAtMs, durationMs: deps.clock.now() - startedAtMs, bytes, rows: taken.rows },
  });
}

/** The answer as it came. `again`: New Relic has lost the query, which may be asked from the start. */
async function askNrql(deps: Outside, question: NrqlQuestion, signal: AbortSignal): Promise<Attempt<NerdGraphAnswer>> {
  const { connection, queries, what, deadlineMs } = question;
  let running: Running = {};
  for (;;) {
    const asked = await withRetry(deps.clock, { deadlineMs, signal }, () =>
      askNerdGraph(
        deps,
        {
          connection,
          ...writeDocument(connection.options.account, queries, running),
          what,
          repeatable: true,
          deadlineMs,
          weight: Object.keys(queries).length,
        },
        signal,
      ),
    );
    const progress = asked.ok ? progressOf(asked.value.parsed, Object.keys(queries)) : undefined;
    if (asked.ok && !progress) return { result: asked };
    const ids = Object.values(progress?.running ?? running);
    if (!asked.ok) {
      await cancelQueries(deps, connection, ids);
      const lost =
        ids.length > 0 && asked.failure.kind === 'invalid' && /query ?id|expired/i.test(asked.failure.cause ?? '');
      return { result: asked, ...(lost && { again: {} }) };
    }
    running = progress!.running;
    if (deps.clock.now() + progress!.waitMs < deadlineMs) await deps.clock.sleep(progress!.waitMs, signal);
    else return giveUp(deps, question, ids, 'timeout');
    if (signal.aborted) return giveUp(deps, question, ids, 'cancelled');
  }
}

async function giveUp(
  deps: Outside,
  { connection, what }: NrqlQuestion,
  ids: readonly string[],
  kind: 'timeout' | 'cancelled',
): Promise<Attempt<NerdGraphAnswer>> {
  await cancelQueries(deps, connection, ids);
  return { result: fail(kind, `${what}: New Relic was still running the query.`) };
}

/**
 * Several queries as one document, so that they come as one page. What is running already is asked for its progress;
 * what had ended in time is asked again beside it, since its answer is not kept.
 */
export function writeDocument(
  account: number,
  queries: Readonly<Record<string, string>>,
  running: Running,
): { readonly document: string; readonly variables: Readonly<Record<string, unknown>> } {
  const variables: Record<string, unknown> = { account };
  const declarations = ['$account: Int!'];
  const fields = Object.entries(queries).map(([alias, nrql]) => {
    const queryId = running[alias];
    variables[alias] = queryId ?? nrql;
    declarations.push(`$${alias}: ${queryId === undefined ? 'Nrql!' : 'ID!'}`);
    const call =
      queryId === undefined ? `nrql(query: $${alias}, async: true)` : `nrqlQueryProgress(queryId: $${alias})`;
    return `${alias}: ${call} { results queryProgress { queryId completed retryAfter retryDeadline } }`;
  });
  return {
    document: `query(${declarations.join(', ')}) { actor { account(id: $account) { ${fields.join(' ')} } } }`,
    variables,
  };
}

function progressOf(
  answer: unknown,
  aliases: readonly string[],
): { readonly running: Running; readonly waitMs: number } | undefined {
  const account = member(member(member(answer, 'data'), 'actor'), 'account');
  const running: Record<string, string> = {};
  let waitMs = leastWaitMs,
    longestMs = Infinity;
  for (const alias of aliases) {
    const progress = member(member(account, alias), 'queryProgress');
    const id = textMember(progress, 'queryId') ?? numberMember(progress, 'queryId')?.toString();
    if (id === undefined || member(progress, 'completed') !== false) continue;
    running[alias] = id;
    waitMs = Math.max(waitMs, (numberMember(progress, 'retryAfter') ?? 1) * 1000);
    longestMs = Math.min(longestMs, (numberMember(progress, 'retryDeadline') ?? Infinity) * 1000 * patience);
  }
  return Object.keys(running).length > 0
    ? { running, waitMs: Math.max(leastWaitMs, Math.min(waitMs, longestMs)) }
    : undefined;
}

export const cancelDocument =
  'mutation($queryId: String!) { nrqlCancelQuery(queryId: $queryId) { requestStatus rejectionReason } }';

/**
 * Also after a cancel of one's own, hence with a signal of its own; a query that cannot be cancelled ends by itself.
 */
async function cancelQueries(deps: Outside, connection: NewRelicConnection, ids: readonly string[]): Promise<void> {
  await Promise.all(
    ids.map(queryId =>
      askNerdGraph(
        deps,
        {
          connection,
          document: cancelDocument,
          variables: { queryId },
          what: 'New Relic, cancelling a query',
          repeatable: true,
          deadlineMs: deps.clock.now() + cancelWithinMs,
          weight: 0,
        },
        new AbortController().signal,
      ),
    ),
  );
}
