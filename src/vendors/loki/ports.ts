// Talks to Loki: health sources.
import type { VendorPorts } from '../vendor.ts';
import { describeLokiLogs, readLokiLogs, type LokiRequest } from './logs.ts';
import { hintOfLokiNodes } from './nodeHint.ts';

export const lokiPorts: VendorPorts = {
  source: outside => ({
    read: (request, deliver, signal) => readLokiLogs(outside, request as LokiRequest, deliver, signal),
    describe: request => describeLokiLogs(request as LokiRequest),
    hintOfMetric: () => '',
    hintOfNodes: (request, signal) => hintOfLokiNodes(outside, request as LokiRequest, signal),
  }),
};
