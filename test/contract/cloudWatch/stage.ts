// CloudWatch on the stages of log servers and of vendors that compute metrics.
import { decodeCloudWatchEvents } from '../../../src/vendors/cloudWatch/events.decode.ts';
import type { CloudWatchLogs, CloudWatchMetric, CloudWatchMetrics } from '../../../src/vendors/cloudWatch/options.ts';
import { decodeCloudWatchResults } from '../../../src/vendors/cloudWatch/results.decode.ts';
import { createLogStage } from '../logServer/stage.ts';
import type { MetricServer } from '../metricServer/stage.ts';
import { createCloudWatchServer, type CloudWatchServerOptions } from './server.ts';

export const source: CloudWatchLogs = {
  vendor: 'cloudWatch',
  connection: 'cloud',
  nodeAttribute: 'logStreamName',
  delayMs: 0,
  kind: 'logs',
  name: 'app logs',
  options: { group: 'shop', nodePattern: 'ecs/shop/(.+)' },
};

const metric = (name: string, statistic: string, more: Partial<CloudWatchMetric> = {}): CloudWatchMetric => ({
  name,
  options: { namespace: 'Shop', metric: name, statistic, dimensions: { Service: 'shop' } },
  kind: 'count',
  direction: 'increase',
  unit: '',
  ...more,
});

export const metricsSource: CloudWatchMetrics = {
  vendor: 'cloudWatch',
  connection: 'cloud',
  nodeAttribute: 'InstanceId',
  delayMs: 0,
  kind: 'metrics',
  name: 'quality',
  options: { resolutionMs: 10_000 },
  metrics: [
    metric('latency', 'Average', { kind: 'gauge', unit: 's' }),
    metric('requests', 'Sum'),
    metric('errors', 'Sum', { denominator: 'requests' }),
  ],
};

const logStage = createLogStage<CloudWatchLogs, CloudWatchServerOptions>({
  source,
  credential: 'cloud',
  decode: decodeCloudWatchEvents,
  level: '',
  createServer: (parts, options) => createCloudWatchServer({ ...parts, ...options }),
});
export const stage: typeof logStage = {
  ...logStage,
  async setStage(...given) {
    const set = await logStage.setStage(...given);
    const options = { region: 'eu-central-1', logsUrl: set.vendors.url };
    return { ...set, request: { ...set.request, connection: { ...set.request.connection, options } } };
  },
};
export const { setStage, read, assertAllLines } = stage;

export const metricServer: MetricServer = {
  source: metricsSource,
  credential: 'cloud',
  connection: { region: 'eu-central-1', logsUrl: '' },
  decode: decodeCloudWatchResults,
  quiet: null,
  createServer: createCloudWatchServer,
};
