// The share of the traffic that each node receives, in any unit, if the pipeline file or a command provides it.

export type NodeWeights = Readonly<Record<string, number>>;

/** Undefined if not every node has a weight, because the unit would be unknown. */
export function weightsOf(
  nodes: readonly { readonly name: string; readonly weight?: number }[],
): NodeWeights | undefined {
  const entries = nodes.flatMap(({ name, weight }) => (weight === undefined ? [] : [[name, weight] as const]));
  return nodes.length > 0 && entries.length === nodes.length ? Object.fromEntries(entries) : undefined;
}

/**
 * The average traffic of a canary node, as a multiple of that of a baseline node. Undefined if not all of these nodes
 * have a weight, or if one side receives nothing.
 */
export function trafficByWeights(
  weights: NodeWeights | undefined,
  canaryNodes: readonly string[],
  baselineNodes: readonly string[],
): number | undefined {
  const canary = meanOf(weights, canaryNodes),
    baseline = meanOf(weights, baselineNodes);
  return canary !== undefined && baseline !== undefined ? canary / baseline : undefined;
}

function meanOf(weights: NodeWeights = {}, nodes: readonly string[]): number | undefined {
  if (!nodes.every(node => Object.hasOwn(weights, node))) return undefined;
  const sum = nodes.reduce((total, node) => total + weights[node]!, 0);
  return sum > 0 ? sum / nodes.length : undefined;
}
