// Writes the SQL for a source: the lines of a window from a moment on, and the nodes that there are.
import type { Place } from '../transport/readInOrder.ts';
import type { ClickHouseSource } from './options.ts';

export interface Page extends Place {
  readonly nodes: readonly string[];
  /** Exclusive. */
  readonly toNs: bigint;
  readonly limit: number;
}

/**
 * In an order in which lines that change places are equal. The time is compared as the column has it, so that the key
 * of the table is used; it is given in nanoseconds, whatever its precision. The names of the results are no column's.
 */
export function writeLinesQuery({ nodeAttribute, options }: ClickHouseSource, page: Page): string {
  const { table, where, time, text, level } = options;
  const conditions = [
    `${time} >= fromUnixTimestamp64Nano(${page.fromNs})`,
    `${time} < fromUnixTimestamp64Nano(${page.toNs})`,
    `(${nodeAttribute}) IN (${page.nodes.map(quote).join(', ')})`,
    ...(where === undefined ? [] : [`(${where})`]),
  ];
  return (
    `SELECT toString(toUnixTimestamp64Nano(toDateTime64(${time}, 9))) AS backstop_time, ` +
    `toString(${nodeAttribute}) AS backstop_node, toString(${text}) AS backstop_text` +
    `${level === undefined ? '' : `, toString(${level}) AS backstop_level`} ` +
    `FROM ${table} WHERE ${conditions.join(' AND ')} ` +
    `ORDER BY ${time}, backstop_node, backstop_text LIMIT ${page.limit}` +
    `${page.skip > 0 ? ` OFFSET ${page.skip}` : ''} FORMAT JSONCompact`
  );
}

/** Those with the most lines of the last hour. */
export function writeNodesQuery({ nodeAttribute, options: { table, where, time } }: ClickHouseSource): string {
  return (
    `SELECT toString(${nodeAttribute}) AS backstop_node FROM ${table} ` +
    `WHERE ${time} >= now() - INTERVAL 1 HOUR${where === undefined ? '' : ` AND (${where})`} ` +
    'GROUP BY backstop_node ORDER BY count() DESC LIMIT 11 FORMAT JSONCompact'
  );
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
