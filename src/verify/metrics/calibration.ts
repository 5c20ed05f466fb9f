// What counts as a regression, and how certain a test must be: the numbers behind "low", "medium" and "high".
import type { MetricEvidence, MetricWindow } from '../../model/evidence/evidence.ts';
import type { Sensitivity } from '../../model/pipeline.ts';

export interface Calibration {
  /** The acceptable change of a metric, as a share of the baseline. */
  readonly tolerance: number;
  /** The same in the metric's own unit; the larger one applies. */
  readonly floor: number;
  /**
   * Bounds the chance that a deployment without a regression fails on any of its metrics, however often it is
   * evaluated: K metrics share it, and a single one fails at K/α. The bound is for the worst case of an e-process. The
   * actual chance is far smaller because of the tolerances, because evidence is spread over many worlds, because
   * metrics depend on each other, and because the evaluation before must confirm each failure (confirmation.ts). The
   * measured shares are in README.md.
   */
  readonly alpha: number;
  /** The same bound for a single metric. */
  readonly single: number;
}

type Bounds = Readonly<Record<Sensitivity, Pick<Calibration, 'alpha' | 'single'>>>;

/**
 * For nodes that run at the same time: chosen so that fewer than 3 of 100 generated deployments without a regression
 * fail at medium (November 2026). A value above 1 bounds the expected number of false alarms instead.
 */
const concurrent: Bounds = {
  low: { alpha: 0.06, single: 0.02 },
  medium: { alpha: 0.9, single: 0.125 },
  high: { alpha: 1.5, single: 0.25 },
};
/**
 * For comparisons with an earlier time, where nothing is paired and a single estimate of the noise is used: chosen by
 * the false alarms on recorded systems.
 */
const previous: Bounds = {
  low: { alpha: 0.04, single: 0.02 },
  medium: { alpha: 0.15, single: 0.08 },
  high: { alpha: 0.4, single: 0.2 },
};
const factors: Readonly<Record<Sensitivity, number>> = { low: 2, medium: 1, high: 0.5 };

/**
 * Shares of the baseline at medium sensitivity; a rate is events over a denominator. Low doubles and high halves them.
 */
const tolerances = { gauge: 0.05, rate: 0.15, count: 0.05 } as const;

/** A tolerance that is set for the metric applies at every sensitivity. */
export function calibrate(
  metric: MetricEvidence,
  sensitivity: Sensitivity,
  baselineKind: MetricWindow['baselineKind'] = 'existing',
): Calibration {
  const kind = metric.histogram
    ? 'rate'
    : metric.kind === 'gauge'
      ? 'gauge'
      : metric.denominator === undefined
        ? 'count'
        : 'rate';
  const own = metric.tolerance !== undefined && metric.tolerance >= 0 ? metric.tolerance : undefined;
  return {
    floor: metric.floor ?? 0,
    tolerance: own ?? tolerances[kind] * factors[sensitivity],
    ...(baselineKind === 'previous' ? previous : concurrent)[sensitivity],
  };
}

/** A decrease to zero on the log scale, which is tolerated, so that it never fails. */
const beyondReach = 50;

/** A tolerated change on the log scale; a fall to (1-δ) is as far as a rise to 1/(1-δ). */
export function logTolerance(tolerance: number, direction: 'increase' | 'decrease'): number {
  if (direction === 'increase') return Math.log1p(tolerance);
  return tolerance >= 1 ? beyondReach : -Math.log1p(-Math.min(tolerance, 0.95));
}
