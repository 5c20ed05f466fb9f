// The fault matrix of CloudWatch: its pages of log events, and the values of its metrics.
import { testLogServerFaults } from '../logServer/faults.ts';
import { testMetricServerFaults } from '../metricServer/faults.ts';
import { metricServer, stage } from './stage.ts';

testLogServerFaults({ ...stage, vendor: 'CloudWatch', page: 'POST /', linesPerPage: 2_000 });
testMetricServerFaults(metricServer, { vendor: 'CloudWatch', query: 'POST /', intervalsPerAnswer: 16_000 });
