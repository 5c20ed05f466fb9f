// The nodes of one side: each node's own level against its fellows, and the noise around it, learnt as the intervals go by.
import { mean, type NodeValues } from './series.ts';

interface NodeState {
  readonly values: readonly number[];
  /** Its level above the group's. */
  offset: number;
  seen: number;
  /** What was left of it in the interval before, and its last value; NaN where there is none. */
  previous: number;
  last: number;
}

export interface NodeSpread {
  readonly squares: number;
  readonly freedom: number;
  readonly noise: number;
}

/** A node's residuals count once its level is known well enough not to pass for noise. */
const settled = 3;
const outlier = 4;
/** Steps that are kept, at least. */
export const remembered = 50;

export class NodeGroup {
  private readonly nodes: NodeState[];
  private squares = 0;
  private residuals = 0;
  private products = 0;
  private steps = 0;
  /** Steps from one interval to the next that were seen. */
  pairs = 0;
  /** Squared steps between each node's own successive values, the latest of them. */
  readonly ownSteps: number[] = [];

  constructor(nodes: readonly NodeValues[]) {
    this.nodes = nodes.map(({ values }) => ({ values, offset: 0, seen: 0, previous: Number.NaN, last: Number.NaN }));
  }

  get size(): number {
    return this.nodes.length;
  }

  /** The group's level in one interval, freed of who happens to be missing; NaN where nobody was measured. Intervals are read in order. */
  read(interval: number): number {
    const present: NodeState[] = [];
    let sum = 0;
    for (const node of this.nodes) {
      const value = node.values[interval];
      if (value === undefined || Number.isNaN(value)) {
        node.previous = Number.NaN;
        continue;
      }
      if (!Number.isNaN(node.last)) this.remember((value - node.last) ** 2);
      node.last = value;
      present.push(node);
      sum += value - node.offset;
    }
    if (present.length === 0) return Number.NaN;
    const level = sum / present.length;
    if (present.length > 1) {
      const widening = Math.sqrt(present.length / (present.length - 1));
      const limit = this.residuals > 8 ? outlier * Math.sqrt(this.variance) : Infinity;
      for (const node of present) this.learn(node, node.values[interval]! - level, widening, limit);
    }
    return level;
  }

  private remember(squaredStep: number): void {
    if (this.ownSteps.length >= 2 * remembered) this.ownSteps.splice(0, remembered);
    this.ownSteps.push(squaredStep);
  }

  /** `widening` makes up for the node's own part in the level it is compared with. */
  private learn(node: NodeState, deviation: number, widening: number, limit: number): void {
    const residual = Math.max(-limit, Math.min(limit, (deviation - node.offset) * widening));
    if (node.seen >= settled) {
      this.squares += residual * residual;
      this.residuals += 1;
      if (!Number.isNaN(node.previous)) {
        this.products += residual * node.previous;
        this.steps += (residual - node.previous) ** 2 / 2;
        this.pairs += 1;
      }
      node.previous = residual;
    }
    node.seen += 1;
    node.offset += residual / widening / (node.seen + 1);
  }

  private get variance(): number {
    return this.residuals === 0 ? 0 : this.squares / this.residuals;
  }

  /** Half the mean squared step of a node's residual. */
  get stepVariance(): number {
    return this.pairs === 0 ? 0 : this.steps / this.pairs;
  }

  /** Correlation of a node's residual with the one before. */
  get persistence(): number {
    return this.pairs === 0 || this.variance === 0
      ? 0
      : Math.max(-1, Math.min(1, this.products / this.pairs / this.variance));
  }

  /** Sum of squares of the nodes' levels about their mean, its degrees of freedom, and the variance of each that is mere noise. */
  spread(): NodeSpread {
    const known = this.nodes.filter(({ seen }) => seen >= settled);
    if (known.length < 2) return { squares: 0, freedom: 0, noise: 0 };
    const centre = mean(known.map(({ offset }) => offset));
    const persistence = Math.max(0, this.persistence);
    const noise =
      ((this.variance * (1 + persistence)) / (1 - Math.min(0.9, persistence))) *
      mean(known.map(({ seen }) => 1 / seen));
    return {
      squares: known.reduce((sum, { offset }) => sum + (offset - centre) ** 2, 0),
      freedom: known.length - 1,
      noise,
    };
  }
}
