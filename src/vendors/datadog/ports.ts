// Talks to Datadog: health sources and change events.
import { readComputed } from '../transport/readComputed.ts';
import type { VendorPorts } from '../vendor.ts';
import { discoverDatadog } from './discover.ts';
import { describeDatadogLogs, readDatadogLogs, type LogsRequest } from './logs.ts';
import { createDatadogMarkers } from './markers.ts';
import { questionsOf, type MetricsRequest } from './metrics.ts';

export const datadogPorts: VendorPorts = {
  source: outside => ({
    read(request, deliver, signal) {
      if (request.source.kind === 'logs') return readDatadogLogs(outside, request as LogsRequest, deliver, signal);
      const asked = request as MetricsRequest;
      const vendor = { title: 'Datadog', decoder: 'datadogSeries' };
      return readComputed(outside, asked, vendor, questionsOf(asked), deliver, signal);
    },
    describe: request =>
      request.source.kind === 'logs'
        ? describeDatadogLogs(request as LogsRequest)
        : [...new Set(questionsOf(request as MetricsRequest).map(({ text }) => text))],
    hintOfMetric: () => 'Check the `query` of the metric and the tag behind `by`.',
  }),
  markers: createDatadogMarkers,
  discover: outside => (question, signal) => discoverDatadog(outside, question, signal),
};
