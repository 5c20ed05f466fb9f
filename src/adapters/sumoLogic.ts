// Reads logs from Sumo Logic: search jobs over windows that are cut until each fits, their pages delivered as the bytes that came.
import type { EvidencePage, ReadSummary } from '../model/analysis.ts';
import { fail, succeed } from '../model/failure.ts';
import type { Result } from '../model/failure.ts';
import type { LogsSource } from '../model/pipeline.ts';
import type { ReadRequest } from '../model/ports.ts';
import type { QueryRecord } from '../model/verdict.ts';
import { readDeadline } from './readDeadline.ts';
import { createSumoClient } from './sumoClient.ts';
import type { SumoConnection, SumoDeps } from './sumoClient.ts';
import { narrowToNodes } from './sumoQuery.ts';
import { messagesPerJob, runSearchJob } from './sumoSearchJob.ts';
import type { SearchDeps, SearchJob, SearchOutcome } from './sumoSearchJob.ts';

export type LogsRequest = ReadRequest & { readonly source: LogsSource; readonly connection: SumoConnection };

export interface SumoLogic {
  /**
   * All messages of the nodes in [fromMs, toMs). Where one job holds too many, the window is cut in halves; a window that cannot be cut
   * further gives its newest messages, and the summary says `partial`.
   */
  read(request: LogsRequest, deliver: (page: EvidencePage) => Promise<Result<{ rows: number }>>, signal: AbortSignal): Promise<Result<ReadSummary>>;
  describe(request: LogsRequest): readonly string[];
}

/** Windows are not cut below this, nor into more than this. */
const shortestWindowMs = 1_000;
const mostWindows = 32;
/** How often one job is created anew after it was lost. */
const jobLives = 3;

export function createSumoLogic(deps: SumoDeps): SumoLogic {
  const call = createSumoClient(deps);
  return {
    read(request, deliver, signal) {
      const toPage = (bytes: Uint8Array<ArrayBuffer>): EvidencePage =>
        ({ source: request.source.name, decoder: 'sumoMessages', bytes, context: { nodeAttribute: request.source.nodeAttribute } });
      return readWindows({ call, clock: deps.clock, deliver: bytes => deliver(toPage(bytes)) }, request, signal);
    },
    describe: request => request.nodes.length === 0 ? [] : [writeQuery(request)],
  };
}

function writeQuery(request: LogsRequest): string {
  return narrowToNodes(request.source.query, request.source.nodeAttribute, request.nodes);
}

async function readWindows(deps: SearchDeps, request: LogsRequest, signal: AbortSignal): Promise<Result<ReadSummary>> {
  const queries: QueryRecord[] = [];
  if (request.nodes.length === 0 || request.fromMs >= request.toMs) return succeed({ queries });
  const common = { connection: request.connection, query: writeQuery(request), what: `Sumo Logic, "${request.source.name}"`, deadlineMs: readDeadline(request, deps.clock.now()) };
  const windows = [{ fromMs: request.fromMs, toMs: request.toMs }];
  let read = 0, total = 0, capped = false;
  for (let cut = 1, window = windows.pop(); window; window = windows.pop()) {
    const mayCut = window.toMs - window.fromMs >= 2 * shortestWindowMs && cut < mostWindows;
    const startedAtMs = deps.clock.now();
    const outcome = await runUntilKept(deps, { ...common, ...window, ...(mayCut && { refuseAbove: messagesPerJob }) }, signal);
    if (!outcome.ok) return outcome;
    const found = outcome.value;
    queries.push({
      source: request.source.name, text: common.query, atMs: startedAtMs, durationMs: deps.clock.now() - startedAtMs,
      bytes: found.kind === 'read' ? found.bytes : 0, rows: found.kind === 'read' ? found.read : 0,
    });
    if (found.kind === 'too-many') {
      const middleMs = Math.floor((window.fromMs + window.toMs) / 2);
      windows.push({ fromMs: window.fromMs, toMs: middleMs }, { fromMs: middleMs, toMs: window.toMs });
      cut += 1;
    } else { read += found.read; total += found.total; capped ||= found.capped; }
  }
  return succeed({ queries, ...((capped || read < total) && { partial: { read, total } }) });
}

/** Lines that were delivered before a job was lost come again and count once, by their ids. */
async function runUntilKept(deps: SearchDeps, job: SearchJob, signal: AbortSignal): Promise<Result<Exclude<SearchOutcome, { kind: 'lost' }>>> {
  let why = '';
  for (let life = 1; life <= jobLives; life++) {
    const outcome = await runSearchJob(deps, job, signal);
    if (!outcome.ok) return outcome;
    if (outcome.value.kind !== 'lost') return succeed(outcome.value);
    why = outcome.value.why;
    if (signal.aborted) return fail('cancelled', `${job.what}: cancelled.`);
    if (deps.clock.now() >= job.deadlineMs) break;
  }
  return fail('unreachable', `${job.what}: Sumo Logic lost the search job again and again.`, { cause: why });
}
