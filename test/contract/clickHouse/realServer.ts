// The engine of ClickHouse as the npm package `chdb` has it, behind HTTP as its server would be.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { jsonResponse, listen, textResponse, type ListeningServer } from '../../../src/demo/servers/httpServer.ts';

interface Session {
  query(sql: string): string;
  queryAsync(sql: string): Promise<{ text(): string }>;
  close(): void;
}

interface Chdb {
  readonly Session: new (folder: string) => Session;
}

export interface RealClickHouse extends ListeningServer {
  run(sql: string): string;
}

/** In a folder of its own: it is no dependency, since it has half a gigabyte. `.ci/run` installs it. */
const folder = process.env['BACKSTOP_TEST_CHDB'] ?? join(import.meta.dirname, '../../../node_modules/.cache/chdb');

function load(): Chdb | undefined {
  try {
    return createRequire(join(folder, 'package.json'))('chdb') as Chdb;
  } catch {
    return undefined;
  }
}

/** Why it cannot be started; false if it can. */
export const missing =
  process.platform !== 'linux'
    ? 'The engine of ClickHouse is taken from a package for Linux'
    : load()
      ? false
      : 'chdb is not installed';

export async function startClickHouse(dataFolder: string): Promise<RealClickHouse> {
  const session = new (load()!.Session)(dataFolder);
  const server = await listen(async ({ body }) => {
    try {
      const answer = await session.queryAsync(body);
      return { ...jsonResponse(200, {}), body: answer.text() };
    } catch (error) {
      return textResponse(400, String(error));
    }
  });
  return {
    url: server.url,
    run: sql => session.query(sql),
    async close() {
      await server.close();
      session.close();
    },
  };
}
