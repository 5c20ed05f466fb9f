// The fault matrix of Datadog: its pages of log events, and its timeseries.
import { testLogServerFaults } from '../logServer/faults.ts';
import { testMetricServerFaults } from '../metricServer/faults.ts';
import { metricServer, stage } from './stage.ts';

testLogServerFaults({ ...stage, vendor: 'Datadog', page: 'POST /api/v2/logs', linesPerPage: 1_000 });
testMetricServerFaults(metricServer, {
  vendor: 'Datadog',
  query: 'POST /api/v2/query/timeseries',
  intervalsPerAnswer: 1_000,
});
