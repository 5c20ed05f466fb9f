// Metric points as they come, and the window of complete buckets that the tests look at.
import type { AnalysisSettings } from '../model/analysis.ts';
import type { MetricPoint, MetricWindow, NodeSeries } from '../model/evidence.ts';
import type { MetricQuery } from '../model/pipeline.ts';

export interface PointStore {
  /** A bucket asked for again replaces what was there. */
  add(points: readonly MetricPoint[]): void;
  /** Buckets that lie wholly in the canary's time and ended by `endMs`, and those of the time before. */
  window(metrics: readonly MetricQuery[], settings: AnalysisSettings, endMs: number): MetricWindow;
}

export function createPointStore(): PointStore {
  /** metric -> node -> start of bucket -> value */
  const values = new Map<string, Map<string, Map<number, number | null>>>();
  function series(metric: string, nodes: readonly string[], fromMs: number, toMs: number, intervalMs: number): NodeSeries {
    const first = Math.ceil(fromMs / intervalMs), count = Math.max(0, Math.floor(toMs / intervalMs) - first);
    return Object.fromEntries(nodes.map(node => {
      const buckets = values.get(metric)?.get(node);
      return [node, Array.from({ length: count }, (_, index) => buckets?.get((first + index) * intervalMs) ?? null)];
    }));
  }
  return {
    add(points) {
      for (const { metric, node, atMs, value } of points) {
        let nodes = values.get(metric);
        if (!nodes) values.set(metric, nodes = new Map());
        let buckets = nodes.get(node);
        if (!buckets) nodes.set(node, buckets = new Map());
        buckets.set(atMs, value);
      }
    },
    window(metrics, settings, endMs) {
      const { canaryNodes, baselineNodes, canarySinceMs, beforeFromMs, beforeToMs, intervalMs, baselineKind, trafficWeight } = settings;
      const alone = baselineNodes.length === 0;
      return {
        intervalMs, trafficWeight, baselineKind: alone ? 'previous' : baselineKind,
        metrics: metrics.map(({ name, kind, denominator, direction, unit, tolerance }) => ({
          name, kind, direction, unit, ...(denominator !== undefined && { denominator }), ...(tolerance !== undefined && { tolerance }),
          canary: series(name, canaryNodes, canarySinceMs, endMs, intervalMs),
          baseline: alone ? series(name, canaryNodes, beforeFromMs, beforeToMs, intervalMs) : series(name, baselineNodes, canarySinceMs, endMs, intervalMs),
          before: alone ? {} : series(name, baselineNodes, beforeFromMs, beforeToMs, intervalMs),
        })),
      };
    },
  };
}
