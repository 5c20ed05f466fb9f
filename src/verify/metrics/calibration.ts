// What counts as a regression, and how sure one must be: the numbers behind "low", "medium" and "high".
import type { MetricEvidence } from '../../model/evidence.ts';
import type { Sensitivity } from '../../model/pipeline.ts';

export interface Calibration {
  /** Change of a metric that is nobody's business, as a share of the baseline. */
  readonly tolerance: number;
  /** The same in the metric's own unit; the larger of the two holds. */
  readonly floor: number;
  /**
   * Bound on the chance of failing a deployment without a regression on any of its metrics, however often one looks: K metrics share it, a single one fails at K/α. The tolerances,
   * the nodes' offsets and variances taken rather too large than too small make the true chance far smaller: at medium 1 to 1.5 % of simulated deployments.
   */
  readonly alpha: number;
  /** The same bound for one metric by itself. */
  readonly single: number;
}

const alphas: Readonly<Record<Sensitivity, number>> = { low: 0.04, medium: 0.7, high: 0.9 };
const singles: Readonly<Record<Sensitivity, number>> = { low: 0.02, medium: 0.1, high: 0.2 };
const factors: Readonly<Record<Sensitivity, number>> = { low: 2, medium: 1, high: 0.5 };

/** Shares of the baseline, at medium sensitivity; a rate is events over a denominator. Low doubles them, high halves them. */
const tolerances = { gauge: 0.05, rate: 0.15, count: 0.05 } as const;

/** A tolerance written on the metric wins, at any sensitivity. */
export function calibrate(metric: MetricEvidence, sensitivity: Sensitivity): Calibration {
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
    alpha: alphas[sensitivity],
    single: singles[sensitivity],
  };
}

/** A fall by all there is, on the log scale: what is tolerated never fails. */
const beyondReach = 50;

/** A tolerated change on the log scale; a fall to (1-δ) is as far as a rise to 1/(1-δ). */
export function logTolerance(tolerance: number, direction: 'increase' | 'decrease'): number {
  if (direction === 'increase') return Math.log1p(tolerance);
  return tolerance >= 1 ? beyondReach : -Math.log1p(-Math.min(tolerance, 0.95));
}
