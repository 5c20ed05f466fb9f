// How much the counts of the baseline's nodes vary beyond chance, between nodes and from interval to interval.
import type { NodeValues } from '../series/series.ts';

/** Prior values, and the number of observations that they are worth. */
const prior = { dispersion: 1.2, dispersionWeight: 15, spreadWeight: 3 } as const;

/** One node's events and exposure (its denominator, or 1 for its time) per interval; NaN where missing. */
export interface NodeCounts {
  readonly events: readonly number[];
  readonly exposure: readonly number[];
}

export function pairWithExposure(
  events: readonly NodeValues[],
  denominators: readonly NodeValues[] | undefined,
): NodeCounts[] {
  return events.map(({ node, values }) => {
    if (denominators === undefined) return { events: values, exposure: values.map(() => 1) };
    const exposure = denominators.find(other => other.node === node)?.values ?? [];
    return { events: values, exposure: values.map((_, t) => exposure[t] ?? Number.NaN) };
  });
}

/** Reads intervals one after another; its answers depend only on those read so far. */
export class Dispersion {
  private readonly perNode: { observed: number; expected: number }[];
  private readonly priorSpread: number;
  private readonly spreading: number;
  private pearson = 0;
  private freedom = 0;

  /** @param spreading how many of the nodes, the first ones, say how the rates of nodes differ */
  constructor(nodes: number, priorSpread: number, spreading: number) {
    this.spreading = spreading;
    this.perNode = Array.from({ length: nodes }, () => ({ observed: 0, expected: 0 }));
    this.priorSpread = priorSpread;
  }

  read(counts: readonly NodeCounts[], interval: number): void {
    let events = 0;
    let exposure = 0;
    const present: number[] = [];
    counts.forEach((node, j) => {
      const weight = node.exposure[interval]! * this.rate(j);
      if (!(node.events[interval]! >= 0) || !(weight > 0)) return;
      present.push(j);
      events += node.events[interval]!;
      exposure += weight;
    });
    if (present.length < 2 || events === 0) return;
    for (const j of present) {
      const share = (counts[j]!.exposure[interval]! * this.rate(j)) / exposure;
      const expected = events * share;
      this.pearson += (counts[j]!.events[interval]! - expected) ** 2 / Math.max(expected, 1e-9);
      this.freedom += 1 - share;
    }
    const plain = present.reduce((sum, j) => sum + counts[j]!.exposure[interval]!, 0);
    for (const j of present) {
      this.perNode[j]!.observed += counts[j]!.events[interval]!;
      this.perNode[j]!.expected += (events * counts[j]!.exposure[interval]!) / plain;
    }
  }

  private rate(node: number): number {
    const { observed, expected } = this.perNode[node]!;
    return (observed + 5) / (expected + 5);
  }

  /** Pearson's χ² over its degrees of freedom, drawn towards a little above 1 while little is known; never below 1. */
  get dispersion(): number {
    return Math.max(
      1,
      (this.pearson + prior.dispersion * prior.dispersionWeight) / (this.freedom + prior.dispersionWeight),
    );
  }

  /** Standard deviation of the nodes' own rates on the log scale, by the method of moments. */
  get spread(): number {
    const believed = this.priorSpread ** 2;
    let sum = prior.spreadWeight * believed;
    let weights: number = prior.spreadWeight;
    const excess = this.dispersion;
    const known = this.spreading < 2 ? [] : this.perNode.filter(({ expected }) => expected > 0);
    for (const { observed, expected } of known) {
      const weight = ((expected * believed) / (excess + expected * believed)) * (1 - 1 / known.length);
      sum +=
        (weight * Math.max(0, (observed / expected - 1) ** 2 - excess / expected)) /
        Math.max(1e-9, 1 - 1 / known.length);
      weights += weight;
    }
    return Math.sqrt(sum / weights);
  }
}
