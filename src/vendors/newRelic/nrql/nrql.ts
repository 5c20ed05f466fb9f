// Writes the NRQL for a metrics source: one series query for each metric, group of nodes and window.
import { leadOf } from '../../transport/decode/counters.decode.ts';
import { quoteNrql } from './quoteNrql.ts';
import type { MetricQuery, MetricsSource } from '../../../model/healthSource.ts';
import type { ReadRequest } from '../../../model/ports.ts';
import type { NewRelicMetricsSource, NrqlMetric } from '../options.ts';

/** What `metrics.decode.ts` gives back as one page. */
export interface SeriesQuery {
  readonly metric: NrqlMetric;
  /** Empty: whatever there is. */
  readonly nodes: readonly string[];
  /** A multiple of the interval, as is `toMs`. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly intervalMs: number;
  readonly nrql: string;
  /** For a count with a condition: which nodes reported anything at all, so that "none" is told from "no data". */
  readonly presence?: string;
}

/** TIMESERIES takes no more. */
export const maxBuckets = 366;
/** Keeps a query's text short; facets are limited far above. */
const nodesPerQuery = 100;

/**
 * Buckets lie at multiples of the interval (whole seconds, at least one), so that a bucket asked for again overwrites
 * itself, and only buckets that have ended by `toMs` are asked for: a bucket half over would look like a drop.
 */
export function writeSeriesQueries(
  request: ReadRequest & { readonly source: NewRelicMetricsSource },
): readonly SeriesQuery[] {
  const intervalMs = Math.max(1, Math.ceil(request.intervalMs / 1000)) * 1000;
  const firstMs = Math.floor(request.fromMs / intervalMs) * intervalMs;
  const toMs = Math.floor(request.toMs / intervalMs) * intervalMs;
  const queries: SeriesQuery[] = [];
  const all = request.nodes.length === 0 && request.source.versionAttribute !== undefined;
  const groups = all
    ? [[]]
    : Array.from({ length: Math.ceil(request.nodes.length / nodesPerQuery) }, (_, index) =>
        request.nodes.slice(index * nodesPerQuery, (index + 1) * nodesPerQuery),
      );
  for (const metric of request.source.metrics) {
    for (const nodes of groups) {
      const leadMs = metric.isCumulative ? Math.min(leadOf(intervalMs), firstMs) : 0,
        longestMs = maxBuckets * intervalMs - leadMs;
      for (let start = firstMs; start < toMs; start += longestMs) {
        const window = { nodes, fromMs: start - leadMs, toMs: Math.min(toMs, start + longestMs), intervalMs };
        queries.push(writeSeriesQuery(metric, nodeAttributeOf(request.source, metric), window));
      }
    }
  }
  return queries;
}

/** Where the sides are told apart by version, versions stand in the place of nodes. */
export function nodeAttributeOf({ versionAttribute, nodeAttribute }: MetricsSource, metric: MetricQuery): string {
  return versionAttribute ?? metric.nodeAttribute ?? nodeAttribute;
}

type Window = Pick<SeriesQuery, 'nodes' | 'fromMs' | 'toMs' | 'intervalMs'>;

/** `count(*)` stands beside every value: NerdGraph's rows carry no count of what they were made from. */
function writeSeriesQuery(metric: NrqlMetric, nodeAttribute: string, window: Window): SeriesQuery {
  const { select, from, where: condition } = metric.options;
  const attribute = quoteAttribute(nodeAttribute);
  const ofNodes =
    window.nodes.length === 0
      ? `${attribute} IS NOT NULL`
      : `${attribute} IN (${window.nodes.map(quoteNrql).join(', ')})`;
  const tail =
    `FACET ${attribute} SINCE ${window.fromMs} UNTIL ${window.toMs} LIMIT MAX TIMESERIES ` +
    `${window.intervalMs / 1000} seconds`;
  const where = condition ? `(${condition}) AND ${ofNodes}` : ofNodes;
  return {
    metric,
    ...window,
    nrql:
      `SELECT ${metric.histogram ? writeBounds(select, metric.histogram.bounds) : `${select} AS 'value'`}, ` +
      `count(*) AS 'samples' FROM ${from} WHERE ${where} ${tail}`,
    ...(metric.kind === 'count' &&
      !metric.isCumulative &&
      condition && { presence: `SELECT count(*) AS 'samples' FROM ${from} WHERE ${ofNodes} ${tail}` }),
  };
}

/** A metric as a person would ask for it. */
export function quoteMetric({ options: { select, from, where } }: NrqlMetric): string {
  return `SELECT ${select} FROM ${from}${where ? ` WHERE ${where}` : ''}`;
}

/** All requests, and those above each bound. */
function writeBounds(select: string, bounds: readonly number[]): string {
  const value = /^[\w.`]+$/.test(select) ? select : `(${select})`;
  return [
    `count(${select}) AS 'value'`,
    ...bounds.map((bound, k) => `filter(count(*), WHERE ${value} > ${bound}) AS 'over${k}'`),
  ].join(', ');
}

export function quoteAttribute(name: string): string {
  return /^[A-Za-z_][\w.]*$/.test(name) ? name : `\`${name.replaceAll('`', '')}\``;
}
