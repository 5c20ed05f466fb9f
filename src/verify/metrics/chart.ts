// The lines of a metric that people see: canary, baseline, each node, and the range in which the canary would not be
// surprising.
import type { MetricEvidence, NodeSeries } from '../../model/evidence/evidence.ts';
import type { LevelRange, MetricSeries } from '../../model/evidence/verdict.ts';
import type { Band } from './series/measurement.ts';
import { lengthOf } from './series/series.ts';

/**
 * Limits on points and nodes, since reports are stored. Counts are shown per unit of their denominator, or per node and
 * interval.
 */
const mostPoints = 240,
  mostNodes = 16,
  mostRanges = 60;
const digits = 4;

export interface ChartTask {
  /** Starts some time before the canary; `before` is not drawn. */
  readonly metric: MetricEvidence;
  readonly denominator: MetricEvidence | undefined;
  readonly startMs: number;
  readonly intervalMs: number;
  /** Expected requests of one canary node over those of one baseline node. */
  readonly trafficWeight: number;
  /** Without baseline nodes: the level of the time before, and the interval from which the canary is the canary. */
  readonly previous?: { readonly level: number | null; readonly from: number };
  readonly band: (baseline: number, exposure: number) => Band | undefined;
  readonly ranges: readonly LevelRange[];
}

export function drawMetric({
  metric,
  denominator,
  startMs,
  intervalMs,
  trafficWeight,
  previous,
  band,
  ranges,
}: ChartTask): MetricSeries {
  const length = Math.max(lengthOf(metric.canary), previous ? 0 : lengthOf(metric.baseline));
  const size = Math.max(1, Math.ceil(length / mostPoints));
  const points = Math.ceil(length / size);
  const linesOf = (role: 'canary' | 'baseline'): readonly NodeLine[] =>
    Object.keys(metric[role])
      .sort()
      .map(node => summarise(node, metric[role][node]!, denominator && (denominator[role][node] ?? []), points, size));
  const canaryLines = linesOf('canary');
  const baselineLines = previous ? [] : linesOf('baseline');
  const drawn = join(canaryLines, points);
  const weight = metric.kind === 'count' && denominator === undefined ? trafficWeight : 1;
  const from = previous ? Math.floor(previous.from / size) : 0;
  const canary = valuesOf(drawn).map((value, point) => (point < from ? null : value));
  const baseline = previous
    ? valuesOf(drawn).map((value, point) => (point < from ? value : previous.level))
    : valuesOf(join(baselineLines, points)).map(value => (value === null ? null : value * weight));
  const bands = baseline.map((value, point) =>
    value === null ? undefined : band(value, denominator ? drawn.exposures[point]! / size || 1 : 1),
  );
  const shownCanary = canaryLines.slice(0, mostNodes / 2);
  return {
    startMs,
    intervalMs: intervalMs * size,
    canary: canary.map(round),
    baseline: baseline.map(round),
    low: bands.map(one => round(one?.low)),
    high: bands.map(one => round(one?.high)),
    nodes: Object.fromEntries(
      [...shownCanary, ...baselineLines.slice(0, mostNodes - shownCanary.length)].map(line => [
        line.node,
        valuesOf(line).map(round),
      ]),
    ),
    ...(ranges.length > 0 && {
      range: thin(ranges).map(({ atMs, low, high }) => ({ atMs, low: round(low) ?? low, high: round(high) ?? high })),
    }),
  };
}

/** Thins points evenly; the latest one is always kept. */
function thin(ranges: readonly LevelRange[]): readonly LevelRange[] {
  const size = Math.ceil(ranges.length / mostRanges);
  return ranges.filter((_, at) => (ranges.length - 1 - at) % size === 0);
}

/** Sums of values and of their divisors: the denominator, or the number of values. */
interface Line {
  readonly sums: Float64Array;
  readonly exposures: Float64Array;
}
interface NodeLine extends Line {
  readonly node: string;
}

function summarise(
  node: string,
  values: NodeSeries[string],
  denominators: NodeSeries[string] | undefined,
  points: number,
  size: number,
): NodeLine {
  const line: NodeLine = { node, sums: new Float64Array(points), exposures: new Float64Array(points) };
  values.forEach((value, interval) => {
    const exposure = denominators ? denominators[interval] : 1;
    if (!isKnown(value) || !isKnown(exposure)) return;
    const point = Math.floor(interval / size);
    line.sums[point]! += value;
    line.exposures[point]! += exposure;
  });
  return line;
}

function join(lines: readonly Line[], points: number): Line {
  const joined: Line = { sums: new Float64Array(points), exposures: new Float64Array(points) };
  for (const { sums, exposures } of lines) {
    for (let point = 0; point < points; point += 1) {
      joined.sums[point]! += sums[point]!;
      joined.exposures[point]! += exposures[point]!;
    }
  }
  return joined;
}

function valuesOf({ sums, exposures }: Line): (number | null)[] {
  return Array.from(sums, (sum, point) => (exposures[point]! > 0 ? sum / exposures[point]! : null));
}

function isKnown(value: number | null | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function round(value: number | null | undefined): number | null {
  return isKnown(value) ? Number(value.toPrecision(digits)) : null;
}
