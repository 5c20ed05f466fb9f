// Sumo Logic's metrics queries over what the fleet measured: selectors, quantization and rollup, with the vendor's
// limits.
import type { DemoRequest } from '../servers/httpServer.ts';
import { isRefusal, readBody } from './create.ts';
import type { Refusal } from './create.ts';
import { metadataOf, parseSumoQuery, SumoQueryError } from './query.ts';
import { readTimeRange } from './timeRange.ts';
import type { TimeRange } from './timeRange.ts';
import type { LogRecord, Telemetry, TelemetryEvent } from '../fleet/telemetry.ts';

const mostQueries = 6,
  mostPoints = 300,
  mostSeries = 1_000,
  longestQuery = 3_000;
const rollups = ['Avg', 'Sum', 'Min', 'Max', 'Count', 'None'] as const;
type Rollup = (typeof rollups)[number];

interface MetricsQuery {
  readonly rowId: string;
  readonly query: string;
  readonly quantizationMs: number;
  readonly rollup: Rollup;
}

/** The value that each event measures; undefined if it has none for this metric. */
const measured: Readonly<
  Record<string, { readonly type: string; readonly value: (attributes: TelemetryEvent['attributes']) => unknown }>
> = {
  CPU_Total: { type: 'SystemSample', value: ({ cpuPercent }) => cpuPercent },
  Mem_UsedPercent: { type: 'SystemSample', value: ({ memoryUsedPercent }) => memoryUsedPercent },
  request_duration: { type: 'Transaction', value: ({ duration }) => duration },
  requests: { type: 'Transaction', value: () => 1 },
  request_errors: { type: 'Transaction', value: ({ error }) => (error === true ? 1 : undefined) },
};

/** `incomplete`: half of each query's series, with the vendor's message. */
export function answerMetricsQueries(
  request: DemoRequest,
  telemetry: Telemetry,
  incomplete: boolean,
): { readonly document: unknown } | { readonly refusal: Refusal } {
  const body = readBody(request);
  if (isRefusal(body)) return { refusal: body };
  const queries = readQueries(body['queries']),
    window = readTimeRange(body['timeRange']);
  if (!queries)
    return {
      refusal: [
        400,
        'generic',
        `Give 1 to ${mostQueries} queries, each with a rowId from A to Z, ` +
          `a query of 3 to ${longestQuery} characters, a quantization and a rollup.`,
      ],
    };
  if (!window)
    return { refusal: [400, 'generic', 'Give a BeginBoundedTimeRange between two boundaries in epoch milliseconds.'] };
  const errors: { readonly code: string; readonly message: string }[] = incomplete
    ? [{ code: 'metrics:incomplete_results', message: 'Incomplete results' }]
    : [];
  const queryResult = queries.map(query => {
    try {
      const all = seriesOf(query, telemetry, window);
      if (all.length > mostSeries)
        errors.push({
          code: 'metrics:too_many_series',
          message: `Incomplete results: more than ${mostSeries} time series`,
        });
      const timeSeries = all.slice(0, incomplete ? Math.floor(all.length / 2) : mostSeries);
      return { rowId: query.rowId, timeSeriesList: { timeSeries, unit: '' } };
    } catch (error) {
      if (!(error instanceof SumoQueryError)) throw error;
      errors.push({ code: 'metrics:invalid_query', message: error.message });
      return { rowId: query.rowId, timeSeriesList: { timeSeries: [] } };
    }
  });
  return { document: { queryResult, errors: { id: 'METRX-SUMO0-DEMO1', errors } } };
}

function readQueries(given: unknown): readonly MetricsQuery[] | undefined {
  if (!Array.isArray(given) || given.length === 0 || given.length > mostQueries) return undefined;
  const queries = given.flatMap((row: Readonly<Record<string, unknown>> | null): readonly MetricsQuery[] => {
    const { rowId, query, quantization, rollup } = row ?? {};
    const known = rollups.find(one => one === (rollup ?? 'Avg'));
    const fits =
      typeof rowId === 'string' &&
      /^[A-Z]$/.test(rowId) &&
      typeof query === 'string' &&
      query.length >= 3 &&
      query.length <= longestQuery;
    return fits && known && Number.isInteger(quantization) && (quantization as number) > 0
      ? [{ rowId, query, quantizationMs: quantization as number, rollup: known }]
      : [];
  });
  return queries.length === given.length && new Set(queries.map(({ rowId }) => rowId)).size === queries.length
    ? queries
    : undefined;
}

type Answer = { readonly document: unknown } | { readonly refusal: Refusal };

/**
 * In the format of the older API, which clients still use: `{query: [{rowId, query}], startTime, endTime,
 * requestedDataPoints, maxDataPoints}`.
 */
export function answerMetricsResults(request: DemoRequest, telemetry: Telemetry): Answer {
  const body = readBody(request);
  if (isRefusal(body)) return { refusal: body };
  const { query, startTime, endTime, desiredQuantizationInSecs } = body,
    window = { fromMs: Number(startTime), toMs: Number(endTime) };
  if (!(window.fromMs < window.toMs))
    return { refusal: [400, 'generic', 'Give a startTime before an endTime, in epoch milliseconds.'] };
  const quantizationSec = quantizationOf(body, window);
  const queries = readQueries(
    Array.isArray(query)
      ? query.map((row: object | null) => ({ ...row, quantization: quantizationSec * 1000 }))
      : undefined,
  );
  if (!queries) return { refusal: refusedQueries };
  const queryInfo = {
    startTime,
    endTime,
    desiredQuantizationInSecs: {
      empty: desiredQuantizationInSecs === undefined,
      defined: desiredQuantizationInSecs !== undefined,
    },
    actualQuantizationInSecs: quantizationSec,
    sessionIdStr: '',
  };
  try {
    const response = queries.map(one => ({
      rowId: one.rowId,
      results: seriesOf(one, telemetry, window).slice(0, mostSeries).map(olderForm),
    }));
    return { document: { response, queryInfo, ...noError } };
  } catch (error) {
    if (!(error instanceof SumoQueryError)) throw error;
    return {
      document: {
        response: [],
        error: true,
        errorMessage: error.message,
        errorInstanceId: null,
        errorKey: 'metrics:invalid_query',
        keyedErrors: [],
      },
    };
  }
}

const noError = { error: false, errorMessage: null, errorInstanceId: null, errorKey: null, keyedErrors: [] };
const refusedQueries: Refusal = [
  400,
  'generic',
  `Give 1 to ${mostQueries} queries, each with a rowId from A to Z and a query of 3 to ${longestQuery} characters.`,
];

/** Seconds for a point: as wished, but no finer than the number of points allows. */
function quantizationOf(
  { requestedDataPoints = 600, desiredQuantizationInSecs }: Readonly<Record<string, unknown>>,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): number {
  const points = Math.min(mostPoints, Math.max(1, Number(requestedDataPoints) || 1)),
    fitting = Math.max(1, Math.ceil((toMs - fromMs) / 1000 / points));
  return Math.max(fitting, Math.ceil(Number(desiredQuantizationInSecs ?? 0)) || 0);
}

function olderForm({ metricDefinition: { dimensions }, points: { timestamps, values } }: Series): unknown {
  const sum = values.reduce((total, value) => total + value, 0);
  return {
    metric: { dimensions: Object.entries(dimensions).map(([key, value]) => ({ key, value, legend: true })), algoId: 1 },
    horAggs: {
      min: Math.min(...values),
      max: Math.max(...values),
      avg: sum / values.length,
      sum,
      count: values.length,
      latest: values.at(-1),
    },
    datapoints: {
      timestamp: timestamps,
      value: values,
      outlierParams: [],
      max: [],
      min: [],
      avg: [],
      count: [],
      isFilled: values.map(() => false),
    },
  };
}

interface Series {
  readonly metricDefinition: { readonly metric: string; readonly dimensions: Readonly<Record<string, string>> };
  readonly points: { readonly timestamps: readonly number[]; readonly values: readonly number[] };
}

/** One series for each metric and node of the selector; at most the vendor's number of points, the latest ones. */
function seriesOf(
  { query, quantizationMs, rollup }: MetricsQuery,
  telemetry: Telemetry,
  { fromMs, toMs }: TimeRange,
): readonly Series[] {
  const parsed = parseSumoQuery(query, (record, field) =>
    field === 'metric' ? record.text : metadataOf(record, field),
  );
  if (parsed.count || parsed.timesliceMs !== undefined)
    throw new SumoQueryError('Parse error: this operator is not one of metrics queries');
  return Object.entries(measured).flatMap(([metric, { type, value }]) => {
    const byNode = new Map<string, { readonly record: LogRecord; readonly values: Map<number, number[]> }>();
    for (const event of telemetry.events(type, fromMs, toMs)) {
      const record = recordOf(metric, event),
        measure = value(event.attributes);
      if (typeof measure !== 'number' || !parsed.matches(record)) continue;
      const { values } = byNode.get(record.node) ?? { values: new Map<number, number[]>() };
      byNode.set(record.node, { record, values });
      const atMs = rollup === 'None' ? event.atMs : Math.floor(event.atMs / quantizationMs) * quantizationMs;
      values.set(atMs, [...(values.get(atMs) ?? []), measure]);
    }
    return [...byNode.values()].map(({ record, values }) => {
      const points = [...values].sort(([one], [other]) => one - other).slice(-mostPoints);
      return {
        metricDefinition: {
          metric,
          dimensions: { metric, _sourceHost: record.node, _sourceCategory: record.category, _collector: 'storefront' },
        },
        points: { timestamps: points.map(([atMs]) => atMs), values: points.map(([, held]) => rollUp(rollup, held)) },
      };
    });
  });
}

function recordOf(metric: string, { atMs, attributes }: TelemetryEvent): LogRecord {
  const environment = String(attributes['environment'] ?? 'production');
  return {
    id: 0,
    atMs,
    node: String(attributes['host'] ?? attributes['hostname']),
    category: `${environment === 'production' ? 'prod' : environment}/storefront`,
    text: metric,
  };
}

function rollUp(rollup: Rollup, values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  switch (rollup) {
    case 'Avg':
    case 'None':
      return sum / values.length;
    case 'Sum':
      return sum;
    case 'Min':
      return Math.min(...values);
    case 'Max':
      return Math.max(...values);
    case 'Count':
      return values.length;
    default:
      return rollup satisfies never;
  }
}
