// The metric sources of a verification: received points, what they are compared with, and the checks of each
// evaluation.
import type { AnalysisSettings, AnalysisSource, Look } from '../model/evidence/analysis.ts';
import type { MetricPoint, NodeSeries } from '../model/evidence/evidence.ts';
import type { MetricQuery } from '../model/healthSource.ts';
import type { Check } from '../model/evidence/verdict.ts';
import { withTiming } from './checkRemarks.ts';
import { createFreshness, type Freshness, type Measured } from './freshness.ts';
import { isRead, leastMs } from './lookRules.ts';
import { checkMetrics, forecastSource, type Forecasts } from './metrics/checkMetrics.ts';
import { SeriesMemory } from './metrics/series/carriedSeries.ts';
import { partsOf, type KeptRun, type MetricPast } from './metricWindow.ts';
import { createPointStore } from './pointStore.ts';
import { settingsOf } from './sides.ts';

export type MetricsState = {
  readonly source: AnalysisSource & { kind: 'metrics' };
  readonly past: MetricPast;
  readonly freshness: Freshness;
  /** Of each metric that nodes always have: the others of the source do not stand in for it. */
  readonly own: ReadonlyMap<string, Freshness>;
  /** The end of the last evaluation. */ endMs: number;
  /** Kept so that each evaluation only processes new data. */
  readonly memory: SeriesMemory;
  /** Created once: later values do not change it. */ forecasts?: Forecasts;
};

export function openMetrics(settings: AnalysisSettings, earlier: KeptRun | undefined): readonly MetricsState[] {
  return settings.sources
    .filter(source => source.kind === 'metrics')
    .map((source): MetricsState => ({
      source,
      freshness: createFreshness(settingsOf(settings, source)),
      own: new Map(
        source.metrics.filter(isSteady).map(({ name }) => [name, createFreshness(settingsOf(settings, source))]),
      ),
      past: pastOf(settings, earlier),
      memory: new SeriesMemory(),
      endMs: settings.canarySinceMs,
    }));
}

/** A count that is missing may be none: many sources have no series of errors before the first error. */
function isSteady({ kind, histogram }: MetricQuery): boolean {
  return kind === 'gauge' || histogram !== undefined;
}

function pastOf({ intervalMs, beforeFromMs, dayBefore }: AnalysisSettings, earlier: KeptRun | undefined): MetricPast {
  return {
    points: createPointStore({ intervalMs, beforeFromMs }),
    ...(dayBefore && { dayBefore: createPointStore({ intervalMs, beforeFromMs: dayBefore.fromMs }) }),
    ...(earlier && { earlier }),
  };
}

/**
 * Points from before the time before belong to the day before, and say nothing about current delays. `aheadMs` is how
 * far the clock of the source is ahead.
 */
export function addPoints(
  { past, freshness, own }: MetricsState,
  told: readonly MetricPoint[],
  aheadMs: number,
  { beforeFromMs }: AnalysisSettings,
): void {
  const points = aheadMs === 0 ? told : told.map(point => ({ ...point, atMs: point.atMs - aheadMs }));
  const recent = points.every(({ atMs }) => atMs >= beforeFromMs)
    ? points
    : points.filter(({ atMs }) => atMs >= beforeFromMs);
  past.points.add(recent);
  for (const { metric, node, atMs, value } of recent)
    if (value !== null) {
      freshness.note(node, atMs);
      own.get(metric)?.note(node, atMs);
    }
  if (past.dayBefore && recent.length < points.length)
    past.dayBefore.add(points.filter(({ atMs }) => atMs < beforeFromMs));
}

export function assessMetrics(state: MetricsState, settings: AnalysisSettings, look: Look): Check[] {
  const { source, past, freshness, own } = state;
  if (look.unread[source.name] === undefined)
    state.forecasts ??= forecastSource(source, past, settings, leastMs(settings));
  // A bucket is noted by its start: the newest may still be filling.
  const measure = (one: Freshness): Measured =>
    one.measure(look.atMs, source.delayMs + settings.intervalMs, isRead(source.name, look));
  const fresh = measure(freshness);
  const ownSilence = new Map([...own].map(([name, one]) => [name, measure(one).silence]));
  const endMs = Math.min(look.atMs - source.delayMs, fresh.completeToMs, look.untilMs ?? Infinity);
  state.endMs = endMs;
  return checkMetrics(source, past, settings, {
    endMs,
    minimumMs: leastMs(settings),
    final: look.final,
    forecasts: state.forecasts ?? [],
    memory: state.memory,
  }).map(check => {
    // What is silent on both sides, or on the baseline alone, does not count against the canary.
    const silence = fresh.silence ?? ownSilence.get(check.name);
    const isOwn = fresh.silence === undefined && silence?.side === 'canary';
    return withTiming(check, source.delayMs, isOwn ? { ...fresh, silence } : fresh, look);
  });
}

/** What the canary showed until the last evaluation, by metric. */
export function keepMetrics(
  { source, past, endMs }: MetricsState,
  settings: AnalysisSettings,
): Readonly<Record<string, NodeSeries>> {
  return Object.fromEntries(
    source.metrics
      .flatMap(partsOf)
      .map(({ name }) => [name, keepSeries(past, name, settingsOf(settings, source), endMs)]),
  );
}

/** The maximum number of nodes and intervals kept per metric. */
const mostKeptNodes = 64,
  mostKeptIntervals = 2_000;

function keepSeries(
  { points }: MetricPast,
  metric: string,
  { canaryNodes, canarySinceMs, intervalMs }: AnalysisSettings,
  endMs: number,
): NodeSeries {
  return points.series(
    metric,
    canaryNodes.slice(0, mostKeptNodes),
    canarySinceMs,
    Math.min(endMs, canarySinceMs + mostKeptIntervals * intervalMs),
  );
}
