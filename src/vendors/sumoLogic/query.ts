// Narrows a person's Sumo Logic query to the nodes of a deployment.

/**
 * The nodes, if any are given, are AND'ed to the query's scope, which is what stands before its first pipe; operators
 * after it stay as they are.
 */
export function narrowToNodes(query: string, nodeAttribute: string, nodes: readonly string[]): string {
  const end = endOfScope(query);
  const scope = query.slice(0, end).trim() || '*';
  const rest = query.slice(end).trim();
  const anyOf = nodes.map(node => `${nodeAttribute}=${quote(node)}`).join(' or ');
  const ofNodes = anyOf && ` (${anyOf})`;
  return `(${scope})${ofNodes}${rest ? ` ${rest}` : ''}`;
}

/** Offset of the first pipe outside quotes. */
function endOfScope(query: string): number {
  let quoted = false;
  for (let i = 0; i < query.length; i++) {
    const character = query[i];
    if (character === '\\') i++;
    else if (character === '"') quoted = !quoted;
    else if (character === '|' && !quoted) return i;
  }
  return query.length;
}

function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
