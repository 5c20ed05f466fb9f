// A real ClickHouse: what is read from it, and what it counts itself.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { systemClock } from '../../../src/adapters/time.ts';
import type { Outside } from '../../../src/model/outside.ts';
import type { ClickHouseConnection, ClickHouseSource } from '../../../src/vendors/clickHouse/options.ts';
import { createHealthSources } from '../../../src/vendors/healthSources.ts';
import { createHttp } from '../../../src/vendors/transport/http.ts';
import { createLocalBudget } from '../../fakes/localBudget.ts';
import { temporaryFolder } from '../../unit/adapters/store/historyFixture.ts';
import { credentials } from '../faults/vendors.ts';
import { assertSame, shopLines, tellInBothWays, windowMs } from '../logServer/twoWays.ts';
import { missing, startClickHouse } from './realServer.ts';

const source: ClickHouseSource = {
  kind: 'logs',
  vendor: 'clickHouse',
  name: 'shop logs',
  connection: 'house',
  nodeAttribute: 'node',
  delayMs: 0,
  mostLines: 1_000,
  options: { table: 'logs', time: 'at', text: 'line' },
};

function outsideOf(context: TestContext): Outside {
  return { http: createHttp(), clock: systemClock, credentials, budget: createLocalBudget(context, systemClock) };
}

test('a real ClickHouse: what it counts names the events that its lines name', { skip: missing }, async context => {
  const server = await startClickHouse(temporaryFolder(context));
  context.after(() => server.close());
  const fromMs = Date.now() - windowMs - 1_000;
  server.run('CREATE TABLE logs (at DateTime64(6), node String, line String) ENGINE = MergeTree ORDER BY at');
  const rows = [...shopLines(fromMs, 20_000)].map(
    ({ atMs, node, text }) => `(fromUnixTimestamp64Milli(${atMs}), '${node}', '${text}')`,
  );
  server.run(`INSERT INTO logs VALUES ${rows.join(', ')}`);
  const connection: ClickHouseConnection = { vendor: 'clickHouse', url: server.url, options: {} };
  const ways = await tellInBothWays(createHealthSources(outsideOf(context)), { source, connection }, fromMs);
  assertSame(ways);
  assert.equal(ways.counted.outcome, 'fail');
});
