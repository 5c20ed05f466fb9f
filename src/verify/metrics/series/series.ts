// Reads the series of nodes as plain numbers; anything that is not a finite number is missing.
import type { NodeSeries } from '../../../model/evidence/evidence.ts';

export interface NodeValues {
  readonly node: string;
  /** NaN if nothing was measured. */
  readonly values: readonly number[];
}

/**
 * The nodes that measured anything, in order of their values: neither the order of keys nor the names may affect the
 * result, not even in the last digit.
 */
export function readNodes(series: NodeSeries): readonly NodeValues[] {
  const known = read.get(series);
  if (known) return known;
  const nodes = Object.keys(series)
    .map(node => ({
      node,
      values: series[node]!.map(value => (typeof value === 'number' && Number.isFinite(value) ? value : Number.NaN)),
    }))
    .filter(({ values }) => values.some(value => !Number.isNaN(value)))
    .sort((one, other) => compareValues(one.values, other.values) || (one.node < other.node ? -1 : 1));
  read.set(series, nodes);
  return nodes;
}

function compareValues(one: readonly number[], other: readonly number[]): number {
  const length = Math.min(one.length, other.length);
  for (let k = 0; k < length; k += 1) {
    const [a, b] = [one[k]!, other[k]!];
    if (a !== b && !(Number.isNaN(a) && Number.isNaN(b))) return Number.isNaN(a) || a < b ? -1 : 1;
  }
  return one.length - other.length;
}

/** Several tests need the same series, such as the denominator of several counts. */
const read = new WeakMap<NodeSeries, readonly NodeValues[]>();

export function lengthOf(series: NodeSeries): number {
  return Object.values(series).reduce((longest, values) => Math.max(longest, values.length), 0);
}

export function knownValues(nodes: readonly NodeValues[], length = Infinity): number[] {
  const known: number[] = [];
  for (const { values } of nodes) {
    const end = Math.min(length, values.length);
    for (let interval = 0; interval < end; interval += 1)
      if (!Number.isNaN(values[interval]!)) known.push(values[interval]!);
  }
  return known;
}

/**
 * True if these nodes sent nothing in the last third of the window while the others did; their earlier values say
 * nothing about now.
 */
export function fellSilent(nodes: NodeSeries, others: NodeSeries): boolean {
  const length = lengthOf(others);
  const seen = (series: NodeSeries): number =>
    readNodes(series).reduce(
      (sum, { values }) =>
        sum + values.slice(Math.floor((2 * length) / 3)).filter(value => !Number.isNaN(value)).length,
      0,
    );
  return length >= 6 && seen(nodes) === 0 && seen(others) >= Math.max(3, length / 6);
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function median(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN;
  const middle = values.length >> 1;
  const { value: upper, arranged } = arrange(values, middle);
  if (values.length % 2 === 1) return upper;
  let lower = -Infinity;
  for (let k = 0; k < middle; k += 1) if (arranged[k]! > lower) lower = arranged[k]!;
  return (lower + upper) / 2;
}

/** The value at `rank` in sorted order. */
export function select(values: readonly number[], rank: number): number {
  return arrange(values, rank).value;
}

/**
 * A copy in which no value before `rank` is larger, and none behind it smaller, than the one there: in linear time
 * (Hoare's selection).
 */
function arrange(values: readonly number[], rank: number): { readonly value: number; readonly arranged: Float64Array } {
  const arranged = new Float64Array(values);
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const pivot = arranged[(low + high) >> 1]!;
    let [left, right] = [low, high];
    while (left <= right) {
      while (arranged[left]! < pivot) left += 1;
      while (arranged[right]! > pivot) right -= 1;
      if (left > right) break;
      const swapped = arranged[left]!;
      arranged[left] = arranged[right]!;
      arranged[right] = swapped;
      left += 1;
      right -= 1;
    }
    if (rank <= right) high = right;
    else if (rank >= left) low = left;
    else break;
  }
  return { value: arranged[rank]!, arranged };
}

export function clippedMean(values: readonly number[], limit: number): number {
  return values.reduce((sum, value) => sum + Math.min(value, limit), 0) / values.length;
}

/** Each node's history put before its window, all of one length, so that one index is one interval on every node. */
export function joinHistory(
  nodes: readonly NodeValues[],
  before: readonly NodeValues[],
): { readonly nodes: NodeValues[]; readonly history: number } {
  const history = before.reduce((longest, { values }) => Math.max(longest, values.length), 0);
  const joined = nodes.map(({ node, values }) => {
    const earlier = before.find(other => other.node === node)?.values ?? [];
    return { node, values: new Array<number>(history - earlier.length).fill(Number.NaN).concat(earlier, values) };
  });
  return { nodes: joined, history };
}
