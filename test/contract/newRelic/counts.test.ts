// What New Relic counts by its patterns: the same as its lines tell, whatever has no pattern, through every fault.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { succeed } from '../../../src/model/failure.ts';
import { decodeNewRelicCounts } from '../../../src/vendors/newRelic/counts.decode.ts';
import { decodeNewRelicLogs } from '../../../src/vendors/newRelic/logs.decode.ts';
import type { NewRelicLogsSource } from '../../../src/vendors/newRelic/options.ts';
import { testCountFaults } from '../logServer/countFaults.ts';
import { createLogStage } from '../logServer/stage.ts';
import { assertShopCounted, canaryNodes, setShop } from '../logServer/twoWays.ts';
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

test('what is new has no pattern yet and is read; what is known is counted', async context =>
  assertShopCounted(await setShop(stage, context, { unmatched: /OutOfStock|refused|CartMerge|missing/ })));

test('the count is refused where most lines have no pattern, or one of another attribute', async context => {
  const { vendors, asked, counter } = await setShop(stage, context, { unmatched: /./ });
  const signal = new AbortController().signal;
  const counted = await vendors.clock.drive(
    counter.count(
      {
        ...asked,
        connection: {
          ...asked.connection,
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
  const probed = await counter.probe({ ...asked, source: other }, signal);
  assert.ok(!probed.ok && probed.failure.kind === 'invalid');
});
