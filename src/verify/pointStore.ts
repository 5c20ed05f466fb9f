// Stores metric points as they arrive, by metric, node and bucket.
import type { AnalysisSettings } from '../model/evidence/analysis.ts';
import { partOf, type MetricPoint, type NodeSeries } from '../model/evidence/evidence.ts';

export interface PointStore {
  /** A bucket that is read again replaces the earlier value. */
  add(points: readonly MetricPoint[]): void;
  /** The buckets that lie completely in [fromMs, toMs). */
  series(metric: string, nodes: readonly string[], fromMs: number, toMs: number): NodeSeries;
  hasAny(metric: string, nodes: readonly string[], fromMs: number, toMs: number): boolean;
}

/** Eleven days of seconds: no verification is longer, and a vendor's mistaken time must not fill the memory. */
const mostBuckets = 1_000_000;

export function createPointStore({
  intervalMs,
  beforeFromMs,
}: Pick<AnalysisSettings, 'intervalMs' | 'beforeFromMs'>): PointStore {
  const origin = Math.ceil(beforeFromMs / intervalMs);
  /** metric -> node -> value of each bucket from the origin on */
  const values = new Map<string, Map<string, (number | null)[]>>();
  function series(metric: string, nodes: readonly string[], fromMs: number, toMs: number): NodeSeries {
    const first = Math.ceil(fromMs / intervalMs) - origin,
      count = Math.max(0, Math.floor(toMs / intervalMs) - origin - first);
    return Object.fromEntries(
      nodes.map(node => {
        const found =
          values
            .get(metric)
            ?.get(node)
            ?.slice(Math.max(0, first), Math.max(0, first + count)) ?? [];
        return [
          node,
          first >= 0 && found.length === count
            ? found
            : Array.from({ length: count }, (_, index) => found[index + Math.min(0, first)] ?? null),
        ];
      }),
    );
  }
  return {
    add(points) {
      for (const { metric: whole, over, node, atMs, value } of points) {
        const metric = partOf(whole, over);
        let nodes = values.get(metric);
        if (!nodes) values.set(metric, (nodes = new Map()));
        let buckets = nodes.get(node);
        if (!buckets) nodes.set(node, (buckets = []));
        const index = atMs / intervalMs - origin;
        if (!Number.isInteger(index) || index < 0 || index > mostBuckets) continue;
        while (buckets.length < index) buckets.push(null);
        buckets[index] = value;
      }
    },
    series,
    hasAny: (metric, nodes, fromMs, toMs) =>
      Object.values(series(metric, nodes, fromMs, toMs)).some(values => values.some(value => value !== null)),
  };
}
