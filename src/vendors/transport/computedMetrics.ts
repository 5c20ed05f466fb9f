// Which intervals are asked of a vendor that computes the values of a metric itself.
import { sideAttribute, type MetricQuery, type MetricsSource } from '../../model/healthSource.ts';
import type { ReadRequest } from '../../model/ports.ts';
import { textMember } from './decode/json.decode.ts';

/** Intervals of one query; each begins at a multiple of its length. */
export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
  readonly intervalMs: number;
}

/**
 * The intervals that have ended by the end of the request, in windows of at most `mostIntervals`.
 * `leastMs`: no interval of the vendor is shorter; every interval is a multiple of it.
 */
export function windowsOf(
  request: Pick<ReadRequest, 'fromMs' | 'toMs' | 'intervalMs'>,
  mostIntervals: number,
  leastMs = 1_000,
): readonly Window[] {
  const intervalMs = Math.max(1, Math.ceil(request.intervalMs / leastMs)) * leastMs;
  const firstMs = Math.floor(request.fromMs / intervalMs) * intervalMs,
    endMs = Math.floor(request.toMs / intervalMs) * intervalMs;
  const longestMs = Math.max(1, Math.floor(mostIntervals)) * intervalMs;
  const windows: Window[] = [];
  for (let fromMs = firstMs; fromMs < endMs; fromMs += longestMs)
    windows.push({ fromMs, toMs: Math.min(endMs, fromMs + longestMs), intervalMs });
  return windows;
}

/** The count that a metric is a share of. */
export function wholeOf<Metric extends MetricQuery>(metrics: readonly Metric[], metric: Metric): Metric | undefined {
  return metrics.find(({ name }) => name === metric.denominator);
}

/** Context of a page, for `gridOf`. */
export function contextOfWindow(
  source: MetricsSource,
  nodes: readonly string[],
  metric: MetricQuery,
  { fromMs, toMs, intervalMs }: Window,
) {
  const nodePattern = textMember(source.options, 'nodePattern');
  return {
    metric: metric.name,
    kind: metric.kind,
    node: sideAttribute(source, metric),
    nodes: JSON.stringify(nodes),
    ...(nodePattern !== undefined && source.versionAttribute === undefined && { nodePattern }),
    fromMs,
    toMs,
    intervalMs,
  };
}
