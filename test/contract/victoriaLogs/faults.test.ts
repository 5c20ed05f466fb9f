// The fault matrix of VictoriaLogs: its pages of log lines, and its counts of them.
import { decodeVictoriaLogsCounts } from '../../../src/vendors/victoriaLogs/counts.decode.ts';
import { testCountFaults } from '../logServer/countFaults.ts';
import { testLogServerFaults } from '../logServer/faults.ts';
import { stage } from './stage.ts';

testLogServerFaults({ ...stage, vendor: 'VictoriaLogs', page: 'POST /select/logsql/query', linesPerPage: 10_000 });
testCountFaults({
  ...stage,
  vendor: 'VictoriaLogs',
  decode: decodeVictoriaLogsCounts,
  steps: [
    { name: 'probe', match: 'as+newest' },
    { name: 'count', match: 'collapse_nums' },
  ],
});
