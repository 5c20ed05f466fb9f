// The test of a gauge against nodes that run at the same time.
import type { MetricEvidence, MetricWindow } from '../../model/evidence.ts';
import type { Calibration } from './calibration.ts';
import { measureShift, type Noise, type Nuisance } from './means.ts';
import type { Measurement, MetricTest } from './measurement.ts';
import { onsetsBefore } from './onsets.ts';
import { PairedSeries } from './paired.ts';
import { chooseScale, type Scale } from './scale.ts';
import { readNodes } from './series.ts';
import { logSumExp } from './special.ts';

/** Fewer differences say nothing of their own noise. */
const leastIntervals = 2;
const enoughIntervals = 3;

export function testGauge(metric: MetricEvidence, window: MetricWindow, calibration: Calibration, planned: number): MetricTest {
  const canary = readNodes(metric.canary);
  const baseline = readNodes(metric.baseline);
  const before = readNodes(metric.before);
  const scale = chooseScale(baseline, canary, before);
  const paired = new PairedSeries(scale.applyTo(canary), scale.applyTo(baseline), scale.applyTo(before));
  const nuisances = warmUps(window);
  return {
    measure(length) {
      const tolerance = toleranceOn(scale, metric, calibration, window);
      const { differences, noise, offsetVariance } = paired.advanceTo(length, tolerance);
      return measureGauge(metric, differences, noise, [{ shape: () => 1, variance: offsetVariance }, ...nuisances], tolerance, planned);
    },
  };
}

/** A gauge may grow with traffic: a canary that takes more than a baseline node is given that much more room. */
function toleranceOn(scale: Scale, metric: MetricEvidence, { tolerance }: Calibration, { trafficWeight }: MetricWindow): number {
  const room = Math.max(0, Math.log(trafficWeight));
  return scale.tolerance(tolerance, metric.direction === 'decrease' ? 'decrease' : 'increase') + room;
}

/** A fresh process is slow at first, beside one that has run for long: sizes fade with two time constants. */
export function warmUps({ baselineKind, intervalMs }: MetricWindow): Nuisance[] {
  const size = baselineKind === 'fresh' ? 0.1 : 0.35;
  return [30_000, 90_000].map(fading => ({ shape: interval => Math.exp(-(interval + 0.5) * intervalMs / fading), variance: size ** 2 }));
}

export function measureGauge(metric: MetricEvidence, differences: readonly number[], noise: Noise, nuisances: readonly Nuisance[], tolerance: number, planned: number): Measurement {
  const have = differences.filter(value => !Number.isNaN(value)).length;
  const counted = { have, need: enoughIntervals, what: 'intervals' } as const;
  if (have < leastIntervals) return { logEvidence: -Infinity, upperShift: Infinity, ...counted };
  const onsets = onsetsBefore(differences.length, planned);
  const sides = metric.direction === 'either' ? [1, -1] : [metric.direction === 'increase' ? 1 : -1];
  const measured = sides.map(sign => {
    const { logEvidence, shift, error } = measureShift(differences.map(value => sign * value), noise, nuisances, tolerance, onsets);
    return { logEvidence, upper: shift + error };
  });
  return {
    logEvidence: logSumExp(measured.map(({ logEvidence }) => logEvidence)) - Math.log(measured.length),
    upperShift: Math.max(...measured.map(({ upper }) => upper)),
    ...counted,
  };
}
