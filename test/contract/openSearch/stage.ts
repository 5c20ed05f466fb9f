// OpenSearch on the stages of log servers and of vendors that compute metrics.
import { decodeOpenSearchBuckets } from '../../../src/vendors/openSearch/buckets.decode.ts';
import { decodeOpenSearchHits } from '../../../src/vendors/openSearch/hits.decode.ts';
import type { OpenSearchLogs, OpenSearchMetrics } from '../../../src/vendors/openSearch/options.ts';
import { createLogStage } from '../logServer/stage.ts';
import type { MetricServer } from '../metricServer/stage.ts';
import { createOpenSearchServer, type OpenSearchServerOptions } from './server.ts';

const common = { vendor: 'openSearch', connection: 'search', nodeAttribute: 'host.name', delayMs: 0 } as const;
const documents = { index: 'logs-shop-*', time: '@timestamp', where: 'service:shop' };

export const source: OpenSearchLogs = {
  ...common,
  kind: 'logs',
  name: 'app logs',
  options: { ...documents, message: 'message' },
};

export const metricsSource: OpenSearchMetrics = {
  ...common,
  kind: 'metrics',
  name: 'quality',
  options: documents,
  metrics: [
    { name: 'latency', options: { value: 'avg(latency)' }, kind: 'gauge', direction: 'increase', unit: 's' },
    { name: 'requests', options: { value: 'count' }, kind: 'count', direction: 'decrease', unit: '' },
    {
      name: 'errors',
      options: { value: 'count', where: 'failed:true' },
      kind: 'count',
      denominator: 'requests',
      direction: 'increase',
      unit: '',
    },
  ],
};

const connection = { product: 'openSearch', scheme: 'ApiKey' };

export const stage = createLogStage<OpenSearchLogs, OpenSearchServerOptions>({
  source,
  credential: 'search',
  connection,
  decode: decodeOpenSearchHits,
  level: '',
  createServer: (parts, options) => createOpenSearchServer({ ...parts, ...options }),
});
export const { setStage, read, assertAllLines } = stage;

export const metricServer: MetricServer = {
  source: metricsSource,
  credential: 'search',
  connection,
  decode: decodeOpenSearchBuckets,
  quiet: 0,
  createServer: createOpenSearchServer,
};
