// Pairs canary and baseline interval by interval, so that what happens to both cancels, and learns how nodes differ and how noisy they are.
import type { Noise } from './means.ts';
import { joinHistory, mean, median, type NodeValues } from './series.ts';

/** What is believed before the first value, in shares of the level, and how many observations that belief is worth. */
const prior = { noise: 0.12, noiseWeight: 3, nodeSpread: 0.08, nodeWeight: 3, persistence: 0.2, persistenceWeight: 12 } as const;

interface NodeState {
  readonly values: readonly number[];
  offset: number;
  seen: number;
  previous: number;
}

/** Nodes of one side. Learns each node's own level against its fellows, and the noise around it, as the intervals go by. */
class Side {
  private readonly nodes: NodeState[];
  private squares = 0;
  private products = 0;
  residuals = 0;
  pairs = 0;

  constructor(nodes: readonly NodeValues[]) {
    this.nodes = nodes.map(({ values }) => ({ values, offset: 0, seen: 0, previous: Number.NaN }));
  }

  /** The side's level in one interval, freed of who happens to be missing; NaN where nobody was measured. */
  level(interval: number): number {
    const present = this.nodes.filter(({ values }) => interval < values.length && !Number.isNaN(values[interval]!));
    if (present.length === 0) return Number.NaN;
    const level = mean(present.map(({ values, offset }) => values[interval]! - offset));
    for (const node of this.nodes) if (!present.includes(node)) node.previous = Number.NaN;
    if (present.length > 1) for (const node of present) this.learn(node, node.values[interval]! - level, present.length);
    return level;
  }

  private learn(node: NodeState, deviation: number, present: number): void {
    const limit = this.residuals > 8 ? 4 * Math.sqrt(this.squares / this.residuals) : Infinity;
    const residual = Math.max(-limit, Math.min(limit, deviation - node.offset)) * Math.sqrt(present / (present - 1));
    if (node.seen > 2) {
      this.squares += residual * residual;
      this.residuals += 1;
      if (!Number.isNaN(node.previous)) {
        this.products += residual * node.previous;
        this.pairs += 1;
      }
    }
    node.previous = residual;
    node.seen += 1;
    node.offset += (residual / Math.sqrt(present / (present - 1))) / (node.seen + 1);
  }

  get variance(): number {
    return this.residuals === 0 ? 0 : this.squares / this.residuals;
  }

  get persistence(): number {
    return this.pairs === 0 ? 0 : Math.max(-1, Math.min(1, this.products / this.pairs / Math.max(this.variance, 1e-300)));
  }

  /** Sum of squares of the nodes' levels about their mean, freed of the noise in them, and its degrees of freedom. */
  spread(): { squares: number; freedom: number } {
    const settled = this.nodes.filter(({ seen }) => seen > 2);
    if (settled.length < 2) return { squares: 0, freedom: 0 };
    const centre = mean(settled.map(({ offset }) => offset));
    const noise = this.variance * mean(settled.map(({ seen }) => 1 / seen));
    const squares = settled.reduce((sum, { offset }) => sum + (offset - centre) ** 2, 0);
    return { squares: Math.max(0, squares - (settled.length - 1) * noise), freedom: settled.length - 1 };
  }

  get size(): number {
    return this.nodes.length;
  }
}

export interface PairedState {
  /** Canary minus baseline per interval, NaN where either is missing. */
  readonly differences: readonly number[];
  readonly noise: Noise;
  /** Variance of the difference between the two sides that mere nodes make. */
  readonly offsetVariance: number;
}

/** Reads history once, then interval after interval; what it says after n intervals depends on those n alone. */
export class PairedSeries {
  private readonly canary: Side;
  private readonly baseline: Side;
  private readonly differences: number[] = [];
  private readonly history: number;

  constructor(canary: readonly NodeValues[], baseline: readonly NodeValues[], before: readonly NodeValues[]) {
    const joined = joinHistory(baseline, before);
    this.canary = new Side(canary);
    this.baseline = new Side(joined.nodes);
    this.history = joined.history;
    for (let interval = 0; interval < joined.history; interval += 1) this.baseline.level(interval);
  }

  advanceTo(length: number, tolerance: number): PairedState {
    for (let interval = this.differences.length; interval < length; interval += 1) {
      this.differences.push(this.canary.level(interval) - this.baseline.level(this.history + interval));
    }
    const noise = this.estimateNoise();
    return { differences: tame(this.differences, noise, tolerance), noise, offsetVariance: this.estimateOffset() };
  }

  private estimateOffset(): number {
    const sides = [this.baseline.spread(), this.canary.spread()];
    const squares = sides.reduce<number>((sum, side) => sum + side.squares, prior.nodeWeight * prior.nodeSpread ** 2);
    const freedom = sides.reduce<number>((sum, side) => sum + side.freedom, prior.nodeWeight);
    return squares / freedom * (1 / this.canary.size + 1 / this.baseline.size);
  }

  private estimateNoise(): Noise {
    const share = 1 / this.canary.size + 1 / this.baseline.size;
    const steps = squaredSteps(this.differences, 1);
    const far = squaredSteps(this.differences, 2);
    const known = this.baseline.residuals + this.canary.residuals;
    const nodes = known === 0 ? 0 : (this.baseline.variance * this.baseline.residuals + this.canary.variance * this.canary.residuals) / known;
    const pairs = Math.min(this.baseline.pairs, 60);
    const seen = Math.min(far.length, 20);
    const byRatio = seen === 0 ? 0 : mean(far) / Math.max(mean(steps), 1e-300) - 1;
    const persistence = clamp((this.baseline.persistence * pairs + byRatio * seen + prior.persistence * prior.persistenceWeight) / (pairs + seen + prior.persistenceWeight) + 0.05, 0, 0.95);
    const fromNodes = (1 - persistence * persistence) * nodes * share;
    const fromSteps = steps.length === 0 ? 0 : (1 + persistence) * mean(steps) / 2;
    const weights = { nodes: Math.min(known / 2, 10), steps: steps.length, prior: known > 20 ? 0 : prior.noiseWeight };
    const total = weights.nodes + weights.steps + weights.prior;
    const blend = total === 0 ? 0 : (fromNodes * weights.nodes + fromSteps * weights.steps + prior.noise ** 2 * weights.prior) / total;
    const floor = 1e-3;
    return { innovation: Math.max(Math.sqrt(Math.max(blend, fromNodes)), floor), persistence };
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}

/** Squares of the steps over `lag` intervals, the largest ones cut to what the others allow, so that one jump does not pass for noise. */
function squaredSteps(differences: readonly number[], lag: number): number[] {
  const steps: number[] = [];
  for (let t = lag; t < differences.length; t += 1) {
    const step = differences[t]! - differences[t - lag]!;
    if (!Number.isNaN(step)) steps.push(step * step);
  }
  const limit = 12 * median(steps) / 0.455;
  return steps.map(square => Math.min(square, limit));
}

/** Cuts single outliers to three robust standard deviations beyond what is tolerated about the middle level. */
function tame(differences: readonly number[], noise: Noise, tolerance: number): number[] {
  const known = differences.filter(value => !Number.isNaN(value));
  const centre = median(known);
  const scale = 1.4826 * median(known.map(value => Math.abs(value - centre)));
  const limit = tolerance + 3 * Math.max(scale, noise.innovation);
  return differences.map(value => (Number.isNaN(value) ? value : clamp(value, centre - limit, centre + limit)));
}
