// Writes the NRQL for a source of logs: how many lines there are, when, and the lines of a window; and what counts
// lines where they are: how many each node has, and the patterns of both sides.
import { widenSlices } from '../../../model/evidence/counts.ts';
import type { CountRequest } from '../../../model/ports.ts';
import { quoteNrql } from './quoteNrql.ts';
import type { NewRelicLogsSource } from '../options.ts';
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

function selected({ nodeAttribute, options: { messageAttribute = 'message' } }: NewRelicLogsSource): readonly string[] {
  return [...new Set(['timestamp', 'messageId', 'level', ...traceAttributes, messageAttribute, nodeAttribute])];
}

function conditionOf({ options: { where }, nodeAttribute }: NewRelicLogsSource, { nodes }: LogWindow): string {
  return `(${where}) AND ${quoteAttribute(nodeAttribute)} IN (${nodes.map(quoteNrql).join(', ')})`;
}

function spanOf({ fromMs, toMs }: LogWindow): string {
  return `SINCE ${fromMs} UNTIL ${toMs}`;
}

/** Each has a column of its own. */
export const mostNodes = 50;

/** What belongs to a pattern, of which lines without one, or with what was thrown beside it, are no part. */
const isMatched =
    "newrelic.logPattern IS NOT NULL AND newrelic.logPattern != 'nr.DID_NOT_MATCH' AND error.class IS NULL",
  isUnmatched = "(newrelic.logPattern IS NULL OR newrelic.logPattern = 'nr.DID_NOT_MATCH' OR error.class IS NOT NULL)";

export function writeNodesQuery(source: NewRelicLogsSource, window: LogWindow): string {
  return (
    "SELECT count(*) AS 'lines', min(timestamp) AS 'first', max(timestamp) AS 'newest' FROM Log " +
    `WHERE ${conditionOf(source, window)} FACET ${quoteAttribute(source.nodeAttribute)} ${spanOf(window)} LIMIT MAX`
  );
}

/** By alias, for `decodeNewRelicCounts`: lines without a pattern are read. */
export function writeCountQueries(
  source: NewRelicLogsSource,
  { fromMs, toMs, nodes, canaryNodes, sliceMs }: LogWindow & Pick<CountRequest, 'canaryNodes' | 'sliceMs'>,
): Readonly<Record<'all' | 'groups' | 'slices' | 'lines', string>> {
  const window = { fromMs, toMs, nodes },
    of = conditionOf(source, window),
    span = spanOf(window),
    byPattern = `FROM Log WHERE ${of} AND ${isMatched} FACET newrelic.logPattern ${span} LIMIT MAX`;
  const others = nodes.filter(node => !canaryNodes.includes(node)),
    among = (names: readonly string[]) =>
      `${quoteAttribute(source.nodeAttribute)} IN (${(names.length > 0 ? names : ['']).map(quoteNrql).join(', ')})`;
  const latest = (attribute: string, names: readonly string[], alias: string) =>
    `filter(latest(${attribute}), WHERE ${among(names)}) AS '${alias}'`;
  const samples = [
    latest('message', canaryNodes, 'canaryText'),
    latest('message', others, 'baselineText'),
    latest('level', canaryNodes, 'canaryLevel'),
    latest('level', others, 'baselineLevel'),
  ];
  const counts = (names: readonly string[], alias: string) => `filter(count(*), WHERE ${among(names)}) AS '${alias}'`;
  return {
    all: `SELECT count(*) AS 'lines' FROM Log WHERE ${of} ${span}`,
    groups: `SELECT ${[...samples, ...nodes.map((node, i) => counts([node], `node${i}`))].join(', ')} ${byPattern}`,
    slices:
      `SELECT ${counts(canaryNodes, 'canary')}, ${counts(others, 'baseline')} ${byPattern} ` +
      `TIMESERIES ${sliceMs / 1000} seconds`,
    lines:
      `SELECT ${selected(source).map(quoteAttribute).join(', ')} FROM Log ` +
      `WHERE ${of} AND ${isUnmatched} ${span} LIMIT MAX`,
  };
}

/** As wide as the vendor's limit on buckets wants it. */
export function widen(window: Pick<CountRequest, 'fromMs' | 'toMs' | 'sliceMs'>): number {
  return widenSlices(window, maxBuckets);
}
