// Talks to ClickHouse: health sources.
import type { VendorPorts } from '../vendor.ts';
import { createClickHouseCounter } from './counter.ts';
import { describeClickHouseLogs, hintOfClickHouseNodes, readClickHouseLogs, type ClickHouseRequest } from './logs.ts';

export const clickHousePorts: VendorPorts = {
  source: outside => ({
    read: (request, deliver, signal) => readClickHouseLogs(outside, request as ClickHouseRequest, deliver, signal),
    describe: request => describeClickHouseLogs(request as ClickHouseRequest),
    hintOfMetric: () => '',
    counter: createClickHouseCounter(outside),
    hintOfNodes: (request, signal) => hintOfClickHouseNodes(outside, request as ClickHouseRequest, signal),
  }),
};
