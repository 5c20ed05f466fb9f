// The fault matrix of VictoriaLogs: its pages of log lines.
import { testLogServerFaults } from '../logServer/faults.ts';
import { stage } from './stage.ts';

testLogServerFaults({ ...stage, vendor: 'VictoriaLogs', page: 'POST /select/logsql/query', linesPerPage: 10_000 });
