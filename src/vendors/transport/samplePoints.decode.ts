// From single values of metrics to one value for each metric, node and interval.
import type { MetricPoint } from '../../model/evidence/evidence.ts';
import type { MetricQuery } from '../../model/pipeline.ts';
import { compileSelector } from '../../model/seriesSelector.ts';
import { increasesOf } from './counters.decode.ts';
import type { Sample } from './samples.decode.ts';

/** How several values of an interval, and several series of one node, become one. */
export type Rollup = 'avg' | 'sum' | 'min' | 'max';

/** A metric of a pipeline that is made of single values. */
export type SampleMetric = MetricQuery & {
  readonly options: {
    /** As `model/seriesSelector.ts` reads it. */
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
    ...{ name, series, rollup: rollup ?? (kind === 'count' ? 'sum' : 'avg') },
    kind: histogram ? 'histogram' : isCumulative ? 'counter' : kind,
    ...(histogram && { bounds: histogram.bounds }),
    ...(denominator !== undefined && { per: denominator }),
  }));
}

export interface DatedSample extends Sample {
  readonly atMs: number;
  readonly node: string;
}

export interface PointWindow {
  readonly fromMs: number;
  readonly toMs: number;
  readonly intervalMs: number;
}

/** An interval without a value has no point, which is no zero. */
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
    const values = new Map(metrics.map(metric => [metric.name, valuesOf(own, metric, grid)]));
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
type Values = readonly (number | undefined)[];

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
    const value = told ?? (presence?.[k] === undefined ? undefined : 0);
    return value === undefined
      ? []
      : [{ metric, node, atMs: (first + k) * intervalMs, value, ...(part > 0 && { over: part - 1 }) }];
  });
}

/** The values of a metric, and, for a histogram, those above each of its bounds. */
function valuesOf(samples: readonly DatedSample[], metric: WantedMetric, grid: Grid): readonly Values[] {
  const isOfSeries = compileSelector(metric.series);
  const own = samples.filter(({ name, labels }) => isOfSeries(name, labels));
  if (metric.kind === 'histogram') return histogramOf(own, metric.bounds ?? [], grid);
  const series = seriesOf(own, grid);
  const isCounter = metric.kind === 'counter' || (own[0]?.isCounter === true && metric.kind !== 'gauge');
  if (isCounter) return [sumOf(series.map(buckets => increaseOf(buckets, grid)))];
  if (own[0]?.isCounter === true) return [sumOf(series.map(buckets => increaseOf(buckets, grid).map(perSecond(grid))))];
  const ofInterval: Rollup = metric.kind === 'count' ? 'sum' : metric.rollup === 'sum' ? 'avg' : metric.rollup;
  const ofSeries = series.map(buckets =>
    buckets.map(values =>
      rollUp(
        ofInterval,
        values.map(({ value }) => value),
      ),
    ),
  );
  return [combine(ofSeries, metric.kind === 'count' ? 'sum' : metric.rollup)];
}

function perSecond({ intervalMs }: Grid): (value: number | undefined) => number | undefined {
  return value => (value === undefined ? undefined : (value * 1_000) / intervalMs);
}

/** The counters of a node by the bound that they count up to. */
function histogramOf(samples: readonly DatedSample[], bounds: readonly number[], grid: Grid): readonly Values[] {
  const upTo = (bound: number): Values => {
    const own = samples.filter(({ labels }) => boundOf(labels.get('le')) === bound);
    return sumOf(seriesOf(own, grid).map(buckets => increaseOf(buckets, grid)));
  };
  const all = upTo(Infinity);
  return [
    all,
    ...bounds.map(bound => {
      const within = upTo(bound);
      return all.map((total, k) => {
        const inside = within[k];
        return total === undefined || inside === undefined ? undefined : Math.max(0, total - inside);
      });
    }),
  ];
}

function boundOf(le: string | undefined): number {
  return le === undefined ? NaN : Number(le.replace(/^\+?inf(?:inity)?$/i, 'Infinity'));
}

/** The samples of each series by interval, in the order of their times. */
function seriesOf(samples: readonly DatedSample[], grid: Grid): readonly (readonly (readonly DatedSample[])[])[] {
  const bySeries = Map.groupBy(samples, ({ name, labels }) => JSON.stringify([name, ...[...labels].sort()]));
  return [...bySeries.values()].map(own => {
    const buckets = Array.from({ length: grid.length }, (): DatedSample[] => []);
    for (const sample of own) buckets[Math.floor(sample.atMs / grid.intervalMs) - grid.first]?.push(sample);
    for (const bucket of buckets) bucket.sort((one, other) => one.atMs - other.atMs);
    return buckets;
  });
}

function increaseOf(buckets: readonly (readonly DatedSample[])[], { intervalMs }: Grid): Values {
  return increasesOf(
    buckets.map(samples => samples.at(-1)?.value),
    intervalMs,
  );
}

function sumOf(series: readonly Values[]): Values {
  return combine(series, 'sum');
}

function combine(series: readonly Values[], rollup: Rollup): Values {
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
