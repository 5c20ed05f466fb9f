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
  { connection, text, call }: CountQuestion,
  pacesOf: (bytes: Uint8Array) => Result<readonly NodePace[]>,
  signal: AbortSignal,
): Promise<Result<Probe>> {
  if (isEmpty(request)) return succeed({ paces: [], queries: [] });
  const atMs = deps.clock.now();
  const answer = await askServer(deps, connection, call(deadlineOf(request, atMs)), signal);
  if (!answer.ok) return answer;
  const paces = pacesOf(answer.value.bytes);
  if (!paces.ok) return paces;
  const durationMs = deps.clock.now() - atMs,
    sizes = { bytes: answer.value.bytes.length, rows: paces.value.length };
  return succeed({ paces: paces.value, queries: [{ source: request.source.name, text, atMs, durationMs, ...sizes }] });
}

export async function countLines(
  deps: Outside,
  request: CountRequest,
  { connection, text, call }: CountQuestion,
  page: Pick<EvidencePage, 'decoder'> & Partial<Pick<EvidencePage, 'context'>>,
  deliver: Parameters<typeof readPage>[3],
  signal: AbortSignal,
): Promise<Result<ReadSummary>> {
  if (isEmpty(request)) return succeed({ queries: [] });
  const { part, fromMs, toMs, sliceMs } = request,
    deadlineMs = deadlineOf(request, deps.clock.now()),
    asked = { ...call(deadlineMs), longestMs: Infinity },
    source = request.source.name;
  const read = await readPage(
    deps.clock,
    { source, text, what: asked.what, deadlineMs },
    async () => {
      const answer = await askServer(deps, connection, asked, signal);
      if (!answer.ok) return answer;
      const context = { part, fromMs, toMs, sliceMs, ...page.context };
      return succeed({ page: { ...page, source, bytes: answer.value.bytes, context }, seen: undefined });
    },
    deliver,
    signal,
  );
  return read.ok ? succeed({ queries: [read.value.record] }) : read;
}

function isEmpty({ nodes, fromMs, toMs }: ReadRequest): boolean {
  return nodes.length === 0 || fromMs >= toMs;
}

function deadlineOf(request: ReadRequest, nowMs: number): number {
  return Math.max(nowMs + leastMs, readDeadline(request, nowMs));
}
