// Reads log lines from New Relic: counts them first, reads windows that fit into one answer, and cuts those that do
// not.
import type { ReadSummary } from '../../model/evidence/analysis.ts';
import { succeed } from '../../model/failure.ts';
import type { Result } from '../../model/failure.ts';
import type { Outside } from '../../model/outside.ts';
import type { ReadRequest } from '../../model/ports.ts';
import type { QueryRecord } from '../../model/evidence/verdict.ts';
import { listMember, member, numberMember, parseJson } from '../transport/decode/json.decode.ts';
import type { Deliver } from '../vendor.ts';
import { newRelicLimits, type NewRelicConnection, type NewRelicLogsSource } from './options.ts';
import { readNrql } from './query.ts';
import { writeCountQuery, writeLinesQuery } from './nrql/nrqlLogs.ts';
import type { LogWindow } from './nrql/nrqlLogs.ts';
import { readDeadline } from '../transport/readDeadline.ts';

export type NewRelicLogsRequest = ReadRequest & {
  readonly source: NewRelicLogsSource;
  readonly connection: NewRelicConnection;
};

/** How many windows are read at once: what the vendor advises for queries that work hard. */
const atOnce = 5;
/** Windows are planned to fill so much of one answer, since lines arrive in between. */
const fill = 0.7;
/** A window shorter than this is cut by its nodes. */
const shortestMs = 1_000;

interface Planned extends LogWindow {
  /** As counted. */
  readonly lines: number;
}

interface Reading {
  readonly deps: Outside;
  readonly request: NewRelicLogsRequest;
  readonly deliver: Deliver;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
  readonly queries: QueryRecord[];
}

/**
 * All lines of the nodes in [fromMs, toMs). A window of one node that cannot be cut further gives its newest lines, and
 * the summary says `partial`.
 */
export async function readNewRelicLogs(
  deps: Outside,
  request: NewRelicLogsRequest,
  deliver: Deliver,
  signal: AbortSignal,
): Promise<Result<ReadSummary>> {
  const reading: Reading = {
    deps,
    request,
    deliver,
    deadlineMs: readDeadline(request, deps.clock.now()),
    signal,
    queries: [],
  };
  const { nodes } = request,
    fromMs = Math.floor(request.fromMs / 1000) * 1000,
    { toMs } = request;
  if (nodes.length === 0 || fromMs >= toMs) return succeed({ queries: [] });
  const planned = await planWindows(reading, { fromMs, toMs, nodes });
  if (!planned.ok) return planned;
  const waiting = planned.value.toReversed();
  let read = 0,
    total = 0;
  const work = async (): Promise<Result<void>> => {
    for (let window = waiting.pop(); window; window = waiting.pop()) {
      const rows = await readWindow(reading, window);
      if (!rows.ok) return rows;
      const halves = rows.value < window.lines ? cut(window) : [];
      if (halves.length > 0) {
        const counted = await planAll(reading, halves);
        if (!counted.ok) return counted;
        waiting.push(...counted.value);
      } else {
        read += rows.value;
        total += Math.max(rows.value, window.lines);
      }
    }
    return succeed(undefined);
  };
  const done = await Promise.all(Array.from({ length: atOnce }, work));
  const failed = done.find(one => !one.ok);
  return failed ?? succeed({ queries: reading.queries, ...(read < total && { partial: { read, total } }) });
}

export function describeNewRelicLogs({ source, fromMs, toMs, nodes }: NewRelicLogsRequest): readonly string[] {
  return [writeCountQuery(source, { fromMs, toMs, nodes }).nrql, writeLinesQuery(source, { fromMs, toMs, nodes })];
}

async function planAll(reading: Reading, windows: readonly LogWindow[]): Promise<Result<readonly Planned[]>> {
  const planned: Planned[] = [];
  for (const window of windows) {
    const some = await planWindows(reading, window);
    if (!some.ok) return some;
    planned.push(...some.value);
  }
  return succeed(planned);
}

/** Neighbouring buckets together as long as they fit; none for the time in which nothing was said. */
async function planWindows(reading: Reading, window: LogWindow): Promise<Result<readonly Planned[]>> {
  const { rows } = reading.request.connection.options.limits ?? newRelicLimits;
  const counted = await countLines(reading, window);
  if (!counted.ok) return counted;
  const planned: Planned[] = [];
  let open: Planned | undefined;
  for (const bucket of counted.value) {
    const joined: Planned | undefined =
      open && open.lines + bucket.lines <= rows * fill
        ? { ...open, toMs: bucket.toMs, lines: open.lines + bucket.lines }
        : undefined;
    if (!joined && open) planned.push(open);
    open = joined ?? bucket;
  }
  if (open) planned.push(open);
  return succeed(planned.filter(({ lines }) => lines > 0));
}

async function countLines(reading: Reading, window: LogWindow): Promise<Result<readonly Planned[]>> {
  const { nrql, bucketMs } = writeCountQuery(reading.request.source, window);
  const asked = await ask(reading, nrql, bytes => {
    const parsed = parseJson(bytes, 'New Relic');
    if (!parsed.ok) return Promise.resolve(parsed);
    const results = listMember(
      member(member(member(member(parsed.value, 'data'), 'actor'), 'account'), 'lines'),
      'results',
    );
    return Promise.resolve(
      succeed({ rows: results.length, buckets: results.flatMap(row => bucketOf(row, window, bucketMs)) }),
    );
  });
  return asked.ok ? succeed(asked.value.buckets) : asked;
}

function bucketOf(row: unknown, window: LogWindow, bucketMs: number): readonly Planned[] {
  const lines = numberMember(row, 'lines'),
    beginSeconds = numberMember(row, 'beginTimeSeconds');
  if (lines === undefined) return [];
  if (beginSeconds === undefined) return [{ ...window, lines }];
  const fromMs = Math.max(window.fromMs, beginSeconds * 1000),
    toMs = Math.min(window.toMs, beginSeconds * 1000 + bucketMs);
  return fromMs < toMs ? [{ ...window, fromMs, toMs, lines }] : [];
}

async function readWindow(reading: Reading, window: LogWindow): Promise<Result<number>> {
  const { source } = reading.request;
  const context = {
    nodeAttribute: source.nodeAttribute,
    messageAttribute: source.options.messageAttribute ?? 'message',
  };
  const asked = await ask(reading, writeLinesQuery(source, window), bytes =>
    reading.deliver({ source: source.name, decoder: 'newRelicLogs', bytes, context }),
  );
  return asked.ok ? succeed(asked.value.rows) : asked;
}

function cut({ fromMs, toMs, nodes }: LogWindow): readonly LogWindow[] {
  if (toMs - fromMs >= 2 * shortestMs) {
    const middleMs = Math.floor((fromMs + toMs) / 2 / 1000) * 1000;
    return [
      { fromMs, toMs: middleMs, nodes },
      { fromMs: middleMs, toMs, nodes },
    ];
  }
  const half = Math.ceil(nodes.length / 2);
  return nodes.length < 2
    ? []
    : [
        { fromMs, toMs, nodes: nodes.slice(0, half) },
        { fromMs, toMs, nodes: nodes.slice(half) },
      ];
}

async function ask<T extends { readonly rows: number }>(
  reading: Reading,
  nrql: string,
  take: (bytes: Uint8Array<ArrayBuffer>) => Promise<Result<T>>,
): Promise<Result<T>> {
  const {
    deps,
    request: { source, connection },
    deadlineMs,
    signal,
  } = reading;
  const read = await readNrql(
    deps,
    source.name,
    { connection, queries: { lines: nrql }, what: `New Relic, "${source.name}"`, deadlineMs },
    take,
    signal,
  );
  if (!read.ok) return read;
  reading.queries.push(read.value.record);
  return succeed(read.value.taken);
}
