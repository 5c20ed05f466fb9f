// The central values that people see next to a verdict.
import type { MetricEvidence, MetricWindow } from '../../../model/evidence/evidence.ts';
import { knownValues, mean, median, readNodes } from '../series/series.ts';

export interface Centre {
  /**
   * Gauges: the middle value. Counts: events per unit of their denominator, or per node and interval. Null without
   * data.
   */
  readonly canary: number | null;
  /** What the canary should have shown if it receives a different share of the traffic. */
  readonly baseline: number | null;
  readonly change: number | null;
}

export function describeCentre(
  metric: MetricEvidence,
  denominator: MetricEvidence | undefined,
  window: MetricWindow,
): Centre {
  const canary = centreOf(metric, denominator, 'canary');
  const shared =
    metric.kind === 'count' && denominator === undefined && window.baselineKind !== 'previous'
      ? window.trafficWeight
      : 1;
  const previous = window.baselineKind === 'previous' ? centreOf(metric, denominator, 'before') : null;
  const found = centreOf(metric, denominator, 'baseline') ?? previous;
  const baseline = found === null ? null : found * shared;
  const change =
    canary === null || baseline === null || baseline === 0 ? null : (canary - baseline) / Math.abs(baseline);
  return { canary, baseline, change: change !== null && Number.isFinite(change) ? change : null };
}

function centreOf(
  metric: MetricEvidence,
  denominator: MetricEvidence | undefined,
  role: 'canary' | 'baseline' | 'before',
): number | null {
  const values = knownValues(readNodes(metric[role]));
  if (values.length === 0) return null;
  if (metric.kind === 'gauge') return median(values);
  if (denominator === undefined) return mean(values);
  const requests = knownValues(readNodes(denominator[role])).reduce((sum, value) => sum + value, 0);
  return requests > 0 ? values.reduce((sum, value) => sum + value, 0) / requests : mean(values);
}
