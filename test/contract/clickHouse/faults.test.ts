// The fault matrix of ClickHouse: its pages of log lines, and its counts of them.
import { decodeClickHouseCounts } from '../../../src/vendors/clickHouse/counts.decode.ts';
import { testCountFaults } from '../logServer/countFaults.ts';
import { testLogServerFaults } from '../logServer/faults.ts';
import { stage } from './stage.ts';

testLogServerFaults({ ...stage, vendor: 'ClickHouse', page: 'POST /', linesPerPage: 10_000 });
testCountFaults({
  ...stage,
  vendor: 'ClickHouse',
  decode: decodeClickHouseCounts,
  steps: [
    { name: 'probe', match: 'AS backstop_node, count()' },
    { name: 'count', match: 'cityHash64' },
  ],
});
