// Writes the NRQL for a source of logs: how many lines there are, when, and the lines of a window.
import { quoteNrql } from './quoteNrql.ts';
import type { NewRelicLogsSource } from './options.ts';
import { maxBuckets, quoteAttribute } from './nrql.ts';

export interface LogWindow {
  readonly fromMs: number;
  readonly toMs: number;
  readonly nodes: readonly string[];
}

/** Lines by bucket, whole seconds wide, the first from `fromMs` on; of a window too short for two, in all. */
export function writeCountQuery(
  source: NewRelicLogsSource,
  window: LogWindow,
): { readonly nrql: string; readonly bucketMs: number } {
  const bucketMs = Math.max(1, Math.ceil((window.toMs - window.fromMs) / maxBuckets / 1000)) * 1000;
  const series = window.toMs - window.fromMs < 2 * bucketMs ? '' : ` TIMESERIES ${bucketMs / 1000} seconds`;
  return {
    nrql: `SELECT count(*) AS 'lines' FROM Log WHERE ${conditionOf(source, window)} ${spanOf(window)}${series}`,
    bucketMs,
  };
}

/** The newest lines come first, and those beyond the limit not at all. */
export function writeLinesQuery(source: NewRelicLogsSource, window: LogWindow): string {
  return (
    `SELECT ${selected(source).map(quoteAttribute).join(', ')} FROM Log WHERE ${conditionOf(source, window)} ` +
    `${spanOf(window)} LIMIT MAX`
  );
}

/** Agents put what was thrown beside the line, not into it. */
export const traceAttributes = ['error.class', 'error.message', 'error.stack'] as const;

export function selected({
  nodeAttribute,
  options: { messageAttribute = 'message' },
}: NewRelicLogsSource): readonly string[] {
  return [...new Set(['timestamp', 'messageId', 'level', ...traceAttributes, messageAttribute, nodeAttribute])];
}

export function conditionOf({ options: { where }, nodeAttribute }: NewRelicLogsSource, { nodes }: LogWindow): string {
  return `(${where}) AND ${quoteAttribute(nodeAttribute)} IN (${nodes.map(quoteNrql).join(', ')})`;
}

export function spanOf({ fromMs, toMs }: LogWindow): string {
  return `SINCE ${fromMs} UNTIL ${toMs}`;
}
