// ClickHouse on the stage of log servers.
import { decodeClickHouseLines } from '../../../src/vendors/clickHouse/lines.decode.ts';
import type { ClickHouseSource } from '../../../src/vendors/clickHouse/options.ts';
import { createLogStage, type Stage as LogServerStage } from '../logServer/stage.ts';
import { createClickHouseServer, type ClickHouseServerOptions } from './server.ts';

export const source: ClickHouseSource = {
  kind: 'logs',
  vendor: 'clickHouse',
  name: 'app logs',
  connection: 'house',
  nodeAttribute: 'node',
  delayMs: 0,
  options: { table: 'otel.logs', time: 'at', text: 'line', where: "service = 'shop'" },
};

export type Stage = LogServerStage<ClickHouseSource>;

export const stage = createLogStage<ClickHouseSource, ClickHouseServerOptions>({
  source,
  credential: 'house',
  decode: decodeClickHouseLines,
  level: '',
  createServer: (parts, options) =>
    createClickHouseServer({ ...parts, user: 'houseUSERNAME', password: 'housePASSWORD', ...options }),
});
export const { setStage, read, assertAllLines } = stage;
