// Talks to Prometheus: health sources.
import type { VendorPorts } from '../vendor.ts';
import { discoverPrometheus } from './discover.ts';
import { describePrometheusMetrics, readPrometheusMetrics, type MetricsRequest } from './metrics.ts';
import { hintOfPrometheusNodes } from './nodeHint.ts';
import type { PrometheusMetric } from './options.ts';

export const prometheusPorts: VendorPorts = {
  source: outside => ({
    read: (request, deliver, signal) => readPrometheusMetrics(outside, request as MetricsRequest, deliver, signal),
    describe: request => describePrometheusMetrics(request as MetricsRequest),
    hintOfMetric: metric => `Check \`query\`: ${(metric as PrometheusMetric).options.query}`,
    hintOfNodes: (request, signal) => hintOfPrometheusNodes(outside, request as MetricsRequest, signal),
  }),
  discover: outside => (question, signal) => discoverPrometheus(outside, question, signal),
};
