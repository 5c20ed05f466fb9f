// Chooses what the canary of each metric is compared with: nodes at the same time, the time before (and the day
// before), or an earlier run.
import type { AnalysisSettings, AnalysisSource, EarlierRun } from '../model/evidence/analysis.ts';
import {
  partOf,
  type KeptEvidence,
  type MetricEvidence,
  type MetricWindow,
  type NodeSeries,
} from '../model/evidence/evidence.ts';
import type { MetricQuery } from '../model/healthSource.ts';
import type { Comparison } from '../model/evidence/verdict.ts';
import { percentileSeries } from './metrics/series/histograms.ts';
import type { PointStore } from './pointStore.ts';

/** Everything that is known about a source's metrics. */
export interface MetricPast {
  readonly points: PointStore;
  /** The values of the day before, if they are needed. */
  readonly dayBefore?: PointStore;
  readonly earlier?: KeptRun;
}
export interface KeptRun extends Pick<EarlierRun, 'mode' | 'run' | 'by'> {
  readonly evidence: KeptEvidence;
}

export interface ComparedWindow {
  readonly window: MetricWindow;
  /** One entry for each metric. */
  readonly comparisons: readonly Comparison[];
}

/** The buckets that lie completely in the canary's time and ended by `endMs`, and what they are compared with. */
export function compareMetrics(
  source: AnalysisSource & { kind: 'metrics' },
  past: MetricPast,
  settings: AnalysisSettings,
  endMs: number,
): ComparedWindow {
  const { baselineNodes, baselineKind, trafficWeight, intervalMs } = settings;
  const isAlone = baselineNodes.length === 0;
  const series = source.metrics.flatMap(partsOf);
  const kept = isAlone ? keptSeries(source.name, series, past, settings) : {};
  const sides = new Map(
    series.map(part => [
      part.name,
      isAlone ? sideAlone(part, series, kept, past, settings) : sideBeside(part, past, settings, endMs),
    ]),
  );
  const compare = (part: MetricQuery): MetricEvidence =>
    describe(
      part,
      past.points.series(part.name, settings.canaryNodes, settings.canarySinceMs, endMs),
      sides.get(part.name)!,
    );
  return {
    window: {
      intervalMs,
      trafficWeight,
      baselineKind: isAlone ? 'previous' : baselineKind,
      metrics: source.metrics.map(metric =>
        metric.histogram ? joinHistogram(metric, metric.histogram, compare) : compare(metric),
      ),
    },
    comparisons: source.metrics.map(({ name }) => ({
      ...sides.get(name)!.comparison,
      ...(settings.lacking && { lacking: settings.lacking }),
    })),
  };
}

/**
 * The series that are read for a metric. For a histogram: all requests, under the metric's own name, and those above
 * each bound.
 */
export function partsOf(metric: MetricQuery): readonly MetricQuery[] {
  const { histogram, ...rest } = metric;
  if (!histogram) return [metric];
  const { limit: _, ignore: __, ...total } = { ...rest, kind: 'count' as const };
  return [
    total,
    ...histogram.bounds.map((___, k) => ({ ...total, name: partOf(metric.name, k), denominator: metric.name })),
  ];
}

function joinHistogram(
  metric: MetricQuery,
  { bounds, percentile }: NonNullable<MetricQuery['histogram']>,
  compare: (part: MetricQuery) => MetricEvidence,
): MetricEvidence {
  const [total, ...over] = partsOf(metric).map(compare) as [MetricEvidence, ...MetricEvidence[]];
  const of = (role: 'canary' | 'baseline' | 'before'): NodeSeries =>
    percentileSeries(
      total[role],
      over.map(one => one[role]),
      bounds,
      percentile,
    );
  return {
    ...describe(metric, of('canary'), { baseline: of('baseline'), before: of('before') }),
    histogram: { bounds, percentile, total, over },
  };
}

interface Side {
  readonly baseline: NodeSeries;
  readonly before: NodeSeries;
  readonly comparison: Comparison;
}

function describe(
  { name, kind, denominator, direction, unit, tolerance, floor, limit, ignore }: MetricQuery,
  canary: NodeSeries,
  { baseline, before }: Pick<Side, 'baseline' | 'before'>,
): MetricEvidence {
  return {
    name,
    kind,
    direction,
    unit,
    ...(denominator !== undefined && { denominator }),
    ...(tolerance !== undefined && { tolerance }),
    ...(floor !== undefined && { floor }),
    ...(limit && { limit }),
    ...(ignore && { ignore }),
    canary,
    baseline,
    before,
  };
}

function sideBeside(
  { name }: MetricQuery,
  { points }: MetricPast,
  { baselineNodes, canarySinceMs, beforeFromMs, beforeToMs }: AnalysisSettings,
  endMs: number,
): Side {
  return {
    baseline: points.series(name, baselineNodes, canarySinceMs, endMs),
    before: points.series(name, baselineNodes, beforeFromMs, beforeToMs),
    comparison: { mode: 'canary' },
  };
}

/**
 * An earlier run if there is one to compare with; otherwise the level of the time before, and how much it moves, also
 * from one day to the next.
 */
function sideAlone(
  metric: MetricQuery,
  all: readonly MetricQuery[],
  kept: Kept,
  { points, dayBefore, earlier }: MetricPast,
  settings: AnalysisSettings,
): Side {
  const { canaryNodes, earlierNodes = canaryNodes, beforeFromMs, beforeToMs } = settings;
  const series = kept[metric.name];
  if (earlier && series && relatives(metric, all).every(({ name }) => kept[name])) {
    const { mode, run, by } = earlier;
    const comparison = mode === 'phase' ? { mode, run } : { mode, run, ...(by !== undefined && { by }) };
    return { baseline: series, before: {}, comparison };
  }
  const yesterday =
    dayBefore && settings.dayBefore && readDayBefore(metric, dayBefore, earlierNodes, settings.dayBefore);
  return {
    baseline: points.series(metric.name, earlierNodes, beforeFromMs, beforeToMs),
    before: yesterday ?? {},
    comparison: { mode: 'previous', dayBefore: yesterday !== undefined },
  };
}

/** Metrics that are read together: a share and its denominator must be from the same time. */
function relatives(metric: MetricQuery, all: readonly MetricQuery[]): readonly MetricQuery[] {
  const of = metric.denominator ?? metric.name;
  return all.filter(({ name, denominator }) => name === of || denominator === of);
}

/** True if it was measured for at least half of the time and was not idle. */
function readDayBefore(
  metric: MetricQuery,
  points: PointStore,
  nodes: readonly string[],
  { fromMs, toMs }: NonNullable<AnalysisSettings['dayBefore']>,
): NodeSeries | undefined {
  const measured = points.series(metric.denominator ?? metric.name, nodes, fromMs, toMs);
  const isThere = Object.values(measured).some(
    values =>
      values.filter(value => value !== null).length * 2 >= values.length &&
      values.some(value => value !== null && value !== 0),
  );
  return isThere ? points.series(metric.name, nodes, fromMs, toMs) : undefined;
}

type Kept = Readonly<Record<string, NodeSeries>>;

/**
 * A pinned run is always used; the last good run, or the earlier phase of this run, only if nothing is known of the
 * time before.
 */
function keptSeries(
  source: string,
  metrics: readonly MetricQuery[],
  { points, earlier }: MetricPast,
  { canaryNodes, earlierNodes = canaryNodes, beforeFromMs, beforeToMs, intervalMs }: AnalysisSettings,
): Kept {
  if (!earlier) return {};
  if (
    earlier.mode !== 'load-test' &&
    metrics.some(({ name }) => points.hasAny(name, earlierNodes, beforeFromMs, beforeToMs))
  )
    return {};
  const times = intervalMs / earlier.evidence.intervalMs;
  if (!Number.isInteger(times)) return {};
  return Object.fromEntries(
    metrics.flatMap(({ name, kind }) => {
      const nodes = earlier.evidence.metrics[source]?.[name];
      return nodes ? [[name, mapNodes(nodes, values => joinIntervals(values, times, kind))]] : [];
    }),
  );
}

function mapNodes(
  nodes: NodeSeries,
  change: (values: readonly (number | null)[]) => readonly (number | null)[],
): NodeSeries {
  return Object.fromEntries(Object.entries(nodes).map(([node, values]) => [node, change(values)]));
}

/** Combines several intervals into one: the sum of counts if all are known, or the mean of the known levels. */
function joinIntervals(
  values: readonly (number | null)[],
  times: number,
  kind: MetricQuery['kind'],
): readonly (number | null)[] {
  if (times === 1) return values;
  return Array.from({ length: Math.floor(values.length / times) }, (_, k) => {
    const known = values.slice(k * times, (k + 1) * times).filter(value => value !== null);
    if (known.length === 0 || (kind === 'count' && known.length < times)) return null;
    const sum = known.reduce((total, value) => total + value, 0);
    return kind === 'count' ? sum : sum / known.length;
  });
}
