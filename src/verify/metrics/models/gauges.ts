// The test of a gauge against nodes that run at the same time.
import type { MetricEvidence, MetricWindow } from '../../../model/evidence/evidence.ts';
import type { Calibration } from '../calibration.ts';
import { measureShift, type Noise, type Nuisance } from './means.ts';
import { surprise, type Band, type Measurement, type MetricTest } from '../series/measurement.ts';
import { onsetsBefore } from './onsets.ts';
import type { CarriedSeries, SeriesMemory } from '../series/carriedSeries.ts';
import type { PairedPrior } from './paired.ts';
import type { WarmUp } from './shifts.ts';
import { chooseScale, type Scale } from '../series/scale.ts';
import { readNodes } from '../series/series.ts';
import { logSumExp } from '../../specialFunctions.ts';

/** Fewer differences do not allow an estimate of their noise. */
const leastIntervals = 2;
const enoughIntervals = 3;
/** On the log scale: typical values for nodes of one service. */
const prior: Omit<PairedPrior, 'canaryTimes'> = { noise: 0.18, kind: 'gauge', canaryNoise: 0 };

export function testGauge(
  metric: MetricEvidence,
  window: MetricWindow,
  calibration: Calibration,
  planned: number,
  memory: SeriesMemory,
): MetricTest {
  const canary = readNodes(metric.canary);
  const baseline = readNodes(metric.baseline);
  const before = readNodes(metric.before);
  const scale = chooseScale(baseline, canary, before);
  const paired = memory.open({
    canary: scale.applyTo(canary),
    baseline: scale.applyTo(baseline),
    before: scale.applyTo(before),
    prior: { ...prior, canaryTimes: noiseAt(window.trafficWeight) },
    intervalMs: window.intervalMs,
    planned,
  });
  const tolerance = toleranceOn(scale, metric, calibration, window);
  return {
    measure(length, outside) {
      return measurePaired(metric, paired, length, warmUpOf(window), tolerance, outside);
    },
    band: baseline => bandAround(baseline, scale, tolerance, paired.deviation),
    move: scale.move,
  };
}

/**
 * The variance of a mean over requests is proportional to one over their number (a latency); that of other values does
 * not depend on it (memory). The kind of a metric is unknown, so the estimate starts in the middle and is corrected by
 * the data.
 */
function noiseAt(trafficWeight: number): number {
  return 1 / Math.sqrt(trafficWeight);
}

/** A fresh canary is often slower at first than nodes that have run for long, but hardly slower than fresh nodes. */
export function warmUpOf({ baselineKind }: Pick<MetricWindow, 'baselineKind'>): WarmUp {
  return baselineKind === 'fresh' ? { chance: 0.2, height: 0.1 } : { chance: 0.4, height: 0.5 };
}

export function measurePaired(
  { direction }: Pick<MetricEvidence, 'direction'>,
  paired: CarriedSeries,
  length: number,
  warmUp: WarmUp,
  tolerance: number,
  outside?: readonly number[],
): Measurement {
  const have = paired.advanceTo(length, tolerance);
  const counted = { have, need: enoughIntervals, what: 'intervals', tolerated: tolerance } as const;
  if (have < leastIntervals)
    return {
      logEvidence: -Infinity,
      upperShift: Infinity,
      error: Infinity,
      leastError: 0,
      doubt: Infinity,
      ...counted,
    };
  const measured = paired.measure(length, {
    directions: direction === 'either' ? ['increase', 'decrease'] : [direction],
    tolerance,
    leastNoise: leastNoise(tolerance),
    warmUp,
    outside,
  });
  const { error, leastError, spreads } = measured[0]!;
  return {
    logEvidence: logSumExp(measured.map(({ logEvidence }) => logEvidence)) - Math.log(measured.length),
    upperShift: Math.max(...measured.map(({ shift }) => shift + error)),
    error,
    doubt: 2 * error,
    leastError,
    spreads,
    ...counted,
  };
}

export function bandAround(value: number, scale: Pick<Scale, 'move'>, tolerance: number, deviation: number): Band {
  const by = tolerance + surprise * deviation;
  return { low: scale.move(value, -by), high: scale.move(value, by) };
}

/** Noise below this is not believed, however steady a few values look. */
export function leastNoise(tolerance: number): number {
  return Math.max(0.01, tolerance / 5);
}

/** A gauge may grow with traffic, so a canary with more traffic than a baseline node gets that much more tolerance. */
function toleranceOn(
  scale: Scale,
  metric: MetricEvidence,
  calibration: Calibration,
  { trafficWeight }: MetricWindow,
): number {
  const room = Math.max(0, Math.log(trafficWeight));
  return scale.tolerance(calibration, metric.direction === 'decrease' ? 'decrease' : 'increase') + room;
}

/**
 * What may blur a comparison beside noise: a difference of level, and a fresh process that is slow at first beside one
 * that has run for long (fading with two time constants, shorter where the whole comparison is: else nothing could be
 * told from warming up). `planned`: intervals.
 */
export function nuisancesOf(
  window: Pick<MetricWindow, 'baselineKind' | 'intervalMs'>,
  intervals: number,
  planned: number,
  warm: boolean,
): readonly Float64Array[] {
  const plannedMs = planned * window.intervalMs;
  const fadings = warm ? [Math.min(30_000, plannedMs / 4), Math.min(90_000, plannedMs / 2)] : [];
  return [
    new Float64Array(intervals).fill(1),
    ...fadings.map(fading =>
      Float64Array.from({ length: intervals }, (_, interval) =>
        Math.exp((-(interval + 0.5) * window.intervalMs) / fading),
      ),
    ),
  ];
}

/** The variances that belong to these shapes. */
export function weighNuisances(
  shapes: readonly Float64Array[],
  offsetVariance: number,
  { baselineKind }: Pick<MetricWindow, 'baselineKind'>,
): Nuisance[] {
  const warmUp = (baselineKind === 'fresh' ? 0.1 : 0.5) ** 2;
  return shapes.map((shape, k) => ({ shape, variance: k === 0 ? offsetVariance : warmUp }));
}

/** Canary minus baseline and, if known, the levels of each, per interval. */
interface Differences {
  readonly differences: readonly number[];
  readonly own?: { readonly canary: readonly number[]; readonly baseline: readonly number[] };
}

export function measureGauge(
  { direction }: Pick<MetricEvidence, 'direction'>,
  { differences, own }: Differences,
  noise: Noise,
  nuisances: readonly Nuisance[],
  tolerance: number,
  planned: number,
): Measurement {
  const have = differences.filter(value => !Number.isNaN(value)).length;
  const counted = { have, need: enoughIntervals, what: 'intervals', tolerated: tolerance } as const;
  if (have < leastIntervals)
    return {
      logEvidence: -Infinity,
      upperShift: Infinity,
      error: Infinity,
      leastError: 0,
      doubt: Infinity,
      ...counted,
    };
  const onsets = onsetsBefore(differences.length, planned);
  const sides = direction === 'either' ? [1, -1] : [direction === 'increase' ? 1 : -1];
  const measured = sides.map(sign => {
    const turned = (values: readonly number[]): readonly number[] =>
      sign === 1 ? values : values.map(value => -value);
    const { logEvidence, shift, error } = measureShift(turned(differences), noise, nuisances, {
      tolerance,
      onsets,
      planned,
      ...(own && { own: { canary: turned(own.canary), baseline: turned(own.baseline) } }),
    });
    return { logEvidence, error, upper: shift + error };
  });
  return {
    logEvidence: logSumExp(measured.map(({ logEvidence }) => logEvidence)) - Math.log(measured.length),
    upperShift: Math.max(...measured.map(({ upper }) => upper)),
    error: measured[0]!.error,
    doubt: 2 * measured[0]!.error,
    leastError: Math.sqrt(nuisances[0]!.variance),
    ...counted,
  };
}
