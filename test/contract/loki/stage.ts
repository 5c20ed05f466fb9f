// Loki on the stage of log servers.
import { decodeLokiStreams } from '../../../src/vendors/loki/streams.decode.ts';
import type { LokiSource } from '../../../src/vendors/loki/options.ts';
import { createLogStage, type Stage as LogServerStage } from '../logServer/stage.ts';
import { createLokiServer, type LokiServerOptions } from './server.ts';

export const source: LokiSource = {
  kind: 'logs',
  vendor: 'loki',
  name: 'app logs',
  connection: 'loki',
  nodeAttribute: 'host',
  delayMs: 0,
  options: { query: '{app="shop"}', nodeIn: 'stream' },
};

export type Stage = LogServerStage<LokiSource>;

export const stage = createLogStage<LokiSource, LokiServerOptions>({
  source,
  credential: 'loki',
  decode: decodeLokiStreams,
  level: 'INFO ',
  createServer: (parts, options) => createLokiServer({ ...parts, token: 'lokiTOKENsecret', ...options }),
});
export const { setStage, read, assertAllLines } = stage;
