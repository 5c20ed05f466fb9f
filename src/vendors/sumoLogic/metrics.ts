// Reads metrics from Sumo Logic: up to six metrics queries in one call, windows cut to the points that one gives,
// delivered as the bytes that came.
import type { EvidencePage, ReadSummary } from '../../model/evidence/analysis.ts';
import { succeed } from '../../model/failure.ts';
import type { Result } from '../../model/failure.ts';
import { sideAttribute } from '../../model/healthSource.ts';
import type { Outside } from '../../model/outside.ts';
import type { ReadRequest } from '../../model/ports.ts';
import type { QueryRecord } from '../../model/evidence/verdict.ts';
import { leadOf } from '../transport/decode/counters.decode.ts';
import { withRetry } from '../transport/httpRetry.ts';
import type { Attempt } from '../transport/httpRetry.ts';
import { readDeadline } from '../transport/readDeadline.ts';
import { createSumoClient } from './client.ts';
import type { CallSumo } from './client.ts';
import type { SumoRow } from './metrics.decode.ts';
import type { Rollup, SumoConnection, SumoMetric, SumoMetricsSource } from './options.ts';
import { narrowToNodes } from './query.ts';
import { writeTimeRange } from './timeRange.ts';

export type SumoMetricsRequest = ReadRequest & {
  readonly source: SumoMetricsSource;
  readonly connection: SumoConnection;
};

export interface SumoMetrics {
  /**
   * One value per metric, node and whole interval of [fromMs, toMs); an answer that is damaged or incomplete is asked
   * for again.
   */
  read(
    request: SumoMetricsRequest,
    deliver: (page: EvidencePage) => Promise<Result<{ rows: number }>>,
    signal: AbortSignal,
  ): Promise<Result<ReadSummary>>;
  describe(request: SumoMetricsRequest): readonly string[];
}

/** What one call takes and gives. */
const queriesPerCall = 6,
  pointsPerSeries = 300,
  longestQuery = 3_000;
/** A query gives at most 1,000 series, and a node may have several. */
const nodesPerQuery = 100;
const answerBytes = 64 * 1024 * 1024;
const rollups: Readonly<Record<Rollup, string>> = { avg: 'Avg', sum: 'Sum', min: 'Min', max: 'Max', count: 'Count' };

export function createSumoMetrics(deps: Outside): SumoMetrics {
  const call = createSumoClient(deps);
  return {
    async read(request, deliver, signal) {
      const deadlineMs = readDeadline(request, deps.clock.now());
      const queries: QueryRecord[] = [];
      for (const asked of writeCalls(request)) {
        const read = await readCall({ call, deps, request, deliver, deadlineMs, signal }, asked);
        if (!read.ok) return read;
        queries.push(read.value);
      }
      return succeed({ queries });
    },
    describe: request => [...new Set(writeCalls(request).flatMap(({ queries }) => queries.map(({ query }) => query)))],
  };
}

interface MetricsCall {
  readonly queries: readonly { readonly rowId: string; readonly query: string; readonly rollup: Rollup }[];
  readonly rows: readonly SumoRow[];
  readonly nodes: readonly string[];
  /** Multiples of the interval, as in every call for the same buckets. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly intervalMs: number;
}

/** Only intervals that have ended by `toMs` are asked for: one half over would look like a drop. */
export function writeCalls({ source, nodes, ...window }: SumoMetricsRequest): readonly MetricsCall[] {
  const intervalMs = Math.max(1, Math.ceil(window.intervalMs / 1000)) * 1000;
  const fromMs = Math.floor(window.fromMs / intervalMs) * intervalMs,
    toMs = Math.floor(window.toMs / intervalMs) * intervalMs;
  const { metrics } = source;
  const calls: MetricsCall[] = [];
  for (const group of groupNodes(source, metrics, nodes)) {
    const batches = batchMetrics(source, metrics, group);
    const leadMs = metrics.some(isCounter) ? Math.min(leadOf(intervalMs), fromMs) : 0,
      longestMs = pointsPerSeries * intervalMs - leadMs;
    for (let start = fromMs; start < toMs; start += longestMs) {
      calls.push(
        ...batches.map(batch => ({
          ...batch,
          nodes: group,
          fromMs: start - leadMs,
          toMs: Math.min(toMs, start + longestMs),
          intervalMs,
        })),
      );
    }
  }
  return calls;
}

/** As many nodes at once as the longest query has room for. */
function groupNodes(
  source: SumoMetricsSource,
  metrics: readonly SumoMetric[],
  nodes: readonly string[],
): readonly (readonly string[])[] {
  // While it is not known which versions run, metrics name versions, whichever there are.
  if (nodes.length === 0 && source.versionAttribute !== undefined) return [[]];
  const groups: string[][] = [];
  for (const node of nodes) {
    const last = groups.at(-1);
    const fits =
      last &&
      last.length < nodesPerQuery &&
      metrics.every(metric => writeQuery(source, metric, [...last, node]).length <= longestQuery);
    if (fits) last.push(node);
    else groups.push([node]);
  }
  return groups;
}

function writeQuery(source: SumoMetricsSource, metric: SumoMetric, nodes: readonly string[]): string {
  return narrowToNodes(metric.options.query, sideAttribute(source, metric), nodes);
}

/** The buckets of a histogram are counters too. */
function isCounter({ isCumulative, histogram }: SumoMetric): boolean {
  return isCumulative === true || histogram !== undefined;
}

/** A share stands in one call with the count that it is a share of. */
function batchMetrics(
  source: SumoMetricsSource,
  metrics: readonly SumoMetric[],
  nodes: readonly string[],
): readonly Pick<MetricsCall, 'queries' | 'rows'>[] {
  const batches: SumoMetric[][] = [];
  const withWhole = (metric: SumoMetric): readonly SumoMetric[] => [
    metric,
    ...metrics.filter(({ name }) => name === metric.denominator),
  ];
  for (const metric of metrics) {
    const last = batches.at(-1);
    if (last && new Set([...last, metric].flatMap(withWhole)).size <= queriesPerCall) last.push(metric);
    else batches.push([metric]);
  }
  return batches.map(batch => {
    const asked = [...new Set(batch.flatMap(withWhole))];
    const placeOf = (metric: SumoMetric) => ({
      rowId: String.fromCharCode(65 + asked.indexOf(metric)),
      nodeAttribute: sideAttribute(source, metric),
    });
    return {
      queries: asked.map(metric => ({
        rowId: placeOf(metric).rowId,
        query: writeQuery(source, metric, nodes),
        rollup: metric.options.rollup,
      })),
      rows: batch.map(metric => {
        const whole = asked.find(({ name }) => name === metric.denominator);
        return {
          metric: metric.name,
          rollup: metric.options.rollup,
          ...placeOf(metric),
          ...(isCounter(metric)
            ? { isCumulative: true, ...(metric.histogram && { bounds: metric.histogram.bounds }) }
            : whole && { presence: placeOf(whole) }),
        };
      }),
    };
  });
}

interface Conversation {
  readonly call: CallSumo;
  readonly deps: Outside;
  readonly request: SumoMetricsRequest;
  readonly deliver: (page: EvidencePage) => Promise<Result<{ rows: number }>>;
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

async function readCall(
  { call, deps: { clock }, request, deliver, deadlineMs, signal }: Conversation,
  asked: MetricsCall,
): Promise<Result<QueryRecord>> {
  const { source, connection } = request,
    { fromMs, toMs, intervalMs } = asked;
  const what = `Sumo Logic, metrics of "${source.name}"`,
    text = asked.queries.map(({ query }) => query).join('\n'),
    startedAtMs = clock.now();
  const body = {
    queries: asked.queries.map(({ rowId, query, rollup }) => ({
      rowId,
      query,
      quantization: intervalMs,
      rollup: rollups[rollup],
    })),
    timeRange: writeTimeRange(fromMs, toMs),
  };
  return withRetry(clock, { deadlineMs, signal }, async (): Promise<Attempt<QueryRecord>> => {
    const answer = await call(
      connection,
      { method: 'POST', path: '/metricsQueries', body, cookies: new Map(), what, deadlineMs, maxBytes: answerBytes },
      signal,
    );
    if (!answer.ok) return { result: answer };
    // Bytes that were handed over are gone.
    const { bytes } = answer.value,
      size = bytes.length;
    const taken = await deliver({
      source: source.name,
      decoder: 'sumoMetrics',
      bytes,
      context: { metrics: JSON.stringify(asked.rows), nodes: JSON.stringify(asked.nodes), fromMs, toMs, intervalMs },
    });
    if (taken.ok)
      return {
        result: succeed({
          source: source.name,
          text,
          atMs: startedAtMs,
          durationMs: clock.now() - startedAtMs,
          bytes: size,
          rows: taken.value.rows,
        }),
      };
    const { kind, message, hint } = taken.failure;
    const failure = {
      ...taken.failure,
      message: `${what}: ${message}`,
      ...(kind === 'invalid' && { hint: `${hint === undefined ? '' : `${hint} `}The query was: ${text}` }),
    };
    return { result: { ok: false, failure }, ...(passing.has(kind) && { again: {} }) };
  });
}

const passing: ReadonlySet<string> = new Set(['bad-answer', 'rate-limited', 'timeout', 'unreachable']);
