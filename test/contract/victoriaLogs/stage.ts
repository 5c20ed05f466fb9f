// VictoriaLogs on the stage of log servers.
import { decodeVictoriaLogsLines } from '../../../src/vendors/victoriaLogs/lines.decode.ts';
import type { VictoriaLogsSource } from '../../../src/vendors/victoriaLogs/options.ts';
import { createLogStage, type Stage as LogServerStage } from '../logServer/stage.ts';
import { createVictoriaLogsServer, type VictoriaLogsServerOptions } from './server.ts';

export const source: VictoriaLogsSource = {
  kind: 'logs',
  vendor: 'victoriaLogs',
  name: 'app logs',
  connection: 'logs',
  nodeAttribute: 'host',
  delayMs: 0,
  options: { query: '{app="shop"}' },
};

export type Stage = LogServerStage<VictoriaLogsSource>;

export const stage = createLogStage<VictoriaLogsSource, VictoriaLogsServerOptions>({
  source,
  credential: 'loki',
  decode: decodeVictoriaLogsLines,
  level: 'INFO ',
  createServer: (parts, options) => createVictoriaLogsServer({ ...parts, token: 'lokiTOKENsecret', ...options }),
});
export const { setStage, read, assertAllLines } = stage;
