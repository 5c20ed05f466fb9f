// What Sumo Logic counts: the same as its lines tell, through every fault, and not where scans are limited.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeSumoCounts } from '../../../src/vendors/sumoLogic/counts.decode.ts';
import { decodeSumoMessages } from '../../../src/vendors/sumoLogic/messages.decode.ts';
import type { SumoLogsSource } from '../../../src/vendors/sumoLogic/options.ts';
import { testCountFaults } from '../logServer/countFaults.ts';
import { createLogStage } from '../logServer/stage.ts';
import { assertShopCounted, setShop } from '../logServer/twoWays.ts';
import { createCountServer, type CountServerOptions } from './countServer.ts';

const source: SumoLogsSource = {
  kind: 'logs',
  vendor: 'sumoLogic',
  name: 'app logs',
  connection: 'sumo',
  nodeAttribute: '_sourceHost',
  delayMs: 0,
  options: { query: '_sourceCategory=shop' },
};
const stage = createLogStage<SumoLogsSource, CountServerOptions>({
  source,
  credential: 'sumo',
  decode: decodeSumoMessages,
  level: '',
  createServer: (parts, options) => createCountServer({ ...parts, refuses: false, ...options }),
});

testCountFaults({
  ...stage,
  vendor: 'Sumo Logic',
  decode: decodeSumoCounts,
  steps: [
    { name: 'probe', match: 'backstop_first' },
    { name: 'count', match: 'backstop_sample' },
    { name: 'page', match: '/records' },
  ],
});

test('what is unknown among the lines is unknown among their counts', async context =>
  assertShopCounted(await setShop(stage, context)));

test('a search that aggregates itself is refused, and so is a count where scans are limited', async context => {
  const { vendors, asked, counter } = await setShop(stage, context, { refuses: true });
  assert.equal(counter.probesSlowly, true);
  const limited = { ...source, mostScannedBytes: 1_000_000 };
  for (const one of [source, limited]) {
    const probed = await vendors.clock.drive(counter.probe({ ...asked, source: one }, new AbortController().signal));
    assert.ok(!probed.ok && probed.failure.kind === 'invalid', JSON.stringify(probed));
  }
});
