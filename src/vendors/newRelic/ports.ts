// Talks to New Relic: health sources and deployment markers.
import { createNewRelicCounter } from './counter.ts';
import { discoverNewRelic } from './discover.ts';
import { quoteMetric } from './nrql/nrql.ts';
import { createNewRelicMarkers } from './markers.ts';
import { describeNewRelicLogs, readNewRelicLogs, type NewRelicLogsRequest } from './logs.ts';
import { describeNewRelicMetrics, readNewRelicMetrics, type MetricsRequest } from './metrics.ts';
import type { NrqlMetric } from './options.ts';
import type { VendorPorts } from '../vendor.ts';

export const newRelicPorts: VendorPorts = {
  source: outside => ({
    read: (request, deliver, signal) =>
      request.source.kind === 'metrics'
        ? readNewRelicMetrics(outside, request as MetricsRequest, deliver, signal)
        : readNewRelicLogs(outside, request as NewRelicLogsRequest, deliver, signal),
    describe: request =>
      request.source.kind === 'metrics'
        ? describeNewRelicMetrics(request as MetricsRequest)
        : describeNewRelicLogs(request as NewRelicLogsRequest),
    counter: createNewRelicCounter(outside),
    hintOfMetric: metric => `Check \`select\`, \`from\` and \`where\`: ${quoteMetric(metric as NrqlMetric)}`,
  }),
  markers: createNewRelicMarkers,
  discover: outside => (question, signal) => discoverNewRelic(outside, question, signal),
};
