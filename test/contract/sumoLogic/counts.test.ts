// What Sumo Logic counts: the same as its lines tell, through every fault, and not where scans are limited.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { createHealthSources } from '../../../src/vendors/healthSources.ts';
import { decodeSumoCounts } from '../../../src/vendors/sumoLogic/counts.decode.ts';
import { decodeSumoMessages } from '../../../src/vendors/sumoLogic/messages.decode.ts';
import type { SumoLogsSource } from '../../../src/vendors/sumoLogic/options.ts';
import { testCountFaults } from '../logServer/countFaults.ts';
import { createLogStage } from '../logServer/stage.ts';
import { canaryNodes, countInOneWay, shopLines, unknownOf, unknownTexts, windowMs } from '../logServer/twoWays.ts';
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

async function setShop(context: TestContext, options: Partial<CountServerOptions> = {}) {
  const { vendors, request } = await stage.setStage(context, 'in process', options);
  const fromMs = vendors.clock.now() - windowMs - 120_000;
  for (const line of shopLines(fromMs, 3_000)) vendors.telemetry.addLog({ ...line, category: 'shop' });
  return { vendors, fromMs, connection: request.connection };
}

test('what is unknown among the lines is unknown among their counts', async context => {
  const { vendors, fromMs, connection } = await setShop(context);
  const check = await vendors.clock.drive(countInOneWay(createHealthSources(vendors), { source, connection }, fromMs));
  assert.deepEqual(
    unknownOf(check),
    [...unknownTexts].sort().map(template => [template, 12, canaryNodes]),
  );
  assert.deepEqual([check.outcome, check.canaryLines + check.baselineLines], ['fail', 3_048]);
});

test('a search that aggregates itself is refused, and so is a count where scans are limited', async context => {
  const { vendors, fromMs, connection } = await setShop(context, { refuses: true });
  const signal = new AbortController().signal,
    request = { source, connection, nodes: canaryNodes, fromMs, toMs: fromMs + windowMs, intervalMs: 10_000 };
  const counter = createHealthSources(vendors).counterOf!(request)!;
  assert.equal(counter.probesSlowly, true);
  const limited = { ...source, mostScannedBytes: 1_000_000 };
  for (const one of [source, limited]) {
    const probed = await vendors.clock.drive(counter.probe({ ...request, source: one }, signal));
    assert.ok(!probed.ok && probed.failure.kind === 'invalid', JSON.stringify(probed));
  }
});
