// Writes the LogsQL for a source: its lines in the order of their times, from a place on, and their counts.
import type { CountRequest } from '../../model/ports.ts';
import { mostGroups } from '../transport/countLines.ts';
import { levelFields } from './lines.decode.ts';
import type { Place } from '../transport/readInOrder.ts';
import type { VictoriaLogsSource } from './options.ts';

/**
 * In an order in which lines that change places are equal. A port is let through, as the decoder does; a pattern cannot
 * be turned round: then all lines come, and the decoder takes those of the nodes.
 */
export function writeLinesQuery(
  source: VictoriaLogsSource,
  nodes: readonly string[],
  { skip }: Pick<Place, 'skip'>,
  limit: number,
): string {
  const node = quote(source.nodeAttribute);
  return [
    ...linesOf(source, nodes),
    `sort by (_time, ${node}, _msg)${skip > 0 ? ` offset ${skip}` : ''} limit ${limit}`,
    `fields _time, ${node}, _msg, ${levelFields.join(', ')}`,
  ].join(' | ');
}

/** What each value of the node's field has written. */
export function writeProbeQuery(source: VictoriaLogsSource, nodes: readonly string[]): string {
  const stats = 'count() as lines, min(_time) as first, max(_time) as newest';
  return [...linesOf(source, nodes), `stats by (${quote(source.nodeAttribute)}) ${stats}`].join(' | ');
}

/**
 * Lines that are equal but for their numbers are one group, with its lines by slice and node, and a sample of each
 * side. What only the canary has comes first; with a pattern, the decoder alone knows which nodes are the canary.
 */
export function writeCountQuery(
  source: VictoriaLogsSource,
  { nodes, canaryNodes, sliceMs }: Pick<CountRequest, 'nodes' | 'canaryNodes' | 'sliceMs'>,
): string {
  const node = quote(source.nodeAttribute),
    levels = levelFields.join(', ');
  const isCanary =
    canaryNodes.length === 0 || source.options.nodePattern !== undefined
      ? undefined
      : `${node}:~${quote(matchOf(canaryNodes))}`;
  const sample = (of: string | undefined, name: string): string =>
    `any(backstop_text)${of === undefined ? '' : ` if (${of})`} as ${name}`;
  return [
    ...linesOf(source, nodes),
    'copy _msg as backstop_text',
    'collapse_nums at _msg',
    `stats by (_time:${sliceMs}ms, ${node}, _msg, ${levels}) ` +
      'count() as backstop_lines, any(backstop_text) as backstop_text',
    `stats by (_msg, ${levels}) sum(backstop_lines) as lines, json_values(_time, ${node}, backstop_lines) as counts, ` +
      `sum(backstop_lines) if (${isCanary ?? '*'}) as canary_lines, ` +
      `${sample(isCanary, 'canary_text')}, ${sample(isCanary && `!${isCanary}`, 'baseline_text')}`,
    'math lines - canary_lines as other_lines',
    'total_stats sum(lines) as total',
    `sort by (other_lines, lines desc) limit ${mostGroups}`,
    `fields ${levels}, total, counts, canary_text, baseline_text`,
  ].join(' | ');
}

function linesOf({ nodeAttribute, options: { query, nodePattern } }: VictoriaLogsSource, nodes: readonly string[]) {
  const ofNodes = `filter ${quote(nodeAttribute)}:~${quote(matchOf(nodes))}`;
  return [query.trim(), ...(nodePattern === undefined ? [ofNodes] : [])];
}

function matchOf(nodes: readonly string[]): string {
  const names = nodes.map(name => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  return `^(?:${names})(?::[0-9]{1,5})?$`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
