// Talks to OpenSearch: health sources and deployment markers.
import type { VendorPorts } from '../vendor.ts';
import { createElasticsearchCounter } from './counter.ts';
import { discoverOpenSearch } from './discover.ts';
import { describeOpenSearchLogs, hintOfOpenSearchNodes, readOpenSearchLogs, type LogsRequest } from './logs.ts';
import { createOpenSearchMarkers } from './markers.ts';
import { describeOpenSearchMetrics, readOpenSearchMetrics, type MetricsRequest } from './metrics.ts';

export const openSearchPorts: VendorPorts = {
  source: outside => ({
    read: (request, deliver, signal) =>
      request.source.kind === 'logs'
        ? readOpenSearchLogs(outside, request as LogsRequest, deliver, signal)
        : readOpenSearchMetrics(outside, request as MetricsRequest, deliver, signal),
    describe: request =>
      request.source.kind === 'logs'
        ? describeOpenSearchLogs(request as LogsRequest)
        : describeOpenSearchMetrics(request as MetricsRequest),
    counter: createElasticsearchCounter(outside),
    hintOfMetric: () => 'Check `index`, `where`, and the `where` and `value` of the metric.',
    hintOfNodes: (request, signal) => hintOfOpenSearchNodes(outside, request as LogsRequest | MetricsRequest, signal),
  }),
  markers: createOpenSearchMarkers,
  discover: outside => (question, signal) => discoverOpenSearch(outside, question, signal),
};
