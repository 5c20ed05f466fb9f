// From single values of metrics to one value for each metric, node and interval.
import type { MetricPoint } from '../../../model/evidence/evidence.ts';
import type { MetricQuery } from '../../../model/healthSource.ts';
import { compileSelector } from '../../../model/file/seriesSelector.ts';
import { increasesOf, leadOf } from '../decode/counters.decode.ts';
import type { Sample } from './samples.decode.ts';

/** How several values of an interval, and several series of one node, become one. */
export type Rollup = 'avg' | 'sum' | 'min' | 'max';

/** A metric of a pipeline that is made of single values. */
export type SampleMetric = MetricQuery & {
  readonly options: {
    /** As `model/file/seriesSelector.ts` reads it. */
    readonly series: string;
    /** Absent: `avg`, and `sum` for what is counted. */
    readonly rollup?: Rollup;
  };
};

/** A metric of a page, as its context says it in JSON. */
export interface WantedMetric {
  readonly name: string;
  readonly series: string;
  /** `counter`: its values say where a counter stands. */
  readonly kind: 'gauge' | 'count' | 'counter' | 'histogram';
  readonly rollup: Rollup;
  /** Of a histogram, whose series are the counters of its buckets, with the label `le`. */
  readonly bounds?: readonly number[];
  /** Name of the count that this one is a share of: where it has a value, "none" is zero. */
  readonly per?: string;
}

export function wantedMetrics(metrics: readonly SampleMetric[]): readonly WantedMetric[] {
  return metrics.map(({ name, kind, isCumulative, histogram, denominator, options: { series, rollup } }) => ({
    name,
    series,
    rollup: rollup ?? (kind === 'count' ? 'sum' : 'avg'),
    kind: histogram ? 'histogram' : isCumulative ? 'counter' : kind,
    ...(histogram && { bounds: histogram.bounds }),
    ...(denominator !== undefined && { per: denominator }),
  }));
}

export interface DatedSample extends Sample {
  readonly atMs: number;
  readonly node: string;
  /** It says no time of its own: a count of this kind is where a counter stands when it is read. */
  readonly isStanding?: boolean;
}

export interface PointWindow {
  readonly fromMs: number;
  readonly toMs: number;
  readonly intervalMs: number;
}

/**
 * An interval without a value has no point, which is no zero. The first interval may have been read only in part, and
 * is there to count from.
 */
export function pointsOfSamples(
  samples: readonly DatedSample[],
  metrics: readonly WantedMetric[],
  window: PointWindow,
): readonly MetricPoint[] {
  const first = Math.floor(window.fromMs / window.intervalMs),
    length = Math.max(0, Math.ceil(window.toMs / window.intervalMs) - first);
  const grid: Grid = { first, length, intervalMs: window.intervalMs };
  const byNode = Map.groupBy(samples, ({ node }) => node);
  return [...byNode].flatMap(([node, own]) => {
    const standing = own.filter(({ isStanding }) => isStanding).map(sample => bucketOf(sample, grid));
    const inGrid = standing.filter(k => k >= 0 && k < length);
    const told = { samples: own, told: new Set(inGrid), grid };
    const values = new Map(metrics.map(metric => [metric.name, valuesOf(told, metric)]));
    return metrics.flatMap(({ name, per }) => {
      const presence = per === undefined ? undefined : values.get(per)?.[0];
      return values
        .get(name)!
        .flatMap((series, part) => pointsOf({ metric: name, node, part, series, presence }, grid));
    });
  });
}

interface Grid {
  /** Number of the first interval since 1970. */
  readonly first: number;
  readonly length: number;
  readonly intervalMs: number;
}
/** null: it is not known, whatever an earlier reading said. */
type Values = readonly (number | null | undefined)[];

interface Row {
  readonly metric: string;
  readonly node: string;
  /** 0: the whole; k: above the k-th bound of a histogram, counted from 1. */
  readonly part: number;
  readonly series: Values;
  readonly presence: Values | undefined;
}

function pointsOf({ metric, node, part, series, presence }: Row, { first, intervalMs }: Grid): readonly MetricPoint[] {
  return series.flatMap((told, k) => {
    const value = told ?? (typeof presence?.[k] === 'number' ? 0 : told);
    return value === undefined || k === 0
      ? []
      : [{ metric, node, atMs: (first + k) * intervalMs, value, ...(part > 0 && { over: part - 1 }) }];
  });
}

/** What one node told. */
interface OfNode {
  readonly samples: readonly DatedSample[];
  /** Intervals in which everything that it tells was read at once. */
  readonly told: ReadonlySet<number>;
  readonly grid: Grid;
}

/** The values of a metric, and, for a histogram, those above each of its bounds. */
function valuesOf({ samples, ...node }: OfNode, metric: WantedMetric): readonly Values[] {
  const isOfSeries = compileSelector(metric.series);
  const own = { ...node, samples: samples.filter(({ name, labels }) => isOfSeries(name, labels)) };
  const [one] = own.samples;
  if (metric.kind === 'histogram') return histogramOf(own, metric.bounds ?? []);
  if (metric.kind === 'counter' || (metric.kind === 'count' && (one?.isCounter ?? one?.isStanding)))
    return [added(own)];
  // A level that is made of a counter is how fast it grows.
  if (one?.isCounter)
    return [added(own).map(value => (typeof value === 'number' ? (value * 1_000) / node.grid.intervalMs : value))];
  const ofInterval: Rollup = metric.kind === 'count' ? 'sum' : metric.rollup === 'sum' ? 'avg' : metric.rollup;
  const ofSeries = seriesOf(own).map(buckets =>
    buckets.map(bucket => {
      const values = bucket.map(({ value }) => value);
      return rollUp(ofInterval, values);
    }),
  );
  return [combine(ofSeries, metric.rollup)];
}

/** The counters of a node by the bound that they count up to. */
function histogramOf({ samples, ...node }: OfNode, bounds: readonly number[]): readonly Values[] {
  const upTo = (bound: number): Values =>
    added({ ...node, samples: samples.filter(({ labels }) => boundOf(labels.get('le')) === bound) });
  const all = upTo(Infinity);
  return [
    all,
    ...bounds.map(bound => {
      const within = upTo(bound);
      return all.map((total, k) => {
        const inside = within[k];
        return typeof total === 'number' && typeof inside === 'number' ? Math.max(0, total - inside) : total;
      });
    }),
  ];
}

/**
 * What all series of a counter have added. In intervals that a reading should know and does not, it takes back what an
 * earlier one thought to know.
 */
function added(node: OfNode): Values {
  const { intervalMs } = node.grid;
  const lead = leadOf(intervalMs) / intervalMs;
  const sum = combine(
    seriesOf(node).map(buckets => increaseOf(buckets, node)),
    'sum',
  );
  return sum.map((value, k) => value ?? (k < lead ? undefined : null));
}

/**
 * Each series is counted by itself, since each may begin anew. One that a reading of everything did not have yet began
 * at zero. Of the newest interval, which is not over, so much is known as its own readings tell.
 */
function increaseOf(buckets: readonly (readonly DatedSample[])[], { told, grid }: OfNode): (number | undefined)[] {
  const standing = buckets.map(samples => samples.at(-1)?.value);
  const begin = standing.findIndex(value => value !== undefined);
  const before = Math.max(-1, ...[...told].filter(k => k < begin));
  if (before >= 0) standing[before] = 0;
  const increases = increasesOf(standing, grid.intervalMs);
  const newest = buckets.findLastIndex(samples => samples.length > 1);
  if (newest >= 0 && newest === Math.max(...told)) increases[newest] ??= increaseWithin(buckets[newest]!);
  return increases;
}

function increaseWithin(samples: readonly DatedSample[]): number {
  const [first, last] = [samples[0]!.value, samples.at(-1)!.value];
  return last < first ? last : last - first;
}

function boundOf(le: string | undefined): number {
  return le === undefined ? NaN : Number(le.replace(/^\+?inf(?:inity)?$/i, 'Infinity'));
}

/** The samples of each series by interval, in the order of their times. */
function seriesOf({ samples, grid }: OfNode): readonly (readonly (readonly DatedSample[])[])[] {
  const bySeries = Map.groupBy(samples, ({ name, labels }) => JSON.stringify([name, ...[...labels].sort()]));
  return [...bySeries.values()].map(own => {
    const buckets = Array.from({ length: grid.length }, (): DatedSample[] => []);
    for (const sample of own) buckets[bucketOf(sample, grid)]?.push(sample);
    for (const bucket of buckets) bucket.sort((one, other) => one.atMs - other.atMs);
    return buckets;
  });
}

function bucketOf({ atMs }: DatedSample, { first, intervalMs }: Grid): number {
  return Math.floor(atMs / intervalMs) - first;
}

function combine(series: readonly (readonly (number | undefined)[])[], rollup: Rollup): (number | undefined)[] {
  return Array.from({ length: series[0]?.length ?? 0 }, (_, k) =>
    rollUp(
      rollup,
      series.map(values => values[k]).filter(value => value !== undefined),
    ),
  );
}

function rollUp(rollup: Rollup, values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const sum = values.reduce((total, value) => total + value, 0);
  switch (rollup) {
    case 'avg':
      return sum / values.length;
    case 'sum':
      return sum;
    case 'min':
      return values.reduce((least, value) => Math.min(least, value));
    case 'max':
      return values.reduce((most, value) => Math.max(most, value));
    default:
      return rollup satisfies never;
  }
}
