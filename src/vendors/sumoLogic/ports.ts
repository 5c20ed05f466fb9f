// Talks to Sumo Logic: health sources, and what their searches would scan.
import { createSumoCounter } from './counter.ts';
import { createSumoLogs, type LogsRequest } from './logs.ts';
import { createSumoMetrics, type SumoMetricsRequest } from './metrics.ts';
import type { SumoMetric } from './options.ts';
import { estimateScan, type SumoScanQuestion } from './scan.ts';
import type { VendorPorts } from '../vendor.ts';

export const sumoLogicPorts: VendorPorts = {
  source(outside) {
    const logs = createSumoLogs(outside),
      metrics = createSumoMetrics(outside);
    return {
      read: (request, deliver, signal) =>
        request.source.kind === 'metrics'
          ? metrics.read(request as SumoMetricsRequest, deliver, signal)
          : logs.read(request as LogsRequest, deliver, signal),
      describe: request =>
        request.source.kind === 'metrics'
          ? metrics.describe(request as SumoMetricsRequest)
          : logs.describe(request as LogsRequest),
      counter: createSumoCounter(outside),
      hintOfMetric: metric => `Check \`query\`: ${(metric as SumoMetric).options.query}`,
      estimate: (question, signal) => estimateScan(outside, question as SumoScanQuestion, signal),
    };
  },
};
