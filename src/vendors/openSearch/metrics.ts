// Reads metrics from OpenSearch: an aggregation for each metric, by node and interval.
import type { ReadSummary } from '../../model/evidence/analysis.ts';
import type { Result } from '../../model/failure.ts';
import type { Outside } from '../../model/outside.ts';
import type { ReadRequest } from '../../model/ports.ts';
import { windowsOf } from '../transport/computedMetrics.ts';
import { readComputed, type MetricQuestion } from '../transport/readComputed.ts';
import type { Deliver } from '../vendor.ts';
import type { OpenSearchConnection, OpenSearchMetric, OpenSearchMetrics } from './options.ts';
import { mostBuckets, mostNodes, writeAggregation, writeCall } from './search.ts';

export type MetricsRequest = ReadRequest & {
  readonly source: OpenSearchMetrics;
  readonly connection: OpenSearchConnection;
};

export function readOpenSearchMetrics(
  deps: Outside,
  request: MetricsRequest,
  deliver: Deliver,
  signal: AbortSignal,
): Promise<Result<ReadSummary>> {
  const vendor = { title: 'OpenSearch', decoder: 'openSearchBuckets' };
  return readComputed(deps, request, vendor, questionsOf(request), deliver, signal);
}

export function describeOpenSearchMetrics(request: MetricsRequest): readonly string[] {
  return questionsOf(request).map(({ text }) => text);
}

function questionsOf(request: MetricsRequest): readonly MetricQuestion[] {
  const { source, connection, nodes } = request,
    metrics: readonly OpenSearchMetric[] = source.metrics,
    path = `/${encodeURIComponent(source.options.index)}/_search`;
  return metrics.flatMap(metric =>
    windowsOf(request, mostBuckets / (nodes.length || mostNodes)).map(window => {
      const body = writeAggregation(source, metric, nodes, window);
      return { metric, window, text: body, call: writeCall(connection, { method: 'POST', path, body }) };
    }),
  );
}
