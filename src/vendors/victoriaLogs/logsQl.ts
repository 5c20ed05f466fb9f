// Writes the LogsQL for a source: its lines in the order of their times, from a place on.
import { levelFields } from './lines.decode.ts';
import type { Place } from '../transport/readInOrder.ts';
import type { VictoriaLogsSource } from './options.ts';

/**
 * In an order in which lines that change places are equal. A port is let through, as the decoder does; a pattern cannot
 * be turned round: then all lines come, and the decoder takes those of the nodes.
 */
export function writeLinesQuery(
  { nodeAttribute, options: { query, nodePattern } }: VictoriaLogsSource,
  nodes: readonly string[],
  { skip }: Pick<Place, 'skip'>,
  limit: number,
): string {
  const node = quote(nodeAttribute);
  const names = nodes.map(name => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  return [
    query.trim(),
    ...(nodePattern === undefined ? [`filter ${node}:~${quote(`^(?:${names})(?::[0-9]{1,5})?$`)}`] : []),
    `sort by (_time, ${node}, _msg)${skip > 0 ? ` offset ${skip}` : ''} limit ${limit}`,
    `fields _time, ${node}, _msg, ${levelFields.join(', ')}`,
  ].join(' | ');
}

function quote(text: string): string {
  return JSON.stringify(text);
}
