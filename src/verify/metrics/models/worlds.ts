// Possible combinations of noise and node spread (worlds), and their likelihoods according to the nodes of one side.
import { Filter, noiseModels, stepShare } from './noiseModels.ts';

/**
 * Possible standard deviations between the levels of two nodes of one service, on the log scale, from nearly identical
 * to very different.
 */
export const nodeSpreads = [0.01, 0.02, 0.04, 0.08, 0.15, 0.28] as const;
/**
 * Prior probabilities, wider than most services show, chosen by false alarms and detection on generated deployments
 * (November 2026). `gauge`: levels of a process. `rate`: error rates, where nodes differ more. `traffic`: the load from
 * a load balancer, where nodes differ less.
 */
export const nodeSpreadOdds = {
  gauge: [0.3, 0.32, 0.3, 0.055, 0.02, 0.005],
  rate: [0.15, 0.2, 0.25, 0.22, 0.13, 0.05],
  traffic: [0.33, 0.33, 0.25, 0.08, 0.009, 0.001],
} as const;
export type SpreadKind = keyof typeof nodeSpreadOdds;

/** The typical standard deviation of a deviation that lasts minutes, on the log scale. */
const usualWander = 0.1;
/**
 * By how much a world is less likely for each unit of its variance, per model: what lasts for less than a minute is
 * only noise.
 */
export const wandering = noiseModels.map(({ lastingSec, fresh }) =>
  lastingSec < 60 ? 0 : (1 - fresh) / (2 * usualWander ** 2),
);

/**
 * How far the estimate of the noise may be from the truth: usually by up to a factor of 1.6. Occasionally the canary is
 * much noisier than the other nodes, which may move together by chance (such as two processes that collect garbage at
 * the same time).
 */
export const noiseScales = [0.6, 1, 1.6, 2.6] as const;
export const noiseScaleOdds = [0.2, 0.5, 0.22, 0.08] as const;

/** Index of a world: noise model, scale of the noise, node spread. */
const worldCount = noiseModels.length * noiseScales.length * nodeSpreads.length;

/**
 * ln of how likely one series of differences between nodes of one side made each world: it has a level of its own, and
 * no shift.
 */
export class Contrast {
  private readonly filters: readonly Filter[];
  /** Per model: sums of y², y·1 and 1·1, and of ln variance. */
  private readonly sums: readonly Float64Array[];
  private count = 0;

  constructor(intervalMs: number) {
    this.filters = noiseModels.map(model => new Filter(model, intervalMs));
    this.sums = noiseModels.map(() => new Float64Array(4));
  }

  read(interval: number, value: number): void {
    this.count += 1;
    this.filters.forEach((filter, j) => {
      filter.read(interval, [value, 1]);
      const [y, one] = filter.rest as [number, number];
      const sums = this.sums[j]!;
      sums[0]! += (y * y) / filter.variance;
      sums[1]! += (y * one) / filter.variance;
      sums[2]! += (one * one) / filter.variance;
      sums[3]! += Math.log(filter.variance);
    });
  }

  /** Adds its own to the ln likelihood of each world; `variances`: of the noise, per model. */
  weigh(logs: Float64Array, variances: readonly number[], share: number): void {
    if (this.count === 0) return;
    let k = 0;
    noiseModels.forEach((_, j) => {
      const [yy, y1, ones, logVariance] = this.sums[j]! as unknown as [number, number, number, number];
      for (const scale of noiseScales) {
        const v = variances[j]! * scale * scale;
        for (const spread of nodeSpreads) {
          const level = ones / v + 1 / (spread * spread);
          logs[k]! +=
            -0.5 *
            share *
            (this.count * Math.log(v) +
              logVariance +
              yy / v -
              (y1 / v) ** 2 / level +
              Math.log(level * spread * spread));
          k += 1;
        }
      }
    });
  }
}

/** Assigns all worlds the same prior probability. */
export function evenPrior(): Float64Array {
  return new Float64Array(worldCount);
}

/** Variances of the noise, per model, of which the steps from one interval to the next have this half mean square. */
export function variancesOf(stepVariance: number, intervalMs: number): number[] {
  return noiseModels.map(model => stepVariance / stepShare(model, intervalMs));
}

/** Variance of one node's value, level and noise together, as far as the nodes tell. */
export function worldVariance(prior: Float64Array, variances: readonly number[], kind: SpreadKind): number {
  const top = prior.reduce((highest, log) => Math.max(highest, log), -Infinity);
  let [sum, weights, k] = [0, 0, 0];
  for (let j = 0; j < noiseModels.length; j += 1)
    for (let m = 0; m < noiseScales.length; m += 1)
      for (let i = 0; i < nodeSpreads.length; i += 1, k += 1) {
        const weight = Math.exp(prior[k]! - top) * noiseScaleOdds[m]! * nodeSpreadOdds[kind][i]!;
        sum += weight * (variances[j]! * noiseScales[m]! ** 2 + nodeSpreads[i]! ** 2);
        weights += weight;
      }
  return sum / weights;
}
