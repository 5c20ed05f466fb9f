// The test of a histogram: how many requests lie above each of its bounds, which are fixed before the run.
import type { HistogramEvidence, MetricEvidence, MetricWindow, NodeSeries } from '../../../model/evidence/evidence.ts';
import type { Calibration } from '../calibration.ts';
import type { SeriesMemory } from './carriedSeries.ts';
import { testCount } from './frequencies.ts';
import type { MetricTest } from './measurement.ts';
import { testAgainstPrevious } from '../models/previous.ts';
import { knownValues, readNodes } from './series.ts';
import { logSumExp } from '../../specialFunctions.ts';

/** The weight of the bound nearest to the requested percentile; the other bounds share the rest. */
const mainShare = 0.5;
const firstIntervals = 2;

/**
 * What lies above a bound is a count that is a share of all requests: given their sum over both sides, each is the
 * canary's by its share of the requests, whatever drifts on both (as for any count). A mean of e-processes is one, be
 * they as dependent as they are: so the false alarms of all bounds together are those of one test.
 */
export function testHistogram(
  metric: MetricEvidence,
  histogram: HistogramEvidence,
  window: MetricWindow,
  calibration: Calibration,
  planned: number,
  memory: SeriesMemory,
): MetricTest {
  const { total, over } = histogram;
  const tests = over.map(one => {
    const counted = { ...one, direction: metric.direction };
    return window.baselineKind === 'previous'
      ? testAgainstPrevious(counted, total, window, calibration, planned)
      : testCount(counted, total, window, calibration, planned, memory);
  });
  const main = nearestBound(histogram);
  const logWeights = over.map((_, k) =>
    Math.log(over.length === 1 ? 1 : k === main ? mainShare : (1 - mainShare) / (over.length - 1)),
  );
  return {
    measure(length) {
      const measured = tests.map(test => test.measure(length));
      return {
        ...measured[main]!,
        logEvidence: logSumExp(measured.map(({ logEvidence }, k) => logWeights[k]! + logEvidence)),
      };
    },
  };
}

/** Decided by the history and the first intervals of the baseline, so that later values never change it. */
function nearestBound({ total, over, percentile }: HistogramEvidence): number {
  const sumOf = ({ before, baseline }: MetricEvidence): number => {
    const early =
      Object.keys(before).length > 0
        ? knownValues(readNodes(before))
        : knownValues(readNodes(baseline), firstIntervals);
    return early.reduce((sum, value) => sum + value, 0);
  };
  const logit = (share: number): number => Math.log(share / (1 - share));
  const requests = sumOf(total),
    wanted = logit(1 - percentile / 100);
  const distances = over.map(one => Math.abs(logit((sumOf(one) + 0.5) / (requests + 1)) - wanted));
  return distances.indexOf(Math.min(...distances));
}

/**
 * The percentile per node and interval, assuming an even distribution within a bucket. Values above the last bound
 * count as that bound. Null if there were no requests.
 */
export function percentileSeries(
  total: NodeSeries,
  over: readonly NodeSeries[],
  bounds: readonly number[],
  percentile: number,
): NodeSeries {
  return Object.fromEntries(
    Object.entries(total).map(([node, totals]) => [
      node,
      totals.map((requests, t) => {
        const above = over.map(series => series[node]?.[t] ?? null);
        return requests === null || !(requests > 0) || above.some(one => one === null)
          ? null
          : percentileOf(requests, above as readonly number[], bounds, percentile);
      }),
    ]),
  );
}

function percentileOf(
  requests: number,
  above: readonly number[],
  bounds: readonly number[],
  percentile: number,
): number {
  const wanted = requests * (1 - percentile / 100);
  const k = above.findIndex(count => count <= wanted);
  if (k < 0) return bounds.at(-1)!;
  const [low, high] = [k === 0 ? Math.min(0, bounds[0]!) : bounds[k - 1]!, bounds[k]!];
  const [more, fewer] = [k === 0 ? requests : above[k - 1]!, above[k]!];
  return more === fewer ? high : low + ((high - low) * (more - wanted)) / (more - fewer);
}
