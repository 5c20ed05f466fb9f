// Datadog on the stages of log servers and of vendors that compute metrics.
import { decodeDatadogLogs } from '../../../src/vendors/datadog/logs.decode.ts';
import type { DatadogLogs, DatadogMetrics } from '../../../src/vendors/datadog/options.ts';
import { decodeDatadogSeries } from '../../../src/vendors/datadog/series.decode.ts';
import { createLogStage } from '../logServer/stage.ts';
import type { MetricServer } from '../metricServer/stage.ts';
import { createDatadogServer, type DatadogServerOptions } from './server.ts';

const common = { vendor: 'datadog', connection: 'dog', nodeAttribute: 'host', delayMs: 0 } as const;

export const source: DatadogLogs = { ...common, kind: 'logs', name: 'app logs', options: { query: 'service:shop' } };

const metricsSource: DatadogMetrics = {
  ...common,
  kind: 'metrics',
  name: 'quality',
  metrics: [
    {
      name: 'latency',
      options: { query: 'avg:latency{service:shop} by {host}' },
      kind: 'gauge',
      direction: 'increase',
      unit: 's',
    },
    {
      name: 'requests',
      options: { query: 'sum:requests{service:shop} by {host}.as_count()' },
      kind: 'count',
      direction: 'decrease',
      unit: '',
    },
    {
      name: 'errors',
      options: { query: 'sum:errors{service:shop} by {host}.as_count()' },
      kind: 'count',
      denominator: 'requests',
      direction: 'increase',
      unit: '',
    },
  ],
};

export const stage = createLogStage<DatadogLogs, DatadogServerOptions>({
  source,
  credential: 'dog',
  decode: decodeDatadogLogs,
  level: 'INFO ',
  createServer: (parts, options) => createDatadogServer({ ...parts, ...options }),
});
export const { setStage, read, assertAllLines } = stage;

export const metricServer: MetricServer = {
  source: metricsSource,
  credential: 'dog',
  decode: decodeDatadogSeries,
  quiet: null,
  createServer: createDatadogServer,
};
