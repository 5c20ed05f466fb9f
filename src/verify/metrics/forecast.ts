// Forecasts what a comparison of this length can detect, from the time before, before the canary has shown anything.
import type { MetricEvidence, MetricWindow, NodeSeries } from '../../model/evidence/evidence.ts';
import type { MetricForecast } from '../../model/evidence/verdict.ts';
import { replayLooks, replayOne, type Question, type Replay } from './replay.ts';
import { mean, readNodes } from './series/series.ts';

/** The changes that are tried, and the lengths in units of the planned one. */
const rises = [0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 1.5, 2, 3, 5, 9] as const,
  falls = [0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 0.95] as const;
const lengths = [1, 1.5, 2, 3, 4, 6, 8] as const;
/** A pass means that a change of this size would have been detected. */
const material = 0.5;
/**
 * The tests are applied to expected values without noise. A change of a given size often appears as three quarters of
 * it.
 */
const shownShare = 0.75;
/** The maximum number of values to process for one forecast. */
const affordable = 2_000_000;

/** @param durationMs the duration of the whole comparison */
export function forecastMetrics(
  window: MetricWindow,
  { sensitivity, minimumMs }: Question,
  durationMs: number,
): (MetricForecast | undefined)[] {
  if (costOf(window, durationMs) > affordable) return window.metrics.map(() => undefined);
  const replays = new Map<number, Replay>();
  function worldOf(times: number): Replay {
    const known =
      replays.get(times) ??
      replayLooks(expectWorld(window, Math.floor((times * durationMs) / window.intervalMs)), {
        sensitivity,
        minimumMs: minimumMs * times,
      });
    replays.set(times, known);
    return known;
  }
  return window.metrics.map((metric, k) => {
    if (metric.histogram || worldOf(1).subjects[k]!.centre.canary === null) return undefined;
    const tried = metric.direction === 'decrease' ? falls : rises;
    const smallestChange = tried.find(change => shows(worldOf(1), k, change)) ?? null;
    const enough = lengths.find(times => shows(worldOf(times), k, material));
    return {
      durationMs,
      smallestChange,
      change: material,
      neededMs: enough === undefined ? null : enough * durationMs,
    };
  });
}

function costOf({ metrics, intervalMs }: MetricWindow, durationMs: number): number {
  const values = metrics.reduce(
    (sum, { before, baseline }) =>
      sum + [before, baseline].flatMap(nodes => Object.values(nodes)).reduce((all, { length }) => all + length, 0),
    0,
  );
  const expected =
    (metrics.reduce((sum, { baseline, canary }) => sum + Object.keys({ ...baseline, ...canary }).length, 0) *
      durationMs) /
    intervalMs;
  return 10 * values + 40 * expected;
}

function shows(world: Replay, k: number, change: number): boolean {
  const { metric, calibration } = world.subjects[k]!;
  const shown = calibration.tolerance + Math.max(0, change - calibration.tolerance) * shownShare;
  const factor = metric.direction === 'decrease' ? 1 - shown : 1 + shown;
  const canary: NodeSeries = Object.fromEntries(
    Object.entries(metric.canary).map(([node, values]) => [node, values.map(value => (value ?? 0) * factor)]),
  );
  return replayOne(world, k, { ...metric, canary }, calibration).sureAtMs !== undefined;
}

/** Assumes that every node continues as before, and that the canary's nodes are like the average of the others. */
function expectWorld(window: MetricWindow, length: number): MetricWindow {
  return { ...window, metrics: window.metrics.map(metric => expectMetric(metric, window, length)) };
}

function expectMetric(
  metric: MetricEvidence,
  { baselineKind, trafficWeight }: MetricWindow,
  length: number,
): MetricEvidence {
  const isPrevious = baselineKind === 'previous';
  const earlier = readNodes(isPrevious && Object.keys(metric.before).length === 0 ? metric.baseline : metric.before);
  const levels = new Map(earlier.map(({ node, values }) => [node, mean(values.filter(value => !Number.isNaN(value)))]));
  const level = mean([...levels.values()]);
  const steady = (nodes: NodeSeries, levelOf: (node: string) => number): NodeSeries =>
    Object.fromEntries(
      Object.keys(nodes).map(node => [node, levels.size === 0 ? [] : new Array<number>(length).fill(levelOf(node))]),
    );
  return {
    ...metric,
    canary: steady(metric.canary, () => level * (metric.kind === 'count' ? trafficWeight : 1)),
    baseline: isPrevious ? metric.baseline : steady(metric.baseline, node => levels.get(node) ?? level),
  };
}
