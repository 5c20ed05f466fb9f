// The nodes of one side: the level of the group in each interval, and what the nodes show when they are compared with
// each other.
import { Contrast } from '../models/worlds.ts';
import type { NodeValues } from './series.ts';
import { SpikeClip } from '../models/spikes.ts';

interface NodeState {
  values: readonly number[];
  /** Its level above the group's. */
  offset: number;
  seen: number;
  /** Its last value; NaN if there is none. */
  last: number;
}

/** Steps that are kept, at least: of all comparisons among nodes, and of the nodes themselves. */
const keptSteps = 100,
  keptOwnSteps = 50;
/** Comparisons among the nodes of one side: more would say little more, and cost time. */
const mostContrasts = 8;

interface Comparison {
  readonly contrast: Contrast;
  readonly clip: SpikeClip;
  last: number;
}

export class NodeGroup {
  /** Half the squared steps of the comparisons, and of each node's own successive values, the latest of them. */
  readonly steps: number[] = [];
  readonly ownSteps: number[] = [];
  /** Nodes that were measured in the interval read last. */
  present = 0;
  private readonly nodes: NodeState[];
  private readonly comparisons: readonly Comparison[];
  private readonly widest: number;

  /** `widest`: a difference of level beyond this among the nodes is taken for this. */
  constructor(nodes: readonly NodeValues[], intervalMs: number, widest: number) {
    this.nodes = nodes.map(({ values }) => ({ values, offset: 0, seen: 0, last: Number.NaN }));
    this.comparisons = Array.from({ length: Math.max(0, Math.min(nodes.length - 1, mostContrasts)) }, () => ({
      contrast: new Contrast(intervalMs),
      clip: new SpikeClip(false),
      last: Number.NaN,
    }));
    this.widest = widest;
  }

  /** The same nodes, measured for longer. */
  extend(nodes: readonly NodeValues[]): void {
    nodes.forEach(({ values }, k) => (this.nodes[k]!.values = values));
  }

  get size(): number {
    return this.nodes.length;
  }

  get contrasts(): readonly Contrast[] {
    return this.comparisons.map(({ contrast }) => contrast);
  }

  /**
   * The group's level in one interval, adjusted for missing nodes; NaN if no node was measured. Intervals are read in
   * order.
   */
  read(interval: number): number {
    const present: NodeState[] = [];
    let sum = 0;
    for (const node of this.nodes) {
      const value = node.values[interval];
      if (value === undefined || Number.isNaN(value)) continue;
      if (!Number.isNaN(node.last)) keep(this.ownSteps, (value - node.last) ** 2 / 2, keptOwnSteps);
      node.last = value;
      present.push(node);
      sum += value - node.offset;
    }
    this.compare(interval);
    this.present = present.length;
    if (present.length === 0) return Number.NaN;
    const level = sum / present.length;
    if (present.length > 1)
      for (const node of present) {
        node.seen += 1;
        node.offset += (node.values[interval]! - level - node.offset) / (node.seen + 1);
      }
    return level;
  }

  /**
   * Compares each node with the mean of those before it (Helmert's contrasts): for independent nodes, these comparisons
   * are independent, and each is as noisy as one node.
   */
  private compare(interval: number): void {
    let sum = 0;
    for (let k = 0; k <= this.comparisons.length && k < this.nodes.length; k += 1) {
      const value = this.nodes[k]!.values[interval];
      if (value === undefined || Number.isNaN(value)) return;
      if (k > 0) this.take(this.comparisons[k - 1]!, interval, (sum / k - value) * Math.sqrt(k / (k + 1)));
      sum += value;
    }
  }

  private take(comparison: Comparison, interval: number, value: number): void {
    if (!Number.isNaN(comparison.last)) keep(this.steps, (value - comparison.last) ** 2 / 2, keptSteps);
    comparison.last = value;
    const middle =
      this.steps.length < 8 ? Infinity : Math.sqrt(1.5 * (this.steps.reduce((a, b) => a + b, 0) / this.steps.length));
    const clipped = comparison.clip.read(value, 0, middle);
    comparison.contrast.read(interval, Math.max(-this.widest, Math.min(this.widest, clipped)));
  }
}

function keep(values: number[], value: number, most: number): void {
  if (values.length >= 2 * most) values.splice(0, most);
  values.push(value);
}
