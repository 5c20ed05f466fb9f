// Writes the range queries for a source: one for each metric and window, and one for the count that it is a share of.
import type { ReadRequest } from '../../model/ports.ts';
import { leadOf } from '../transport/decode/counters.decode.ts';
import type { PrometheusMetric, PrometheusSource } from './options.ts';

export type PrometheusRequest = ReadRequest & { readonly source: PrometheusSource };

/** What `matrix.decode.ts` makes the points of one page from. */
export interface RangeQuery {
  readonly metric: PrometheusMetric;
  readonly query: string;
  /** Of a share: the count that it is a share of. Where it has a value, the node reported, and "none" is zero. */
  readonly presence?: string;
  /** A multiple of the interval, as is `toMs`. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly intervalMs: number;
}

/** The server refuses a range of more than 11,000 points. */
const mostPoints = 10_000;

/**
 * Intervals lie at multiples of their length (whole seconds, at least one), and each has the value at its end: a range
 * selector of one interval then covers that interval, and a counter stands as it stood when the interval was over. Only
 * intervals that have ended by `toMs` are asked for.
 */
export function writeRangeQueries(request: PrometheusRequest): readonly RangeQuery[] {
  const { source } = request;
  const intervalMs = Math.max(1, Math.ceil(request.intervalMs / 1000)) * 1000;
  const firstMs = Math.floor(request.fromMs / intervalMs) * intervalMs,
    toMs = Math.floor(request.toMs / intervalMs) * intervalMs;
  const metrics: readonly PrometheusMetric[] = source.metrics;
  return metrics.flatMap(metric => {
    const isCounter = metric.isCumulative === true || metric.histogram !== undefined;
    const leadMs = isCounter ? Math.min(leadOf(intervalMs), firstMs) : 0,
      longestMs = mostPoints * intervalMs - leadMs;
    const whole = metrics.find(({ name }) => name === metric.denominator);
    const queries: RangeQuery[] = [];
    for (let start = firstMs; start < toMs; start += longestMs)
      queries.push({
        metric,
        query: fill(metric, source, intervalMs),
        ...(whole && { presence: fill(whole, source, intervalMs) }),
        fromMs: start - leadMs,
        toMs: Math.min(toMs, start + longestMs),
        intervalMs,
      });
    return queries;
  });
}

/** A rate needs two scrapes, and one may be late or fail. */
const scrapesOfRate = 4;

export function fill(
  { options: { query } }: PrometheusMetric,
  { options: { scrapeMs } }: PrometheusSource,
  intervalMs: number,
): string {
  const seconds = (durationMs: number): string => `${Math.ceil(durationMs / 1000)}s`;
  return query
    .replaceAll(/\$(?:__rate_interval|\{__rate_interval\})/g, seconds(Math.max(intervalMs, scrapesOfRate * scrapeMs)))
    .replaceAll(/\$(?:__interval|\{__interval\})/g, seconds(intervalMs));
}
