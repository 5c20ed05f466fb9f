// Evidence that events became more frequent on the canary than its share of the exposure explains.
import type { Onset } from './onsets.ts';
import { logSumExp } from '../../specialFunctions.ts';

/** One interval: the events of both sides, and the chance that an event is the canary's if both have the same rate. */
export interface CountInterval {
  readonly canary: number;
  readonly baseline: number;
  readonly share: number;
}

/** ln likelihood of one interval when the canary's rate is exp(shift) times the baseline's. */
type Likelihood<T> = (interval: T, shift: number) => number;

/**
 * Given their sum, each event is the canary's with odds share/(1-share)·exp(shift): what drifts on both sides cancels
 * (Lindon & Malek 2022).
 */
export function conditionalLikelihood({ canary, baseline, share }: CountInterval, shift: number): number {
  if (canary + baseline === 0) return 0;
  const logit = Math.log(share / (1 - share)) + shift;
  return -canary * Math.log1p(Math.exp(-logit)) - baseline * Math.log1p(Math.exp(logit));
}

/** Sizes of regressions beyond the tolerance, on the log scale, equally likely. */
const effectGrid: readonly number[] = [0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.5, 2, 3];
/** A standard normal at five points (Gauss-Hermite): how much busier than its share the canary may be by nature. */
const normalGrid = [
  [-2.8569700138728, 0.0112574113277207],
  [-1.3556261799742659, 0.2220759220056126],
  [0, 0.5333333333333333],
  [1.3556261799742659, 0.2220759220056126],
  [2.8569700138728, 0.0112574113277207],
] as const;

interface CountModel<T> {
  readonly likelihood: Likelihood<T>;
  /** On the log scale. */
  readonly tolerance: number;
  /** Standard deviation, on the log scale, of the canary's own rate about the baseline's without any regression. */
  readonly spread: number;
}

/**
 * Mixture over sizes and onsets of a regression: for each onset, the likelihood with the size, over the one at the
 * tolerance (Lindon & Malek's test as a grid mixture, so that the share may change from interval to interval), both
 * averaged over the canary's natural offset, so that a busier node is no regression. Valid for any smaller ratio too.
 * With no spread, no overdispersion and the first onset alone: L_ω = Σ n_c ln(q_ω/q_0) + n_b ln((1-q_ω)/(1-q_0)), E =
 * mean over ω of exp L_ω.
 */
export class CountEvidence<T> {
  private readonly offsets: readonly (readonly [number, number])[];
  /**
   * Cumulative ln likelihood up to each interval: before an onset, at the tolerance after it, and with each size after
   * it, per offset.
   */
  private readonly calm: Float64Array[] = [];
  private readonly tolerated: Float64Array[] = [];
  private readonly regressed: Float64Array[][] = [];

  constructor(intervals: readonly (T | undefined)[], { likelihood, tolerance, spread }: CountModel<T>) {
    this.offsets = spread > 0 ? normalGrid.map(([at, weight]) => [at * spread, Math.log(weight)] as const) : [[0, 0]];
    const accumulate = (shift: number): Float64Array => {
      const sums = new Float64Array(intervals.length + 1);
      intervals.forEach((interval, t) => {
        sums[t + 1] = sums[t]! + (interval === undefined ? 0 : likelihood(interval, shift));
      });
      return sums;
    };
    for (const [offset] of this.offsets) {
      this.calm.push(accumulate(offset));
      this.tolerated.push(accumulate(offset + tolerance));
      this.regressed.push(effectGrid.map(size => accumulate(offset + tolerance + size)));
    }
  }

  /**
   * @returns ln E after the first `length` intervals; `dispersion` is the variance of a count over that of a Poisson
   * count, 1 or more.
   */
  measure(onsets: readonly Onset[], length: number, dispersion: number): number {
    return logSumExp(
      onsets.map(({ from, logWeight }) => {
        const nulls: number[] = [];
        const alternatives: number[] = [];
        this.offsets.forEach(([, weight], k) => {
          const calm = this.calm[k]![from]!;
          nulls.push(weight + (calm + this.tolerated[k]![length]! - this.tolerated[k]![from]!) / dispersion);
          for (const sums of this.regressed[k]!)
            alternatives.push(weight + (calm + sums[length]! - sums[from]!) / dispersion);
        });
        return logWeight + logSumExp(alternatives) - Math.log(effectGrid.length) - logSumExp(nulls);
      }),
    );
  }
}
