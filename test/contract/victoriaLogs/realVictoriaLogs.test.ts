// A real VictoriaLogs: what is read from it, and what it counts itself.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../../../src/adapters/time.ts';
import { listen, textResponse } from '../../../src/demo/servers/httpServer.ts';
import { createHealthSources } from '../../../src/vendors/healthSources.ts';
import { createHttp } from '../../../src/vendors/transport/http.ts';
import type { VictoriaLogsConnection, VictoriaLogsSource } from '../../../src/vendors/victoriaLogs/options.ts';
import { createLocalBudget } from '../../fakes/localBudget.ts';
import { temporaryFolder } from '../../unit/adapters/store/historyFixture.ts';
import { credentials } from '../faults/vendors.ts';
import { assertSame, shopLines, tellInBothWays, windowMs } from '../logServer/twoWays.ts';

/** `.ci/run` builds it. */
const program =
  process.env['BACKSTOP_TEST_VICTORIALOGS'] ??
  join(import.meta.dirname, '../../../node_modules/.cache/victoria-logs/victoria-logs');
const missing =
  process.platform !== 'linux'
    ? 'VictoriaLogs is built on Linux only'
    : spawnSync(program, ['--version']).status === 0
      ? false
      : 'VictoriaLogs is not installed';

const source: VictoriaLogsSource = {
  kind: 'logs',
  vendor: 'victoriaLogs',
  name: 'shop logs',
  connection: 'logs',
  nodeAttribute: 'host',
  delayMs: 0,
  mostLines: 1_000,
  options: { query: '{app="shop"}' },
};

async function startVictoriaLogs(context: TestContext): Promise<string> {
  const free = await listen(() => Promise.resolve(textResponse(200, '')));
  await free.close();
  const server = spawn(
    program,
    [`-storageDataPath=${temporaryFolder(context)}`, `-httpListenAddr=${free.url.replace('http://', '')}`],
    { stdio: 'ignore' },
  );
  const ended = new Promise(resolve => server.once('exit', resolve));
  context.after(async () => {
    server.kill('SIGKILL');
    await ended;
  });
  await until(async () => (await fetch(`${free.url}/health`).catch(() => undefined))?.ok === true);
  return free.url;
}

async function until(look: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await look()) return;
    await wait(50);
  }
  throw new Error('it did not come');
}

test('a real VictoriaLogs: what it counts names the events that its lines name', { skip: missing }, async context => {
  const url = await startVictoriaLogs(context),
    fromMs = Date.now() - windowMs - 1_000;
  const lines = [...shopLines(fromMs, 20_000)].map(({ atMs, node, text }) =>
    JSON.stringify({ _time: new Date(atMs).toISOString(), _msg: text, host: node, app: 'shop' }),
  );
  await fetch(`${url}/insert/jsonline?_stream_fields=app,host`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/stream+json' },
    body: `${lines.join('\n')}\n`,
  });
  await until(async () => {
    const asked = new URLSearchParams({ query: '{app="shop"} host:* | stats count() as lines' });
    const answer = await fetch(`${url}/select/logsql/query?${asked.toString()}`);
    return (await answer.text()).includes(`"${lines.length}"`);
  });
  const connection: VictoriaLogsConnection = { vendor: 'victoriaLogs', url, options: {} };
  const outside = {
    http: createHttp(),
    clock: systemClock,
    credentials,
    budget: createLocalBudget(context, systemClock),
  };
  const ways = await tellInBothWays(createHealthSources(outside), { source, connection }, fromMs);
  assertSame(ways);
  assert.equal(ways.counted.outcome, 'fail');
});
