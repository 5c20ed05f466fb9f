// The fault matrix of OpenSearch: its pages of log lines, its aggregations, and the counts of Elasticsearch.
import { decodeOpenSearchCounts } from '../../../src/vendors/openSearch/counts.decode.ts';
import { testCountFaults } from '../logServer/countFaults.ts';
import { testLogServerFaults } from '../logServer/faults.ts';
import { testMetricServerFaults } from '../metricServer/faults.ts';
import { metricServer, stage } from './stage.ts';

testLogServerFaults({ ...stage, vendor: 'OpenSearch', page: 'POST /_search', linesPerPage: 5_000 });
testMetricServerFaults(metricServer, { vendor: 'OpenSearch', query: '/_search', intervalsPerAnswer: 16_000 });
testCountFaults({
  ...stage,
  vendor: 'OpenSearch',
  decode: decodeOpenSearchCounts,
  options: { product: 'elasticsearch' },
  connection: { product: 'elasticsearch', scheme: 'ApiKey' },
  steps: [
    { name: 'probe', match: '"newest"' },
    { name: 'count', match: 'categorize_text' },
  ],
});
