// Reads log lines from Loki: pages from the oldest line on, each from the moment of the last line of the one before.
import type { ReadSummary } from '../../model/evidence/analysis.ts';
import type { QueryRecord } from '../../model/evidence/verdict.ts';
import { succeed } from '../../model/failure.ts';
import type { Failure, Result } from '../../model/failure.ts';
import type { ServerConnection } from '../../model/file/connectionFields.ts';
import type { Outside } from '../../model/outside.ts';
import type { ReadRequest } from '../../model/ports.ts';
import { listMember, member } from '../transport/decode/json.decode.ts';
import { askForJson, askServer } from '../transport/ownServer.ts';
import { readDeadline } from '../transport/readDeadline.ts';
import { readPage } from '../transport/readPage.ts';
import { scanStamps, type Stamps } from '../transport/stamps.ts';
import type { Deliver } from '../vendor.ts';
import { narrowToNodes } from './logQl.ts';
import type { LokiSource } from './options.ts';

export type LokiRequest = ReadRequest & { readonly source: LokiSource; readonly connection: ServerConnection };

/** What a server gives at once unless it was set otherwise; it says so if that is less. */
const linesPerPage = 5_000,
  leastLinesPerPage = 100;
/** Keeps the address of a request short. */
const nodesPerQuery = 50;
/** A window is not cut below this. */
const shortestNs = 60_000_000_000n;

interface Window {
  readonly nodes: readonly string[];
  /** Inclusive. */
  readonly fromNs: bigint;
  /** Exclusive. */
  readonly toNs: bigint;
}

interface Reading {
  readonly deps: Outside;
  readonly request: LokiRequest;
  readonly deliver: Deliver;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  readonly queries: QueryRecord[];
  linesPerPage: number;
  /** Moments that have at least as many lines as a page, and how many of them came. */
  readonly cut: { readonly moment: Window; readonly lines: number }[];
}

/**
 * All lines of the nodes in [fromMs, toMs). Lines at the end of a page come again with the next one, under the same
 * ids. Where one node has more lines at the same nanosecond than a page, the summary says `partial`.
 */
export async function readLokiLogs(
  deps: Outside,
  request: LokiRequest,
  deliver: Deliver,
  signal: AbortSignal,
): Promise<Result<ReadSummary>> {
  const { nodes, fromMs, toMs } = request;
  const deadlineMs = readDeadline(request, deps.clock.now());
  const reading: Reading = { deps, request, deliver, deadlineMs, signal, queries: [], linesPerPage, cut: [] };
  const time = { fromNs: toNs(Math.floor(fromMs)), toNs: toNs(Math.ceil(toMs)) };
  const atOnce = isByPattern(request) ? nodes.length : nodesPerQuery;
  for (let at = 0; at < nodes.length && fromMs < toMs; at += atOnce) {
    const read = await readWindow(reading, { ...time, nodes: nodes.slice(at, at + atOnce) });
    if (!read.ok) return read;
  }
  const { queries, cut } = reading;
  if (cut.length === 0) return succeed({ queries });
  const rows = queries.reduce((sum, query) => sum + query.rows, 0);
  let total = rows;
  for (const { moment, lines } of cut) {
    const counted = await countLines(reading, moment);
    // Where it cannot be counted, something may be missing.
    total += counted.ok ? Math.max(0, counted.value - lines) : 1;
  }
  return succeed({ queries, ...(total > rows && { partial: { read: rows, total } }) });
}

export function describeLokiLogs({ source, nodes }: LokiRequest): readonly string[] {
  return nodes.length === 0 ? [] : [narrowToNodes(source, nodes.slice(0, nodesPerQuery))];
}

/** Then every query gives the lines of all nodes. */
function isByPattern({ source }: LokiRequest): boolean {
  return source.options.nodePattern !== undefined;
}

function toNs(ms: number): bigint {
  return BigInt(ms) * 1_000_000n;
}

async function readWindow(reading: Reading, window: Window): Promise<Result<void>> {
  const { nodes } = window;
  for (let { fromNs } = window; fromNs < window.toNs;) {
    const rest = { ...window, fromNs };
    const asked = reading.linesPerPage;
    const page = await askPage(reading, rest);
    if (!page.ok) {
      const smaller = smallerPage(page.failure, asked);
      if (smaller === undefined) return isTooLong(page.failure, rest) ? readHalves(reading, rest) : page;
      reading.linesPerPage = smaller;
      continue;
    }
    if (page.value.lines < asked) return succeed(undefined);
    if (page.value.newestNs > fromNs) {
      fromNs = page.value.newestNs;
      continue;
    }
    // As many lines at one moment as a page holds: nothing tells those that came from those that did not.
    if (nodes.length > 1 && !isByPattern(reading.request)) return readByNodes(reading, rest);
    reading.cut.push({ moment: { ...rest, toNs: fromNs + 1n }, lines: page.value.lines });
    fromNs += 1n;
  }
  return succeed(undefined);
}

async function readByNodes(reading: Reading, window: Window): Promise<Result<void>> {
  const half = Math.ceil(window.nodes.length / 2);
  for (const nodes of [window.nodes.slice(0, half), window.nodes.slice(half)]) {
    const read = await readWindow(reading, { ...window, nodes });
    if (!read.ok) return read;
  }
  return succeed(undefined);
}

async function readHalves(reading: Reading, { nodes, fromNs, toNs: endNs }: Window): Promise<Result<void>> {
  const middleNs = (fromNs + endNs) / 2n;
  const first = await readWindow(reading, { nodes, fromNs, toNs: middleNs });
  return first.ok ? readWindow(reading, { nodes, fromNs: middleNs, toNs: endNs }) : first;
}

/** The server says how many lines it gives; of its messages that are too large it says only that. */
function smallerPage({ message, cause = '' }: Failure, lines: number): number | undefined {
  const allowed = Number(/max_entries_limit \(\d+ > (\d+)\)/.exec(cause)?.[1] ?? NaN);
  if (allowed > 0 && allowed < lines) return allowed;
  const isTooLarge = /larger than max/.test(cause) || /bytes allowed/.test(message);
  return isTooLarge && lines > leastLinesPerPage ? Math.ceil(lines / 2) : undefined;
}

function isTooLong({ cause = '' }: Failure, { fromNs, toNs: endNs }: Window): boolean {
  return /query time range exceeds the limit/.test(cause) && endNs - fromNs > shortestNs;
}

async function askPage(reading: Reading, { nodes, fromNs, toNs: endNs }: Window): Promise<Result<Stamps>> {
  const { deps, request, deliver, deadlineMs, signal } = reading;
  const source = request.source.name,
    what = whatOf(request),
    query = narrowToNodes(request.source, nodes);
  const parameters = {
    query,
    start: String(fromNs),
    end: String(endNs),
    limit: String(reading.linesPerPage),
    direction: 'forward',
  };
  const path = '/loki/api/v1/query_range';
  const read = await readPage(
    deps.clock,
    { source, text: query, what, deadlineMs },
    async () => {
      const call = { method: 'GET', path, parameters, what, deadlineMs } as const;
      const answer = await askServer(deps, request.connection, call, signal);
      if (!answer.ok) return answer;
      const { bytes } = answer.value;
      return succeed({
        page: { source, decoder: 'lokiStreams', bytes, context: contextOf(request) },
        seen: scanStamps(bytes),
      });
    },
    deliver,
    signal,
  );
  if (!read.ok) return read;
  reading.queries.push(read.value.record);
  return succeed(read.value.seen);
}

function contextOf({ source, nodes }: LokiRequest) {
  const { nodePattern } = source.options;
  return {
    label: source.nodeAttribute,
    nodes: JSON.stringify(nodes),
    ...(nodePattern !== undefined && { nodePattern }),
  };
}

/** A range selector leaves out its begin and has its end: shifted by a nanosecond it is the other way round. */
async function countLines(
  { deps, request, deadlineMs, signal }: Reading,
  { nodes, fromNs, toNs: endNs }: Window,
): Promise<Result<number>> {
  const query = `sum(count_over_time(${narrowToNodes(request.source, nodes)} [${endNs - fromNs}ns]))`;
  const counted = await askForJson(
    deps,
    request.connection,
    {
      method: 'GET',
      path: '/loki/api/v1/query',
      parameters: { query, time: String(endNs - 1n) },
      what: whatOf(request),
      deadlineMs,
    },
    signal,
  );
  if (!counted.ok) return counted;
  const values = listMember(member(counted.value, 'data'), 'result').flatMap(one => listMember(one, 'value')[1] ?? []);
  return succeed(values.reduce<number>((sum, value) => sum + (typeof value === 'string' ? Number(value) : 0), 0));
}

export function whatOf({ source }: Pick<LokiRequest, 'source'>): string {
  return `Loki, "${source.name}"`;
}
