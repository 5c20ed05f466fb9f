// Narrows a person's LogQL to the nodes of a deployment.
import type { LokiSource } from './options.ts';

/** Offset of the brace that closes the stream selector; undefined where the query does not begin with one. */
export function endOfSelector(query: string): number | undefined {
  if (!/^\s*\{/.test(query)) return undefined;
  let quote = '';
  for (let i = 0; i < query.length; i++) {
    const character = query[i]!;
    if (quote === '"' && character === '\\') i++;
    else if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === '`') quote = character;
    else if (character === '}') return i;
  }
  return undefined;
}

export function selectorOf(query: string): string {
  return query.slice(0, (endOfSelector(query) ?? query.length) + 1).trim();
}

/**
 * The nodes are a matcher of the selector, or a filter behind the last stage; a port is let through, as the decoder
 * does. A pattern cannot be turned round: then all lines come, and the decoder takes those of the nodes.
 */
export function narrowToNodes({ nodeAttribute, options }: LokiSource, nodes: readonly string[]): string {
  const query = options.query.trim(),
    end = endOfSelector(query);
  if (options.nodePattern !== undefined || end === undefined) return query;
  const names = nodes.map(node => node.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  const matcher = `${nodeAttribute}=~\`(?:${names})(?::[0-9]{1,5})?\``;
  if (options.nodeIn === 'line') return `${query} | ${matcher}`;
  const selector = query.slice(0, end).trimEnd();
  return `${selector}${/[{,]$/.test(selector) ? '' : ', '}${matcher}${query.slice(end)}`;
}
