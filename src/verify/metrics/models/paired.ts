// Pairs canary and baseline interval by interval, so that common effects cancel out, and learns from the nodes of both
// sides how much they differ and how noisy they are.
import { NodeGroup } from '../series/nodeGroup.ts';
import { ShiftSeries, type ShiftEvidence, type WarmUp } from './shifts.ts';
import { evenPrior, variancesOf, worldVariance, type SpreadKind } from './worlds.ts';
import { clippedMean, joinHistory, median, type NodeValues } from '../series/series.ts';
import { SpikeClip } from './spikes.ts';

/**
 * Standard deviation of one node's steps from one interval to the next before the first value, and how many steps that
 * belief is worth.
 */
export interface PairedPrior {
  readonly noise: number;
  readonly kind: SpreadKind;
  /** Variance that a node of the canary has beyond that of the others, since it counts less. */
  readonly canaryNoise: number;
  /** Variance of the noise of a canary node in units of that of the others. */
  readonly canaryTimes: number;
}
const priorSteps = 3;
/**
 * The number of steps among other nodes after which the prior is no longer used, and how much they count at most
 * compared with the steps of the difference itself.
 */
const enoughSteps = 30,
  mostSteps = 40;
/** A squared step beyond this many times the middle one (3.4 standard deviations) is a shift or a spike, not noise. */
const farthestStep = 25;
/**
 * Comparisons of nodes are less independent and less normal than the model assumes, so only this share of their
 * evidence counts.
 */
const trusted = 0.7;
/** Canary nodes that differ by more than this may be what is wrong: they do not excuse themselves. */
const widestExcuse = 0.2;

/** Of the whole run: history once, and both sides from its first interval on. */
export interface PairedInput {
  readonly canary: readonly NodeValues[];
  readonly baseline: readonly NodeValues[];
  readonly before: readonly NodeValues[];
  readonly prior: PairedPrior;
  readonly intervalMs: number;
  /** Intervals of the whole run. */
  readonly planned: number;
}

export interface PairedQuestion {
  readonly directions: readonly ('increase' | 'decrease')[];
  readonly tolerance: number;
  readonly leastNoise: number;
  readonly warmUp: WarmUp;
  /** What the other metrics say of how the nodes differ. */
  readonly outside: readonly number[] | undefined;
}

/** Gives values that never change a likelihood. */
const leastVariance = 1e-6;

/** Reads the history once, then interval after interval. The answers after n intervals depend only on those n. */
export class PairedSeries {
  /** The number of known differences so far. */
  known = 0;
  private readonly canary: NodeGroup;
  private readonly baseline: NodeGroup;
  private readonly shifts: ShiftSeries;
  private readonly clip = new SpikeClip(true);
  private readonly steps: number[] = [];
  private last = Number.NaN;
  private lastTimes = 1;
  private next = 0;
  private readonly own = { canary: [] as number[], baseline: [] as number[] };
  private readonly history: number;
  private readonly intervalMs: number;
  private readonly prior: PairedPrior;

  constructor({ canary, baseline, before, prior, intervalMs, planned }: PairedInput) {
    const joined = joinHistory(baseline, before);
    this.canary = new NodeGroup(canary, intervalMs, widestExcuse);
    this.baseline = new NodeGroup(joined.nodes, intervalMs, Infinity);
    this.shifts = new ShiftSeries(planned, intervalMs, prior.kind);
    this.history = joined.history;
    this.prior = prior;
    this.intervalMs = intervalMs;
    for (let interval = 0; interval < joined.history; interval += 1) this.baseline.read(interval);
  }

  /** Accepts a longer window of the same nodes; values already read must be unchanged. */
  extend({ canary, baseline, before }: PairedInput): void {
    this.canary.extend(canary);
    this.baseline.extend(joinHistory(baseline, before).nodes);
  }

  advanceTo(length: number, tolerance: number): void {
    for (; this.next < length; this.next += 1) {
      const [canary, baseline] = [this.canary.read(this.next), this.baseline.read(this.history + this.next)];
      this.own.canary.push(canary);
      this.own.baseline.push(baseline);
      const difference = canary - baseline;
      if (Number.isNaN(difference)) continue;
      const times = this.timesNoisier;
      if (this.known > 0) this.steps.push((difference - this.last) ** 2 / (times + this.lastTimes));
      this.last = difference;
      this.lastTimes = times;
      this.known += 1;
      const deviation = Math.sqrt(1.2 * this.differenceVariance * times);
      this.shifts.read(this.next, this.clip.read(difference, tolerance, deviation), times);
    }
  }

  measure({ directions, tolerance, leastNoise, warmUp, outside }: PairedQuestion): readonly ShiftEvidence[] {
    const variances = variancesOf(Math.max(this.stepVariance, leastNoise ** 2 / this.share), this.intervalMs);
    const ofDifference = variancesOf(Math.max(this.differenceVariance, leastNoise ** 2), this.intervalMs);
    const prior = this.weighWorlds(variances);
    return directions.map(direction => {
      const sign = direction === 'increase' ? 1 : -1;
      return this.shifts.measure(
        prior,
        ofDifference,
        this.share,
        warmUp,
        {
          sign,
          tolerance,
          rises: riseOf(this.own.canary, sign),
          falls: riseOf(this.own.baseline, -sign as 1 | -1),
        },
        outside,
      );
    });
  }

  /** Standard deviation of one interval's difference without a regression. */
  get deviation(): number {
    const variances = variancesOf(Math.max(this.stepVariance, leastVariance), this.intervalMs);
    return Math.sqrt(worldVariance(this.weighWorlds(variances), variances, this.prior.kind) * this.share);
  }

  private weighWorlds(variances: readonly number[]): Float64Array {
    const logs = evenPrior();
    for (const contrast of [...this.baseline.contrasts, ...this.canary.contrasts])
      contrast.weigh(logs, variances, trusted);
    return logs;
  }

  /** The same of the difference between the sides. */
  private get differenceVariance(): number {
    return this.stepVariance * this.noiseShare + this.prior.canaryNoise / this.canary.size;
  }

  /** Variance of the difference's noise in units of that of a baseline node. */
  private get noiseShare(): number {
    return this.prior.canaryTimes / this.canary.size + 1 / this.baseline.size;
  }

  /** Variance of the difference of levels in units of that of one node. */
  private get share(): number {
    return 1 / this.canary.size + 1 / this.baseline.size;
  }

  /** Where nodes are missing, a mean over the others is noisier: in units of the variance with all of them. */
  private get timesNoisier(): number {
    return (this.prior.canaryTimes / this.canary.present + 1 / this.baseline.present) / this.noiseShare;
  }

  /** Half the mean square of one node's steps is the variance that a shift of the level cannot inflate. */
  private get stepVariance(): number {
    const fellows = [...this.baseline.steps, ...this.canary.steps];
    const { steps } = this;
    const wellKnown = fellows.length >= enoughSteps;
    const weight = {
      fellows: Math.min(fellows.length, mostSteps),
      steps: steps.length,
      prior: wellKnown ? 0 : priorSteps,
    };
    const found = (some: readonly number[]): number => (some.length === 0 ? 0 : clippedMean(some, farthest(some)));
    return (
      (found(fellows) * weight.fellows +
        (Math.max(0, found(steps) - this.prior.canaryNoise / this.canary.size) / this.noiseShare) * weight.steps +
        this.believed * weight.prior) /
      Math.max(1e-9, weight.fellows + weight.steps + weight.prior)
    );
  }

  /**
   * Without fellows to compare with, a node's own steps say how noisy it may be (too much so when both sides move
   * together).
   */
  private get believed(): number {
    const own = [...this.canary.ownSteps, ...this.baseline.ownSteps];
    const found = own.length === 0 ? 0 : own.length * clippedMean(own, farthest(own));
    return (found + priorSteps * this.prior.noise ** 2) / (own.length + priorSteps);
  }
}

/** If most steps are zero, nothing distinguishes a spike from normal values. */
function farthest(steps: readonly number[]): number {
  return farthestStep * median(steps) || Infinity;
}

/** The difference between the mean from an interval on and the mean before it; Infinity if no level is known. */
function riseOf(own: readonly number[], sign: 1 | -1): (from: number) => number {
  const sums = [0];
  const counts = [0];
  own.forEach((value, t) => {
    sums.push(sums[t]! + (Number.isNaN(value) ? 0 : value));
    counts.push(counts[t]! + (Number.isNaN(value) ? 0 : 1));
  });
  return at => {
    const from = Math.min(own.length, Math.floor(at));
    const [before, after] = [counts[from]!, counts[own.length]! - counts[from]!];
    return before === 0 || after === 0
      ? Infinity
      : sign * ((sums[own.length]! - sums[from]!) / after - sums[from]! / before);
  };
}
