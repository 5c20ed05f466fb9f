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
 * In an order in which lines that change places are equal. The names of the results are no column's.
 */
export function writeLinesQuery(source: ClickHouseSource, page: Page): string {
  const { nodeAttribute, options } = source,
    { table, time, text, level } = options;
  return (
    `SELECT toString(toUnixTimestamp64Nano(toDateTime64(${time}, 9))) AS backstop_time, ` +
    `toString(${nodeAttribute}) AS backstop_node, toString(${text}) AS backstop_text` +
    `${level === undefined ? '' : `, toString(${level}) AS backstop_level`} ` +
    `FROM ${table} WHERE ${linesBetween(source, page)} ` +
    `ORDER BY ${time}, backstop_node, backstop_text LIMIT ${page.limit}` +
    `${page.skip > 0 ? ` OFFSET ${page.skip}` : ''} FORMAT JSONCompact`
  );
}

/** The condition that finds the lines of nodes in [fromMs, toMs). */
export function conditionsOf(
  source: ClickHouseSource,
  { nodes, fromMs, toMs }: { readonly nodes: readonly string[]; readonly fromMs: number; readonly toMs: number },
): string {
  return linesBetween(source, { nodes, fromNs: toNs(Math.floor(fromMs)), toNs: toNs(Math.ceil(toMs)) });
}

/**
 * The time is compared as the column has it, so that the key of the table is used; it is given in nanoseconds, whatever
 * its precision.
 */
function linesBetween(
  { nodeAttribute, options: { where, time } }: ClickHouseSource,
  { nodes, fromNs, toNs }: Pick<Page, 'nodes' | 'fromNs' | 'toNs'>,
): string {
  return [
    `${time} >= fromUnixTimestamp64Nano(${fromNs})`,
    `${time} < fromUnixTimestamp64Nano(${toNs})`,
    `(${nodeAttribute}) IN (${nodes.map(quote).join(', ')})`,
    ...(where === undefined ? [] : [`(${where})`]),
  ].join(' AND ');
}

/** Those with the most lines of the last hour. */
export function writeNodesQuery({ nodeAttribute, options: { table, where, time } }: ClickHouseSource): string {
  return (
    `SELECT toString(${nodeAttribute}) AS backstop_node FROM ${table} ` +
    `WHERE ${time} >= now() - INTERVAL 1 HOUR${where === undefined ? '' : ` AND (${where})`} ` +
    'GROUP BY backstop_node ORDER BY count() DESC LIMIT 11 FORMAT JSONCompact'
  );
}

export function toNs(ms: number): bigint {
  return BigInt(ms) * 1_000_000n;
}

export function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
