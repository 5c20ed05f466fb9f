// Asks a server of one's own to count log lines: how many each node has, and one page of groups.
import type { EvidencePage, ReadSummary } from '../../model/evidence/analysis.ts';
import type { NodePace } from '../../model/evidence/counts.ts';
import { succeed, type Result } from '../../model/failure.ts';
import type { ServerConnection } from '../../model/file/connectionFields.ts';
import type { Outside } from '../../model/outside.ts';
import type { CountRequest, Probe, ReadRequest } from '../../model/ports.ts';
import { readDeadline } from './readDeadline.ts';
import { askServer, type ServerCall } from './ownServer.ts';
import { readPage } from './readPage.ts';

/** Where there are more, what varies in them is no number. Those that only the canary has come first. */
export const mostGroups = 10_000;
/** Characters of a sample. */
export const longestSample = 8_000;

/** A query over all lines takes its time. */
const leastMs = 120_000;

/** A question to a server, and its query as a person reads it. */
export interface CountQuestion {
  readonly connection: ServerConnection;
  readonly text: string;
  call(deadlineMs: number): ServerCall;
}

export async function probeLines(
  deps: Outside,
  request: ReadRequest,
  question: CountQuestion,
  pacesOf: (bytes: Uint8Array) => Result<readonly NodePace[]>,
  signal: AbortSignal,
): Promise<Result<Probe>> {
  if (isEmpty(request)) return succeed({ paces: [], queries: [] });
  let paces: readonly NodePace[] = [];
  const deadlineMs = countDeadline(request, deps.clock.now()),
    page = { decoder: '', context: {} };
  const read = await askForPage(
    deps,
    request,
    question,
    question.call(deadlineMs),
    page,
    ({ bytes }) => {
      const told = pacesOf(bytes);
      if (told.ok) paces = told.value;
      return Promise.resolve(told.ok ? succeed({ rows: told.value.length }) : told);
    },
    signal,
  );
  return read.ok ? succeed({ paces, queries: [read.value.record] }) : read;
}

export async function countLines(
  deps: Outside,
  request: CountRequest,
  question: CountQuestion,
  page: Pick<EvidencePage, 'decoder'> & Partial<Pick<EvidencePage, 'context'>>,
  deliver: Parameters<typeof readPage>[3],
  signal: AbortSignal,
): Promise<Result<ReadSummary>> {
  if (isEmpty(request)) return succeed({ queries: [] });
  const { part, fromMs, toMs, sliceMs } = request,
    call = { ...question.call(countDeadline(request, deps.clock.now())), longestMs: Infinity },
    told = { ...page, context: { part, fromMs, toMs, sliceMs, ...page.context } };
  const read = await askForPage(deps, request, question, call, told, deliver, signal);
  return read.ok ? succeed({ queries: [read.value.record] }) : read;
}

function askForPage(
  deps: Outside,
  { source: { name: source } }: ReadRequest,
  { connection, text }: CountQuestion,
  call: ServerCall,
  page: Pick<EvidencePage, 'decoder' | 'context'>,
  deliver: Parameters<typeof readPage>[3],
  signal: AbortSignal,
) {
  return readPage(
    deps.clock,
    { source, text, what: call.what, deadlineMs: call.deadlineMs },
    async () => {
      const answer = await askServer(deps, connection, call, signal);
      return answer.ok ? succeed({ page: { ...page, source, bytes: answer.value.bytes }, seen: undefined }) : answer;
    },
    deliver,
    signal,
  );
}

function isEmpty({ nodes, fromMs, toMs }: ReadRequest): boolean {
  return nodes.length === 0 || fromMs >= toMs;
}

export function countDeadline(request: Parameters<typeof readDeadline>[0], nowMs: number): number {
  return Math.max(nowMs + leastMs, readDeadline(request, nowMs));
}
