// The fault matrix of OpenSearch: its pages of log lines, and its aggregations.
import { testLogServerFaults } from '../logServer/faults.ts';
import { testMetricServerFaults } from '../metricServer/faults.ts';
import { metricServer, stage } from './stage.ts';

testLogServerFaults({ ...stage, vendor: 'OpenSearch', page: 'POST /_search', linesPerPage: 5_000 });
testMetricServerFaults(metricServer, { vendor: 'OpenSearch', query: '/_search', intervalsPerAnswer: 16_000 });
