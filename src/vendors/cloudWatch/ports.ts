// Talks to CloudWatch: health sources.
import { readComputed } from '../transport/readComputed.ts';
import type { VendorPorts } from '../vendor.ts';
import { discoverCloudWatch } from './discover.ts';
import { describeCloudWatchLogs, hintOfCloudWatchNodes, readCloudWatchLogs, type LogsRequest } from './logs.ts';
import { questionsOf, type MetricsRequest } from './metrics.ts';

export const cloudWatchPorts: VendorPorts = {
  source: outside => ({
    read(request, deliver, signal) {
      if (request.source.kind === 'logs') return readCloudWatchLogs(outside, request as LogsRequest, deliver, signal);
      const asked = request as MetricsRequest;
      const vendor = { title: 'CloudWatch', decoder: 'cloudWatchResults' };
      return readComputed(outside, asked, vendor, questionsOf(asked), deliver, signal);
    },
    describe: request =>
      request.source.kind === 'logs'
        ? describeCloudWatchLogs(request as LogsRequest)
        : [...new Set(questionsOf(request as MetricsRequest).map(({ text }) => text))],
    hintOfMetric: () => 'Check `namespace`, `metric`, `dimensions` and the dimension of `node`.',
    hintOfNodes: async (request, signal) =>
      request.source.kind === 'logs' ? hintOfCloudWatchNodes(outside, request as LogsRequest, signal) : undefined,
  }),
  discover: outside => (question, signal) => discoverCloudWatch(outside, question, signal),
};
