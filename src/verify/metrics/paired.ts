// Pairs canary and baseline interval by interval, so that what happens to both cancels, and learns how nodes differ and how noisy they are.
import type { Noise } from './means.ts';
import { NodeGroup, remembered, type NodeSpread } from './nodeGroup.ts';
import { joinHistory, median, select, type NodeValues } from './series.ts';
import { logSumExp } from '../specialFunctions.ts';

/** What is believed before the first value, and how many observations that belief is worth. */
export interface PairedPrior {
  /** Standard deviation of one node's value about its level, and between the levels of two nodes. */
  readonly noise: number;
  readonly nodeSpread: number;
}

const weights = { noise: 3, persistence: 12 } as const;
/** Standard deviations of the nodes' levels, in units of the usual one, and how often each is met: many services have nodes as like as peas, some have not. */
const spreads = [
  [0.15, 0.25],
  [0.45, 0.2],
  [0.85, 0.25],
  [1.4, 0.2],
  [2.2, 0.1],
] as const;
/** Canary nodes that differ by more than so many times what is usual may be what is wrong: they do not excuse themselves. */
const widestSpread = 2;
const usualPersistence = 0.25;
/** Pairs of residuals from which on the nodes themselves say how noisy they are. */
const enoughPairs = 30;
/** A squared step beyond this many times the middle one (five standard deviations) is a shift, not noise. */
const farthestStep = 25;
/** An estimate from few values is as likely too low: persistence that is missed is what makes false alarms. */
const persistenceMargin = 0.02,
  unsureMargin = 0.5;
/** Steps so far apart tell persistence from noise, and a shift of the level touches few of them. */
const farther = 4;

interface PairedState {
  /** Canary minus baseline per interval, NaN where either is missing. */
  readonly differences: readonly number[];
  /** The level of each per interval. */
  readonly own: { readonly canary: readonly number[]; readonly baseline: readonly number[] };
  readonly noise: Noise;
  /** Variance of the difference between the two sides that mere nodes make. */
  readonly offsetVariance: number;
}

/** Reads history once, then interval after interval; what it says after n intervals depends on those n alone. */
export class PairedSeries {
  private readonly canary: NodeGroup;
  private readonly baseline: NodeGroup;
  private readonly differences: number[] = [];
  /** Those that are known, and the squares of the steps between them, one and four apart. */
  private readonly known: number[] = [];
  private readonly steps: number[] = [];
  private readonly farSteps: number[] = [];
  private readonly own = { canary: [] as number[], baseline: [] as number[] };
  private readonly history: number;
  private readonly prior: PairedPrior;

  constructor(
    canary: readonly NodeValues[],
    baseline: readonly NodeValues[],
    before: readonly NodeValues[],
    prior: PairedPrior,
  ) {
    const joined = joinHistory(baseline, before);
    this.canary = new NodeGroup(canary);
    this.baseline = new NodeGroup(joined.nodes);
    this.history = joined.history;
    this.prior = prior;
    for (let interval = 0; interval < joined.history; interval += 1) this.baseline.read(interval);
  }

  advanceTo(length: number, tolerance: number): PairedState {
    for (let interval = this.differences.length; interval < length; interval += 1) {
      const [canary, baseline] = [this.canary.read(interval), this.baseline.read(this.history + interval)];
      this.own.canary.push(canary);
      this.own.baseline.push(baseline);
      this.learn(canary - baseline);
    }
    const noise = this.estimateNoise();
    return {
      differences: tame(this.differences, this.known, noise, tolerance),
      own: this.own,
      noise,
      offsetVariance: this.estimateOffset(),
    };
  }

  private learn(difference: number): void {
    this.differences.push(difference);
    if (Number.isNaN(difference)) return;
    const { known } = this;
    known.push(difference);
    if (known.length > 1) this.steps.push((difference - known.at(-2)!) ** 2);
    if (known.length > farther) this.farSteps.push((difference - known.at(-1 - farther)!) ** 2);
  }

  /** Standard deviation of one interval's difference while nothing has regressed. */
  get deviation(): number {
    const { innovation, persistence } = this.estimateNoise();
    return Math.sqrt(this.estimateOffset() + innovation ** 2 / (1 - persistence ** 2));
  }

  private get share(): number {
    return 1 / this.canary.size + 1 / this.baseline.size;
  }

  private estimateOffset(): number {
    const canary = this.canary.spread();
    const excused = canary.freedom * (widestSpread ** 2 * this.prior.nodeSpread ** 2 + canary.noise);
    return (
      expectSpread(
        [this.baseline.spread(), { ...canary, squares: Math.min(canary.squares, excused) }],
        this.prior.nodeSpread,
      ) * this.share
    );
  }

  /** Half the mean square of steps is the variance that a shift of the level cannot inflate; times 1+r it is that of an AR(1)'s innovations. */
  private estimateNoise(): Noise {
    const known = this.baseline.pairs;
    const wellKnown = known > enoughPairs;
    const fromNodes = this.baseline.stepVariance * this.share;
    const { steps } = this;
    const fromSteps =
      steps.length === 0
        ? 0
        : clippedMean(
            steps,
            wellKnown ? Math.max(18 * fromNodes, 4 * lowerMiddle(steps)) : farthestStep * median(steps),
          ) / 2;
    const weight = { nodes: Math.min(known, 20), steps: steps.length, prior: wellKnown ? 0 : weights.noise };
    const total = weight.nodes + weight.steps + weight.prior;
    const believed = wellKnown ? 0 : this.believedVariance();
    const blend = (fromNodes * weight.nodes + fromSteps * weight.steps + believed * weight.prior) / total;
    const persistence = this.estimatePersistence(wellKnown ? [] : steps);
    return { innovation: Math.sqrt((1 + persistence) * Math.max(blend, fromNodes) * (1 + 1 / total)), persistence };
  }

  /** Without fellows to compare with, a node's own steps say how noisy it may be (too much so when both sides move together). */
  private believedVariance(): number {
    const own = [...this.canary.ownSteps.slice(-remembered), ...this.baseline.ownSteps.slice(-remembered)];
    const found = own.length === 0 ? 0 : (own.length * clippedMean(own, farthestStep * median(own))) / 2;
    return ((found + weights.noise * this.prior.noise ** 2) / (own.length + weights.noise)) * this.share;
  }

  private estimatePersistence(steps: readonly number[]): number {
    const pairs = Math.min(this.baseline.pairs, 100);
    const seen = steps.length === 0 ? 0 : this.farSteps.length;
    const bySteps =
      seen === 0
        ? 0
        : persistenceFrom(
            clippedMean(this.farSteps, 9 * median(this.farSteps)) /
              Math.max(clippedMean(steps, 9 * median(steps)), 1e-300),
          );
    const sum = this.baseline.persistence * pairs + bySteps * seen + usualPersistence * weights.persistence;
    const margin = persistenceMargin + (seen === 0 ? 0 : unsureMargin / Math.sqrt(seen));
    return Math.min(0.95, Math.max(0, sum / (pairs + seen + weights.persistence)) + margin);
  }
}

/** Expected variance of the nodes' levels after what both sides' nodes show. */
function expectSpread(groups: readonly NodeSpread[], usual: number): number {
  const logs = spreads.map(([times, often]) =>
    groups.reduce((log, { squares, freedom, noise }) => {
      const variance = (times * usual) ** 2 + noise;
      return log - (freedom / 2) * Math.log(variance) - squares / (2 * variance);
    }, Math.log(often)),
  );
  const total = logSumExp(logs);
  return spreads.reduce((sum, [times], k) => sum + Math.exp(logs[k]! - total) * (times * usual) ** 2, 0);
}

/** Mean square steps of an AR(1), four apart over one apart: 1 + r + r² + r³. */
function persistenceFrom(ratio: number): number {
  let [low, high] = [0, 0.98];
  for (let halving = 0; halving < 20; halving += 1) {
    const r = (low + high) / 2;
    if (1 + r + r * r + r * r * r < ratio) low = r;
    else high = r;
  }
  return low;
}

function lowerMiddle(values: readonly number[]): number {
  return values.length === 0 ? 0 : select(values, (values.length - 1) >> 1);
}

function clippedMean(values: readonly number[], limit: number): number {
  return values.reduce((sum, value) => sum + Math.min(value, limit), 0) / values.length;
}

/** Cuts single outliers to three robust standard deviations beyond what is tolerated about the middle level. */
function tame(differences: readonly number[], known: readonly number[], noise: Noise, tolerance: number): number[] {
  const centre = median(known);
  const scale = 1.4826 * median(known.map(value => Math.abs(value - centre)));
  const limit = tolerance + 3 * Math.max(scale, noise.innovation);
  return differences.map(value =>
    Number.isNaN(value) ? value : Math.min(centre + limit, Math.max(centre - limit, value)),
  );
}
