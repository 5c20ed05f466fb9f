// Turns one answer of Sumo Logic's metrics queries into one value per metric, node and interval.
import type { Decode, DecodedPage, EvidencePage } from '../../model/evidence/analysis.ts';
import type { MetricPoint } from '../../model/evidence/evidence.ts';
import { fail, succeed } from '../../model/failure.ts';
import type { Failure, Result } from '../../model/failure.ts';
import type { Rollup } from './options.ts';
import { increasesOf, pointsOfCounter } from '../transport/decode/counters.decode.ts';
import { listMember, member, parseJson, textMember } from '../transport/decode/json.decode.ts';

/** Series that one query gives; what lies beyond is left out without a word. */
const mostSeries = 1_000;

/** One metric of a page. */
export interface SumoRow {
  readonly metric: string;
  readonly rollup: Rollup;
  /** Dimension that bears the node's name, in any case. */
  readonly nodeAttribute: string;
  /** The query's row in the request: A to F. */
  readonly rowId: string;
  /** The count that this one is a share of: where it has a value, the node reported, and "none" is zero. */
  readonly presence?: Pick<SumoRow, 'rowId' | 'nodeAttribute'>;
  /** Each series is a counter that only grows; the node's value is what all of them have added. */
  readonly isCumulative?: boolean;
  /** Of a histogram: each series is the counter of a bucket, its dimension `le` says up to which value. */
  readonly bounds?: readonly number[];
}

/**
 * Context: {metrics: JSON list of SumoRow, nodes: JSON list of names (empty: whichever there are), fromMs, toMs,
 * intervalMs}.
 *
 * Every node gets a value for every interval. One without points is null, which is no zero, save for a share (see
 * `presence`). Several series of one node become one by the metric's rollup. `rows` counts series. An answer with
 * `errors` fails as a whole: incomplete results look like a drop.
 */
export const decodeSumoMetrics: Decode = (bytes, context) => {
  const answer = parseJson(bytes, 'Sumo Logic');
  if (!answer.ok) return answer;
  const failure = findMetricsFailure(answer.value);
  if (failure) return { ok: false, failure };
  // The vendor's documents name it in both ways.
  const results = member(answer.value, 'queryResult') ?? member(answer.value, 'queryResults');
  if (!Array.isArray(results)) return fail('bad-answer', 'Sumo Logic sent an answer without query results.');
  const series = new Map<string, readonly unknown[]>();
  for (const result of results) {
    const list = member(member(result, 'timeSeriesList'), 'timeSeries'),
      rowId = textMember(result, 'rowId');
    if (rowId !== undefined && Array.isArray(list)) series.set(rowId, list);
  }
  return pointsOf(series, context);
};

function pointsOf(
  series: ReadonlyMap<string, readonly unknown[]>,
  context: EvidencePage['context'],
): Result<DecodedPage> {
  const fromMs = Number(context.fromMs),
    toMs = Number(context.toMs),
    intervalMs = Number(context.intervalMs);
  const asked = listOf<string>(context.nodes),
    points: MetricPoint[] = [];
  const valuesOf = ({ rowId, nodeAttribute }: Pick<SumoRow, 'rowId' | 'nodeAttribute'>) =>
    valuesByNode(series.get(rowId) ?? [], nodeAttribute, { fromMs, toMs, intervalMs });
  for (const row of listOf<SumoRow>(context.metrics)) {
    if (!series.has(row.rowId) || (row.presence && !series.has(row.presence.rowId)))
      return fail('bad-answer', `Sumo Logic sent no result for metric "${row.metric}".`);
    if (series.get(row.rowId)!.length >= mostSeries) {
      return fail(
        'invalid',
        `Metric "${row.metric}" has more series than the ${mostSeries.toLocaleString('en')} that Sumo Logic gives.`,
        { hint: `Aggregate them: \`| ${row.rollup} by ${row.nodeAttribute}\`.` },
      );
    }
    const nodes = asked.length > 0 ? asked : namesIn(series.get(row.rowId)!, row.nodeAttribute);
    if (row.isCumulative) {
      for (const node of nodes)
        points.push(...countersOf(series.get(row.rowId)!, row, node, { fromMs, toMs, intervalMs }));
      continue;
    }
    const measured = valuesOf(row),
      present = row.presence && valuesOf(row.presence);
    for (const node of nodes) {
      for (let atMs = fromMs; intervalMs > 0 && atMs < toMs; atMs += intervalMs) {
        const value =
          rollUp(row.rollup, measured.get(node)?.get(atMs) ?? []) ?? (present?.get(node)?.has(atMs) ? 0 : null);
        points.push({ metric: row.metric, node, atMs, value });
      }
    }
  }
  return succeed({ rows: [...series.values()].reduce((sum, list) => sum + list.length, 0), points });
}

function namesIn(series: readonly unknown[], attribute: string): readonly string[] {
  return [...new Set(series.flatMap(one => dimensionOf(one, attribute) ?? []))];
}

interface Window {
  readonly fromMs: number;
  readonly toMs: number;
  readonly intervalMs: number;
}

/** The values of all its series, by the start of the interval. */
function valuesByNode(
  series: readonly unknown[],
  nodeAttribute: string,
  { fromMs, toMs, intervalMs }: Window,
): ReadonlyMap<string, ReadonlyMap<number, readonly number[]>> {
  const byNode = new Map<string, Map<number, number[]>>();
  for (const one of series) {
    const node = dimensionOf(one, nodeAttribute),
      points = member(one, 'points');
    if (node === undefined) continue;
    const values = listMember(points, 'values');
    const intervals = byNode.get(node) ?? new Map<number, number[]>();
    byNode.set(node, intervals);
    for (const [index, at] of listMember(points, 'timestamps').entries()) {
      const value = values[index];
      if (
        typeof at !== 'number' ||
        typeof value !== 'number' ||
        !Number.isFinite(value) ||
        !(at >= fromMs && at < toMs)
      )
        continue;
      const atMs = fromMs + Math.floor((at - fromMs) / intervalMs) * intervalMs;
      const held = intervals.get(atMs);
      if (held) held.push(value);
      else intervals.set(atMs, [value]);
    }
  }
  return byNode;
}

function countersOf(series: readonly unknown[], row: SumoRow, node: string, window: Window): readonly MetricPoint[] {
  const to = { metric: row.metric, node, fromMs: window.fromMs, intervalMs: window.intervalMs };
  const { bounds } = row;
  if (!bounds) return pointsOfCounter(to, addCounters(series, row, node, window));
  const upTo = (bound: number): (number | undefined)[] =>
    addCounters(
      series.filter(one => Number(dimensionOf(one, 'le')?.replace(/^\+?inf(?:inity)?$/i, 'Infinity') ?? NaN) === bound),
      row,
      node,
      window,
    );
  const all = upTo(Infinity);
  return [
    ...pointsOfCounter(to, all),
    ...bounds.flatMap((bound, over) => {
      const within = upTo(bound);
      return pointsOfCounter(
        to,
        all.map((total, k) =>
          total === undefined || within[k] === undefined ? undefined : Math.max(0, total - within[k]),
        ),
      ).map(point => ({ ...point, over }));
    }),
  ];
}

/**
 * Each series is counted by itself: where one of several processes begins anew, the sum of their counters only looks as
 * if all did.
 */
function addCounters(
  series: readonly unknown[],
  { nodeAttribute, rollup }: SumoRow,
  node: string,
  window: Window,
): (number | undefined)[] {
  const { fromMs, toMs, intervalMs } = window,
    length = Math.max(0, Math.round((toMs - fromMs) / intervalMs));
  const counted = series
    .filter(one => dimensionOf(one, nodeAttribute) === node)
    .map(one => {
      const values = valuesByNode([one], nodeAttribute, window).get(node);
      return increasesOf(
        Array.from({ length }, (_, k) => rollUp(rollup, values?.get(fromMs + k * intervalMs) ?? [])),
        intervalMs,
      );
    });
  return Array.from({ length }, (_, k) => {
    const known = counted.map(increases => increases[k]).filter(value => value !== undefined);
    return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0);
  });
}

function dimensionOf(series: unknown, attribute: string): string | undefined {
  const dimensions = member(member(series, 'metricDefinition'), 'dimensions');
  if (typeof dimensions !== 'object' || dimensions === null) return undefined;
  const wanted = attribute.toLowerCase();
  const value: unknown = Object.entries(dimensions).find(([name]) => name.toLowerCase() === wanted)?.[1];
  return typeof value === 'string' ? value : undefined;
}

function rollUp(rollup: Rollup, values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const sum = values.reduce((total, value) => total + value, 0);
  switch (rollup) {
    case 'avg':
      return sum / values.length;
    // What came has been counted already.
    case 'sum':
    case 'count':
      return sum;
    case 'min':
      return values.reduce((least, value) => Math.min(least, value));
    case 'max':
      return values.reduce((most, value) => Math.max(most, value));
    default:
      return rollup satisfies never;
  }
}

/**
 * Sumo Logic says with HTTP 200 that queries failed or are incomplete: the codes are not published, so what is passing
 * is told by their words.
 */
function findMetricsFailure(answer: unknown): Failure | undefined {
  const stated = member(answer, 'errors');
  const errors = Array.isArray(stated) ? stated : listMember(stated, 'errors');
  if (errors.length === 0) return undefined;
  const text = errors
    .map(error =>
      [textMember(error, 'code'), textMember(error, 'message'), textMember(error, 'detail')].filter(Boolean).join(' '),
    )
    .join('; ')
    .slice(0, 2_000);
  return { ...classify(text), cause: text };
}

function classify(text: string): Failure {
  if (/rate.?limit|throttl|too many requests/i.test(text))
    return fail('rate-limited', 'Sumo Logic is asked too often.').failure;
  if (/time.?out|timed out/i.test(text)) return fail('timeout', 'Sumo Logic ran out of time for the query.').failure;
  if (/incomplete|internal|unavailable/i.test(text))
    return fail('unreachable', 'Sumo Logic gave incomplete results.').failure;
  return fail('invalid', 'Sumo Logic refused the query.').failure;
}

function listOf<T>(json: string | number | undefined): readonly T[] {
  const parsed = parseJson(String(json), 'Sumo Logic');
  return parsed.ok && Array.isArray(parsed.value) ? (parsed.value as readonly T[]) : [];
}
