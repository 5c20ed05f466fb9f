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
import type { SearchDeps, SearchOutcome } from './searchJob.ts';
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

async function readWindows(deps: SearchDeps, request: LogsRequest, signal: AbortSignal): Promise<Result<ReadSummary>> {
  const queries: QueryRecord[] = [];
  if (request.nodes.length === 0 || request.fromMs >= request.toMs) return succeed({ queries });
  const common = {
    connection: request.connection,
    wants: 'messages',
    what: `Sumo Logic, "${request.source.name}"`,
    deadlineMs: readDeadline(request, deps.clock.now()),
  } as const;
  const query = writeQuery(request);
  const record = (
    text: string,
    startedAtMs: number,
    { bytes, read, warnings }: Pick<SearchOutcome & { kind: 'read' }, 'bytes' | 'read' | 'warnings'> = {
      bytes: 0,
      read: 0,
      warnings: [],
    },
  ): void => {
    queries.push({
      source: request.source.name,
      text,
      atMs: startedAtMs,
      durationMs: deps.clock.now() - startedAtMs,
      bytes,
      rows: read,
      ...(warnings.length > 0 && { warnings }),
    });
  };

  async function cut(window: Window): Promise<Result<readonly Window[]>> {
    const counting = countingQuery(query, window);
    if (counting === undefined) return succeed([window]);
    const startedAtMs = deps.clock.now();
    const pieces = await countAndCut(deps, { ...common, ...window, query: counting }, signal);
    // A query that aggregates by itself cannot be counted.
    if (!pieces.ok) return pieces.failure.kind === 'invalid' ? succeed([window]) : pieces;
    record(counting, startedAtMs);
    return pieces;
  }

  let windows: readonly Window[] = [request];
  if (request.toMs - request.fromMs >= countedFromMs) {
    const pieces = await cut(request);
    if (!pieces.ok) return pieces;
    windows = pieces.value;
  }
  let read = 0,
    total = 0,
    capped = false;
  for (let cuts = windows.length; windows.length > 0;) {
    const window = windows.at(-1)!;
    windows = windows.slice(0, -1);
    const mayCut = window.toMs - window.fromMs >= 2 * shortestWindowMs && cuts < mostWindows;
    const startedAtMs = deps.clock.now();
    const outcome = await runSearchJob(
      deps,
      { ...common, query, fromMs: window.fromMs, toMs: window.toMs, ...(mayCut && { refuseAbove: messagesPerJob }) },
      signal,
    );
    if (!outcome.ok) return outcome;
    if (outcome.value.kind === 'read') {
      record(query, startedAtMs, outcome.value);
      read += outcome.value.read;
      total += outcome.value.total;
      capped ||= outcome.value.capped;
      continue;
    }
    record(query, startedAtMs);
    const pieces = await cut(window);
    if (!pieces.ok) return pieces;
    const smaller = pieces.value.length > 1 ? pieces.value : cutInHalves(window);
    windows = [...windows, ...smaller];
    cuts += smaller.length - 1;
  }
  return succeed({ queries, ...((capped || read < total) && { partial: { read, total } }) });
}
