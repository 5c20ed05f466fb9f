// What New Relic counts by its patterns: the same as its lines tell, whatever has no pattern, through every fault.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { succeed } from '../../../src/model/failure.ts';
import { createHealthSources } from '../../../src/vendors/healthSources.ts';
import { decodeNewRelicCounts } from '../../../src/vendors/newRelic/counts.decode.ts';
import { decodeNewRelicLogs } from '../../../src/vendors/newRelic/logs.decode.ts';
import type { NewRelicLogsSource } from '../../../src/vendors/newRelic/options.ts';
import { testCountFaults } from '../logServer/countFaults.ts';
import { createLogStage } from '../logServer/stage.ts';
import { countInOneWay, shopLines, unknownOf, unknownTexts, windowMs, canaryNodes } from '../logServer/twoWays.ts';
import { createCountServer, type CountServerOptions } from './countServer.ts';

const source: NewRelicLogsSource = {
  kind: 'logs',
  vendor: 'newRelic',
  name: 'app logs',
  connection: 'nr',
  nodeAttribute: 'host',
  delayMs: 0,
  options: { where: "service = 'shop'" },
};
const stage = createLogStage<NewRelicLogsSource, CountServerOptions>({
  source,
  credential: 'nr',
  connection: { account: 7 },
  decode: decodeNewRelicLogs,
  level: '',
  createServer: (parts, options) => createCountServer({ ...parts, unmatched: /boom/, ...options }),
});

testCountFaults({
  ...stage,
  vendor: 'New Relic',
  decode: decodeNewRelicCounts,
  steps: [
    { name: 'probe', match: 'FACET host' },
    { name: 'count', match: 'newrelic.logPattern' },
  ],
});

async function setShop(context: TestContext, unmatched: RegExp) {
  const { vendors, request } = await stage.setStage(context, 'in process', { unmatched });
  const fromMs = vendors.clock.now() - windowMs - 120_000;
  for (const line of shopLines(fromMs, 3_000)) vendors.telemetry.addLog({ ...line, category: 'shop' });
  return { vendors, fromMs, asked: { source, connection: request.connection } };
}

test('what is new has no pattern yet and is read; what is known is counted', async context => {
  const { vendors, fromMs, asked } = await setShop(context, /OutOfStock|refused|CartMerge|missing/);
  const check = await vendors.clock.drive(countInOneWay(createHealthSources(vendors), asked, fromMs));
  assert.deepEqual(
    unknownOf(check),
    [...unknownTexts].sort().map(template => [template, 12, canaryNodes]),
  );
  assert.deepEqual([check.outcome, check.canaryLines + check.baselineLines], ['fail', 3_048]);
});

test('the count is refused where most lines have no pattern, or one of another attribute', async context => {
  const { vendors, fromMs, asked } = await setShop(context, /./);
  const signal = new AbortController().signal,
    request = { ...asked, nodes: canaryNodes, fromMs, toMs: fromMs + windowMs, intervalMs: 10_000 };
  const counter = createHealthSources(vendors).counterOf!(request)!;
  const counted = await vendors.clock.drive(
    counter.count(
      {
        ...request,
        connection: {
          ...request.connection,
          options: { account: 7, limits: { rows: 500, concurrent: 5, queriesPerMinute: 3_000 } },
        } as never,
        part: 'sides',
        canaryNodes,
        sliceMs: 1_000,
      },
      ({ bytes, context: told }) => {
        const decoded = decodeNewRelicCounts(bytes, told);
        return Promise.resolve(decoded.ok ? succeed({ rows: decoded.value.rows }) : decoded);
      },
      signal,
    ),
  );
  assert.ok(!counted.ok);
  assert.equal(counted.failure.kind, 'invalid');
  assert.match(
    counted.failure.message,
    /^New Relic, "app logs": New Relic has no pattern for \d+ or more of \d+ log lines\.$/,
  );
  const other = { ...source, options: { ...source.options, messageAttribute: 'log' } };
  const probed = await counter.probe({ ...request, source: other }, signal);
  assert.ok(!probed.ok && probed.failure.kind === 'invalid');
});
