// Pairs canary and baseline interval by interval, so that what happens to both cancels, and learns how nodes differ and how noisy they are.
import type { Noise } from './means.ts';
import { NodeGroup, remembered } from './nodeGroup.ts';
import { joinHistory, median, select, type NodeValues } from './series.ts';

/** What is believed before the first value, and how many observations that belief is worth. */
export interface PairedPrior {
  /** Standard deviation of one node's value about its level, and between the levels of two nodes. */
  readonly noise: number;
  readonly nodeSpread: number;
}

const weights = { noise: 3, nodes: 3, persistence: 12 } as const;
/** Canary nodes that differ by more than so many times what is usual may be what is wrong: they do not excuse themselves. */
const widestSpread = 2;
const usualPersistence = 0.25;
/** Pairs of residuals from which on the nodes themselves say how noisy they are. */
const enoughPairs = 30;
/** A squared step beyond this many times the middle one (five standard deviations) is a shift, not noise. */
const farthestStep = 25;
/** An estimate from few values is as likely too low: persistence that is missed is what makes false alarms. */
const persistenceMargin = 0.05;

interface PairedState {
  /** Canary minus baseline per interval, NaN where either is missing. */
  readonly differences: readonly number[];
  /** The canary's own level per interval. */
  readonly own: readonly number[];
  readonly noise: Noise;
  /** Variance of the difference between the two sides that mere nodes make. */
  readonly offsetVariance: number;
}

/** Reads history once, then interval after interval; what it says after n intervals depends on those n alone. */
export class PairedSeries {
  private readonly canary: NodeGroup;
  private readonly baseline: NodeGroup;
  private readonly differences: number[] = [];
  /** Those that are known, and the squares of the steps between them, one and two apart. */
  private readonly known: number[] = [];
  private readonly steps: number[] = [];
  private readonly farSteps: number[] = [];
  private readonly own: number[] = [];
  private readonly history: number;
  private readonly prior: PairedPrior;

  constructor(canary: readonly NodeValues[], baseline: readonly NodeValues[], before: readonly NodeValues[], prior: PairedPrior) {
    const joined = joinHistory(baseline, before);
    this.canary = new NodeGroup(canary);
    this.baseline = new NodeGroup(joined.nodes);
    this.history = joined.history;
    this.prior = prior;
    for (let interval = 0; interval < joined.history; interval += 1) this.baseline.read(interval);
  }

  advanceTo(length: number, tolerance: number): PairedState {
    for (let interval = this.differences.length; interval < length; interval += 1) {
      const own = this.canary.read(interval);
      this.own.push(own);
      this.learn(own - this.baseline.read(this.history + interval));
    }
    const noise = this.estimateNoise();
    return { differences: tame(this.differences, this.known, noise, tolerance), own: this.own, noise, offsetVariance: this.estimateOffset() };
  }

  private learn(difference: number): void {
    this.differences.push(difference);
    if (Number.isNaN(difference)) return;
    const { known } = this;
    known.push(difference);
    if (known.length > 1) this.steps.push((difference - known.at(-2)!) ** 2);
    if (known.length > 2) this.farSteps.push((difference - known.at(-3)!) ** 2);
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
    const [baseline, canary] = [this.baseline.spread(), this.canary.spread()];
    const believed = this.prior.nodeSpread ** 2;
    const squares = weights.nodes * believed + baseline.squares + Math.min(canary.squares, canary.freedom * widestSpread ** 2 * believed);
    const freedom = weights.nodes + baseline.freedom + canary.freedom;
    return squares / freedom * this.share;
  }

  /** Half the mean square of steps is the variance that a shift of the level cannot inflate; times 1+r it is that of an AR(1)'s innovations. */
  private estimateNoise(): Noise {
    const known = this.baseline.pairs;
    const wellKnown = known > enoughPairs;
    const fromNodes = this.baseline.stepVariance * this.share;
    const { steps } = this;
    const fromSteps = steps.length === 0 ? 0 : clippedMean(steps, wellKnown ? Math.max(18 * fromNodes, 4 * lowerMiddle(steps)) : farthestStep * median(steps)) / 2;
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
    const found = own.length === 0 ? 0 : own.length * clippedMean(own, farthestStep * median(own)) / 2;
    return (found + weights.noise * this.prior.noise ** 2) / (own.length + weights.noise) * this.share;
  }

  private estimatePersistence(steps: readonly number[]): number {
    const pairs = Math.min(this.baseline.pairs, 100);
    const far = steps.length < 4 ? [] : this.farSteps;
    const byRatio = far.length === 0 ? 0 : Math.min(0.95, Math.max(0, median(far) / Math.max(median(steps), 1e-300) - 1));
    const seen = far.length;
    const sum = this.baseline.persistence * pairs + byRatio * seen + usualPersistence * weights.persistence;
    return Math.min(0.95, Math.max(0, sum / (pairs + seen + weights.persistence)) + persistenceMargin);
  }
}

function lowerMiddle(values: readonly number[]): number {
  return values.length === 0 ? 0 : select(Float64Array.from(values), (values.length - 1) >> 1);
}

function clippedMean(values: readonly number[], limit: number): number {
  return values.reduce((sum, value) => sum + Math.min(value, limit), 0) / values.length;
}

/** Cuts single outliers to three robust standard deviations beyond what is tolerated about the middle level. */
function tame(differences: readonly number[], known: readonly number[], noise: Noise, tolerance: number): number[] {
  const centre = median(known);
  const scale = 1.4826 * median(known.map(value => Math.abs(value - centre)));
  const limit = tolerance + 3 * Math.max(scale, noise.innovation);
  return differences.map(value => (Number.isNaN(value) ? value : Math.min(centre + limit, Math.max(centre - limit, value))));
}
