// Talks to VictoriaLogs: health sources.
import type { VendorPorts } from '../vendor.ts';
import { createVictoriaLogsCounter } from './counter.ts';
import { describeVictoriaLogs, hintOfVictoriaLogsNodes, readVictoriaLogs, type VictoriaLogsRequest } from './logs.ts';

export const victoriaLogsPorts: VendorPorts = {
  source: outside => ({
    read: (request, deliver, signal) => readVictoriaLogs(outside, request as VictoriaLogsRequest, deliver, signal),
    describe: request => describeVictoriaLogs(request as VictoriaLogsRequest),
    hintOfMetric: () => '',
    counter: createVictoriaLogsCounter(outside),
    hintOfNodes: (request, signal) => hintOfVictoriaLogsNodes(outside, request as VictoriaLogsRequest, signal),
  }),
};
