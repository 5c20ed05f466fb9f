// The share of the traffic that the canary receives. It is measured by metrics that count requests, if the number of
// nodes does not determine it.
import type { AnalysisSettings, Look } from '../model/evidence/analysis.ts';
import type { MetricQuery } from '../model/healthSource.ts';
import type { Check, Reason } from '../model/evidence/verdict.ts';
import type { MetricsState } from './metricsEvidence.ts';
import { settingsOf } from './sides.ts';

export interface Traffic {
  /** The share of the canary, from 0 to 1. */
  readonly share: number;
  /**
   * The metric that counts the requests. Absent if there is none; the share is then that of the weight or of the nodes.
   */
  readonly metric?: string;
}

/** With fewer requests, a share means little. */
const leastRequests = 50;
/** Five times as much or as little as expected: only a canary without traffic is reported. */
const anyTraffic = 5;

/** The count that other counts of a source are a share of. */
export function requestsOf(metrics: readonly MetricQuery[]): MetricQuery | undefined {
  return metrics.find(({ name, kind }) => kind === 'count' && metrics.some(one => one.denominator === name));
}

/**
 * If the traffic is measured, counts become shares of the requests, and the number of requests itself is not a
 * regression.
 */
export function withMeasuredTraffic(settings: AnalysisSettings): AnalysisSettings {
  if (!settings.measuresTraffic || settings.baselineNodes.length === 0) return settings;
  return {
    ...settings,
    sources: settings.sources.map(source => {
      const requests = source.kind === 'metrics' ? requestsOf(source.metrics) : undefined;
      if (source.kind !== 'metrics' || !requests) return source;
      const metrics = source.metrics.map((metric): MetricQuery => {
        if (metric.name === requests.name) return { ...metric, tolerance: anyTraffic };
        return metric.kind === 'count' && metric.denominator === undefined
          ? { ...metric, denominator: requests.name }
          : metric;
      });
      return { ...source, metrics };
    }),
  };
}

/** Undefined if it is not needed, or if no baseline shares the traffic. */
export function measureTraffic(
  sources: readonly MetricsState[],
  settings: AnalysisSettings,
  look: Look,
): Traffic | undefined {
  const { measuresTraffic, canaryNodes, baselineNodes, trafficWeight } = settings;
  if (!measuresTraffic || baselineNodes.length === 0) return undefined;
  for (const { source, past, endMs } of sources) {
    const requests = requestsOf(source.metrics);
    if (!requests || look.unread[source.name] !== undefined) continue;
    const own = settingsOf(settings, source);
    const count = (nodes: readonly string[]): number =>
      Object.values(past.points.series(requests.name, nodes, settings.canarySinceMs, endMs))
        .flat()
        .reduce<number>((sum, value) => sum + (value ?? 0), 0);
    const canary = count(own.canaryNodes),
      all = canary + count(own.baselineNodes);
    if (canary > 0 && canary < all && all >= leastRequests) return { share: canary / all, metric: requests.name };
  }
  const ratio = (trafficWeight * canaryNodes.length) / baselineNodes.length;
  return { share: ratio / (1 + ratio) };
}

export function ratioOf({ share }: Traffic): number {
  return share / (1 - share);
}

/** Logs are compared relative to it. For metrics, only a source that counts no requests depends on the assumption. */
export function withTraffic(check: Check, traffic: Traffic | undefined, { sources }: AnalysisSettings): Check {
  if (!traffic) return check;
  const source = sources.find(({ name }) => name === check.source);
  if (source?.kind === 'metrics' && (traffic.metric !== undefined || requestsOf(source.metrics))) return check;
  const { share, metric } = traffic;
  const reason: Reason =
    metric === undefined
      ? { code: 'traffic-assumed', values: { share } }
      : { code: 'traffic-measured', values: { share, metric } };
  return { ...check, reasons: [...check.reasons, reason] };
}
