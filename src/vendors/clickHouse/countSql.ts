// Writes the SQL that counts the lines of a source where they are.
import type { CountRequest } from '../../model/ports.ts';
import { longestSample, mostGroups } from '../transport/countLines.ts';
import type { ClickHouseRequest } from './logs.ts';
import { conditionsOf, quote } from './sql.ts';

/** The lines of each node, without their texts. */
export function writeProbeQuery(request: ClickHouseRequest): string {
  const { nodeAttribute, options } = request.source,
    ms = millisecondsOf(options.time);
  return (
    `SELECT toString(${nodeAttribute}) AS backstop_node, count(), min(${ms}), max(${ms}) ` +
    `FROM ${options.table} WHERE ${conditionsOf(request.source, request)} GROUP BY backstop_node FORMAT JSONCompact`
  );
}

/**
 * Words with a digit in them are parameters: lines that are equal but for those are one group, whose sample is grouped
 * here once more. Inside, a line is looked at once; outside, each group is put together from its nodes and its slices
 * of time.
 */
export function writeCountQuery(request: ClickHouseRequest & CountRequest): string {
  const { nodeAttribute, options } = request.source,
    { table, time, text, level } = options,
    { canaryNodes, fromMs, sliceMs } = request;
  const isCanary =
    canaryNodes.length === 0 ? '0' : `toString(${nodeAttribute}) IN (${canaryNodes.map(quote).join(', ')})`;
  const template = `replaceRegexpAll(toString(${text}), '[A-Za-z0-9_]*[0-9][A-Za-z0-9_]*', '0')`;
  const counted =
    `SELECT cityHash64(${template}) AS backstop_template, ` +
    `${level === undefined ? "''" : `toString(${level})`} AS backstop_level, ` +
    `toString(${nodeAttribute}) AS backstop_node, ${isCanary} AS backstop_canary, ` +
    `intDiv(${millisecondsOf(time)} - ${Math.floor(fromMs)}, ${sliceMs}) AS backstop_slice, ` +
    `count() AS backstop_lines, any(toString(${text})) AS backstop_text ` +
    `FROM ${table} WHERE ${conditionsOf(request.source, request)} ` +
    'GROUP BY backstop_template, backstop_level, backstop_node, backstop_canary, backstop_slice';
  const side = (of: string): string =>
    `substringUTF8(anyIf(backstop_text, ${of}), 1, ${longestSample}), ` +
    `sumMapIf([backstop_slice], [backstop_lines], ${of}), sumMapIf([backstop_node], [backstop_lines], ${of})`;
  return (
    `SELECT backstop_level, sum(backstop_lines), ${side('backstop_canary')}, ${side('NOT backstop_canary')} ` +
    `FROM (${counted}) GROUP BY backstop_template, backstop_level WITH TOTALS ` +
    'ORDER BY countIf(NOT backstop_canary) = 0 DESC, sum(backstop_lines) DESC, backstop_template ' +
    `LIMIT ${mostGroups} FORMAT JSONCompact`
  );
}

function millisecondsOf(time: string): string {
  return `toUnixTimestamp64Milli(toDateTime64(${time}, 3))`;
}
