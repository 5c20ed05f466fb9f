// The fault matrix of ClickHouse: its pages of log lines.
import { testLogServerFaults } from '../logServer/faults.ts';
import { stage } from './stage.ts';

testLogServerFaults({ ...stage, vendor: 'ClickHouse', page: 'POST /', linesPerPage: 10_000 });
