// Reads metrics from OpenSearch: an aggregation for each metric, by node and interval.
import type { ReadSummary } from '../../model/evidence/analysis.ts';
import { succeed } from '../../model/failure.ts';
import type { Result } from '../../model/failure.ts';
import type { Outside } from '../../model/outside.ts';
import type { ReadRequest } from '../../model/ports.ts';
import { contextOfWindow, windowsOf } from '../transport/computedMetrics.ts';
import { askServer } from '../transport/ownServer.ts';
import { readDeadline } from '../transport/readDeadline.ts';
import { readPage } from '../transport/readPage.ts';
import type { Deliver } from '../vendor.ts';
import type { OpenSearchConnection, OpenSearchMetric, OpenSearchMetrics } from './options.ts';
import { callOf, mostBuckets, mostNodes, writeAggregation } from './search.ts';

export type MetricsRequest = ReadRequest & {
  readonly source: OpenSearchMetrics;
  readonly connection: OpenSearchConnection;
};

export async function readOpenSearchMetrics(
  deps: Outside,
  request: MetricsRequest,
  deliver: Deliver,
  signal: AbortSignal,
): Promise<Result<ReadSummary>> {
  const { source, connection, nodes } = request;
  const deadlineMs = readDeadline(request, deps.clock.now());
  const read = await Promise.all(
    searchesOf(request).map(({ metric, window, body }) => {
      const what = `OpenSearch, metric "${metric.name}"`,
        path = `/${encodeURIComponent(source.options.index)}/_search`;
      return readPage(
        deps.clock,
        { source: source.name, text: body, what, deadlineMs },
        async () => {
          const call = callOf(connection, { method: 'POST', path, parameters: {}, body, what, deadlineMs });
          const answer = await askServer(deps, connection, call, signal);
          if (!answer.ok) return answer;
          const context = contextOfWindow(source, nodes, metric, window),
            { bytes } = answer.value;
          return succeed({
            page: { source: source.name, decoder: 'openSearchBuckets', bytes, context },
            seen: undefined,
          });
        },
        deliver,
        signal,
      );
    }),
  );
  const failed = read.find(one => !one.ok);
  return failed ?? succeed({ queries: read.flatMap(one => (one.ok ? [one.value.record] : [])) });
}

export function describeOpenSearchMetrics(request: MetricsRequest): readonly string[] {
  return searchesOf(request).map(({ body }) => body);
}

function searchesOf(request: MetricsRequest) {
  const { source, nodes } = request,
    metrics: readonly OpenSearchMetric[] = source.metrics;
  return metrics.flatMap(metric =>
    windowsOf(request, mostBuckets / (nodes.length || mostNodes)).map(window => ({
      metric,
      window,
      body: writeAggregation(source, metric, nodes, window),
    })),
  );
}
