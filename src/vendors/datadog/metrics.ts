// Reads metrics from Datadog: a timeseries for each metric, and for the count that it is a share of.
import type { ReadRequest } from '../../model/ports.ts';
import { wholeOf, windowsOf } from '../transport/computedMetrics.ts';
import type { MetricQuestion } from '../transport/readComputed.ts';
import { datadogAccess } from './access.ts';
import type { DatadogConnection, DatadogMetric, DatadogMetrics } from './options.ts';

export type MetricsRequest = ReadRequest & { readonly source: DatadogMetrics; readonly connection: DatadogConnection };

/** Of more points in a series the vendor makes fewer. */
const mostIntervals = 1_000;

export function questionsOf(request: MetricsRequest): readonly MetricQuestion[] {
  const metrics: readonly DatadogMetric[] = request.source.metrics;
  return metrics.flatMap(metric => {
    const whole = wholeOf(metrics, metric);
    const queries = [metric, ...(whole ? [whole] : [])].map(({ options: { query } }) => query);
    return windowsOf(request, mostIntervals).map(window => ({
      metric,
      window,
      text: queries.join('; '),
      call: {
        method: 'POST',
        path: '/api/v2/query/timeseries',
        parameters: {},
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({
          data: {
            type: 'timeseries_request',
            attributes: {
              from: window.fromMs,
              to: window.toMs - 1,
              interval: window.intervalMs,
              queries: queries.map((query, k) => ({ data_source: 'metrics', name: `q${k}`, query })),
              formulas: queries.map((_, k) => ({ formula: `q${k}` })),
            },
          },
        }),
        access: datadogAccess,
      },
    }));
  });
}
