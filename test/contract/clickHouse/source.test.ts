// The health-source contract, ClickHouse: every line of the window once, wherever pages end, in a table of any shape.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClickHouseSource } from '../../../src/vendors/clickHouse/options.ts';
import { findSecrets } from '../faults/faultMatrix.ts';
import { transports } from '../faults/vendors.ts';
import { askForUnknownNodes, countIds, testCancelledRead, withSource } from '../logServer/contract.ts';
import { assertAllLines, read, setStage, source, stage as stageOfVendor, type Stage } from './stage.ts';

for (const transport of transports)
  test(`${transport}: every line of the nodes comes once, by one request`, async context => {
    const stage = await setStage(context, transport);
    const { result, lines } = await read(stage);
    assert.ok(result.ok, JSON.stringify(result));
    assertAllLines(lines);
    assert.equal(lines.length, 25);
    assert.deepEqual(stage.vendors.requests, ['POST /']);
    const { fromMs, toMs } = stage.request;
    assert.deepEqual(
      result.value.queries.map(({ text, rows }) => [text, rows]),
      [
        [
          'SELECT toString(toUnixTimestamp64Nano(toDateTime64(at, 9))) AS backstop_time, ' +
            'toString(node) AS backstop_node, toString(line) AS backstop_text FROM otel.logs ' +
            `WHERE at >= fromUnixTimestamp64Nano(${fromMs}000000) AND at < fromUnixTimestamp64Nano(${toMs}000000) ` +
            "AND (node) IN ('prod-1', 'prod-2') AND (service = 'shop') " +
            'ORDER BY at, backstop_node, backstop_text LIMIT 10000 FORMAT JSONCompact',
          25,
        ],
      ],
    );
  });

const withOptions = (stage: Stage, change: Partial<ClickHouseSource['options']>): Stage =>
  withSource(stage, { options: { ...source.options, ...change } });

for (const [name, precisionMs, lines, texts] of [
  ['milliseconds, and a page that ends between lines of the same time', 1, 25_000, 25_000],
  ['seconds, and more lines in one of them than two pages hold', 1_000, 47_000, 47_000],
  ['seconds, and equal lines', 1_000, 26_000, 3],
] as const)
  test(`a column of ${name}: no line is lost and none is counted twice`, async context => {
    const stage = await setStage(context, 'in process', { precisionMs });
    const { fromMs, toMs } = stage.request;
    for (let i = 0; i < lines; i++)
      stage.vendors.telemetry.addLog({
        atMs: toMs - 2_000 + (Math.floor(i / 17) % 2_000),
        node: i % 3 === 0 ? 'prod-1' : 'prod-2',
        category: 'shop',
        text: `more ${i % texts}`,
      });
    const found = await read({ ...stage, request: { ...stage.request, fromMs: Math.floor(fromMs / 1000) * 1000 } });
    assert.ok(found.result.ok, JSON.stringify(found.result));
    assert.equal(countIds(found.lines), 25 + lines);
  });

test('a query that fails half-way with HTTP 200 is asked again, and else no measurement', async context => {
  const once = await setStage(context, 'in process', { brokenOff: 1 });
  const { result, lines } = await read(once);
  assert.ok(result.ok, JSON.stringify(result));
  assertAllLines(lines);
  assert.equal(once.vendors.requests.length, 2);
  const { result: never } = await read(await setStage(context, 'in process', { brokenOff: 99 }));
  assert.ok(!never.ok && never.failure.kind === 'unreachable', JSON.stringify(never));
  assert.match(never.failure.cause ?? '', /Memory limit/);
});

test('the level of a column is put before the lines', async context => {
  const stage = await setStage(context, 'in process');
  const { lines } = await read(withOptions(stage, { level: 'SeverityText' }));
  assert.equal(lines[0]!.text, 'ERROR line 0');
});

test('a query or a table that ClickHouse does not know is told in its words, without the password', async context => {
  const stage = await setStage(context, 'in process');
  const wrong = await read(withOptions(stage, { time: 'wrong' }));
  assert.ok(!wrong.result.ok && wrong.result.failure.kind === 'invalid', JSON.stringify(wrong.result));
  assert.match(wrong.result.failure.cause ?? '', /^Code: 62\. DB::Exception: Syntax error/);
  assert.match(wrong.result.failure.hint ?? '', /^The query was: SELECT /);
  const nowhere = await read(withOptions(stage, { table: 'otel.nowhere' }));
  assert.ok(!nowhere.result.ok && nowhere.result.failure.kind === 'not-found', JSON.stringify(nowhere.result));
  assert.match(nowhere.result.failure.cause ?? '', /UNKNOWN_TABLE/);
  assert.deepEqual(findSecrets([wrong.result, nowhere.result]), []);
});

testCancelledRead(stageOfVendor);

test('where no node is found, check-sources says which names there are', async context => {
  const stage = await setStage(context, 'in process');
  const hintOf = async (change: Partial<ClickHouseSource['options']>) =>
    (await askForUnknownNodes(withOptions(stage, change))).hint;
  assert.equal(await hintOf({}), '`node` is prod-1, prod-2, prod-9. Check `node`.');
  assert.equal(
    await hintOf({ where: "service = 'typo'" }),
    'otel.logs has no such line of the last hour: check `table`, `where` and `time`.',
  );
});
