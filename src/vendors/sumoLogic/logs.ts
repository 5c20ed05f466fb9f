// Reads logs from Sumo Logic: search jobs over windows that are cut until each fits, their pages delivered as the bytes
// that came.
import type { EvidencePage, ReadSummary } from '../../model/evidence/analysis.ts';
import { succeed } from '../../model/failure.ts';
import type { Result } from '../../model/failure.ts';
import type { Outside } from '../../model/outside.ts';
import type { ReadRequest } from '../../model/ports.ts';
import type { QueryRecord } from '../../model/evidence/verdict.ts';
import { readDeadline } from '../transport/readDeadline.ts';
import { createSumoClient } from './client.ts';
import type { SumoConnection, SumoLogsSource } from './options.ts';
import { narrowToNodes } from './query.ts';
import { messagesPerJob, runSearchJob } from './searchJob.ts';
import type { SearchDeps, SearchJob, SearchOutcome } from './searchJob.ts';
import { countAndCut, countingQuery, cutInHalves, shortestWindowMs } from './windows.ts';
import type { Window } from './windows.ts';

export type LogsRequest = ReadRequest & { readonly source: SumoLogsSource; readonly connection: SumoConnection };

export interface SumoLogs {
  /**
   * All messages of the nodes in [fromMs, toMs). Where one job holds too many, the window is cut by what was counted in
   * it; a window that cannot be cut further gives its newest messages, and the summary says `partial`.
   */
  read(
    request: LogsRequest,
    deliver: (page: EvidencePage) => Promise<Result<{ rows: number }>>,
    signal: AbortSignal,
  ): Promise<Result<ReadSummary>>;
  describe(request: LogsRequest): readonly string[];
}

/** Windows that one read may be cut into. */
const mostWindows = 64;
/** A longer window is counted before it is read. */
const countedFromMs = 900_000;

export function createSumoLogs(deps: Outside): SumoLogs {
  const call = createSumoClient(deps);
  return {
    read(request, deliver, signal) {
      const toPage = (bytes: Uint8Array<ArrayBuffer>): EvidencePage => ({
        source: request.source.name,
        decoder: 'sumoMessages',
        bytes,
        context: { nodeAttribute: request.source.nodeAttribute },
      });
      return readWindows({ call, clock: deps.clock, deliver: bytes => deliver(toPage(bytes)) }, request, signal);
    },
    describe: request => (request.nodes.length === 0 ? [] : [writeQuery(request)]),
  };
}

export function writeQuery(request: LogsRequest): string {
  return narrowToNodes(request.source.options.query, request.source.nodeAttribute, request.nodes);
}

/** What all search jobs of one read share. */
interface Reading extends SearchDeps {
  readonly source: string;
  /** The query for the messages. */
  readonly query: string;
  readonly job: Pick<SearchJob, 'connection' | 'wants' | 'what' | 'deadlineMs'>;
  readonly queries: QueryRecord[];
  readonly signal: AbortSignal;
}

async function readWindows(deps: SearchDeps, request: LogsRequest, signal: AbortSignal): Promise<Result<ReadSummary>> {
  const queries: QueryRecord[] = [];
  if (request.nodes.length === 0 || request.fromMs >= request.toMs) return succeed({ queries });
  const { connection, source } = request;
  const job = {
    connection,
    wants: 'messages',
    what: `Sumo Logic, "${source.name}"`,
    deadlineMs: readDeadline(request, deps.clock.now()),
  } as const;
  const reading: Reading = { ...deps, source: source.name, query: writeQuery(request), job, queries, signal };
  const first = request.toMs - request.fromMs >= countedFromMs ? await cut(reading, request) : succeed([request]);
  if (!first.ok) return first;
  let windows: readonly Window[] = first.value;
  let read = 0,
    total = 0,
    capped = false;
  for (let cuts = windows.length; windows.length > 0;) {
    const window = windows.at(-1)!;
    windows = windows.slice(0, -1);
    const mayCut = window.toMs - window.fromMs >= 2 * shortestWindowMs && cuts < mostWindows;
    const outcome = await readWindow(reading, window, mayCut);
    if (!outcome.ok) return outcome;
    if (outcome.value.kind === 'read') {
      read += outcome.value.read;
      total += outcome.value.total;
      capped ||= outcome.value.capped;
      continue;
    }
    const pieces = await cut(reading, window);
    if (!pieces.ok) return pieces;
    const smaller = pieces.value.length > 1 ? pieces.value : cutInHalves(window);
    windows = [...windows, ...smaller];
    cuts += smaller.length - 1;
  }
  return succeed({ queries, ...((capped || read < total) && { partial: { read, total } }) });
}

/** Reads one window; with `mayCut`, a window with more messages than one job gives is not read. */
async function readWindow(
  reading: Reading,
  { fromMs, toMs }: Window,
  mayCut: boolean,
): ReturnType<typeof runSearchJob> {
  const { job, query, clock, signal } = reading;
  const startedAtMs = clock.now();
  const limit = mayCut && { refuseAbove: messagesPerJob };
  const outcome = await runSearchJob(reading, { ...job, query, fromMs, toMs, ...limit }, signal);
  if (outcome.ok) record(reading, query, startedAtMs, outcome.value.kind === 'read' ? outcome.value : undefined);
  return outcome;
}

/** Cuts a window by the number of messages in its parts. A query with an aggregation cannot be counted. */
async function cut(reading: Reading, window: Window): Promise<Result<readonly Window[]>> {
  const { job, clock, signal } = reading;
  const counting = countingQuery(reading.query, window);
  if (counting === undefined) return succeed([window]);
  const startedAtMs = clock.now();
  const pieces = await countAndCut(reading, { ...job, ...window, query: counting }, signal);
  if (!pieces.ok) return pieces.failure.kind === 'invalid' ? succeed([window]) : pieces;
  record(reading, counting, startedAtMs);
  return pieces;
}

function record(
  { source, clock, queries }: Reading,
  text: string,
  startedAtMs: number,
  outcome?: Pick<SearchOutcome & { kind: 'read' }, 'bytes' | 'read' | 'warnings'>,
): void {
  queries.push({
    source,
    text,
    atMs: startedAtMs,
    durationMs: clock.now() - startedAtMs,
    bytes: outcome?.bytes ?? 0,
    rows: outcome?.read ?? 0,
    ...(outcome && outcome.warnings.length > 0 && { warnings: outcome.warnings }),
  });
}
