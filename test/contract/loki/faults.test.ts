// The fault matrix of Loki: its pages of log lines.
import { testLogServerFaults } from '../logServer/faults.ts';
import { stage } from './stage.ts';

testLogServerFaults({ ...stage, vendor: 'Loki', page: 'GET /loki/api/v1/query_range', linesPerPage: 5_000 });
