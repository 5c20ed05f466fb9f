// The share of the traffic that each node receives, in any unit, where the pipeline file or a command says it.

export type NodeWeights = Readonly<Record<string, number>>;

/** Undefined where not every node says one: it would not be known in which unit. */
export function weightsOf(
  nodes: readonly { readonly name: string; readonly weight?: number }[],
): NodeWeights | undefined {
  const entries = nodes.flatMap(({ name, weight }) => (weight === undefined ? [] : [[name, weight] as const]));
  return nodes.length > 0 && entries.length === nodes.length ? Object.fromEntries(entries) : undefined;
}

/**
 * What a node of the canary receives as a multiple of what a node of the baseline does, on average. Undefined: the
 * weights do not say it of all of these nodes, or one side receives nothing.
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
