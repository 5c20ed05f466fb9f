// Reads node series as plain numbers: what is not a finite number is missing.
import type { NodeSeries } from '../../model/evidence.ts';

export interface NodeValues {
  readonly node: string;
  /** NaN where nothing was measured. */
  readonly values: readonly number[];
}

/** Nodes in the order of their names, without those that never measured anything: the order of keys must not matter. */
export function readNodes(series: NodeSeries): NodeValues[] {
  return Object.keys(series).sort()
    .map(node => ({ node, values: series[node]!.map(value => (typeof value === 'number' && Number.isFinite(value) ? value : Number.NaN)) }))
    .filter(({ values }) => values.some(value => !Number.isNaN(value)));
}

export function lengthOf(series: NodeSeries): number {
  return Object.values(series).reduce((longest, values) => Math.max(longest, values.length), 0);
}

export function knownValues(nodes: readonly NodeValues[], length = Infinity): number[] {
  return nodes.flatMap(({ values }) => values.slice(0, length).filter(value => !Number.isNaN(value)));
}

/** Whether these nodes fell silent over the last third of the window while those went on: what they showed before says nothing of now. */
export function fellSilent(nodes: NodeSeries, others: NodeSeries): boolean {
  const length = lengthOf(others);
  const seen = (series: NodeSeries): number => readNodes(series).reduce((sum, { values }) => sum + values.slice(Math.floor(2 * length / 3)).filter(value => !Number.isNaN(value)).length, 0);
  return length >= 6 && seen(nodes) === 0 && seen(others) >= Math.max(3, length / 6);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function median(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN;
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Each node's history put before its window, all of one length, so that one index is one interval on every node. */
export function joinHistory(nodes: readonly NodeValues[], before: readonly NodeValues[]): { readonly nodes: NodeValues[]; readonly history: number } {
  const history = before.reduce((longest, { values }) => Math.max(longest, values.length), 0);
  const joined = nodes.map(({ node, values }) => {
    const earlier = before.find(other => other.node === node)?.values ?? [];
    return { node, values: [...Array.from({ length: history - earlier.length }, () => Number.NaN), ...earlier, ...values] };
  });
  return { nodes: joined, history };
}
