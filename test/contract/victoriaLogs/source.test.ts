// The health-source contract, VictoriaLogs: every line of the window once, wherever pages end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VictoriaLogsSource } from '../../../src/vendors/victoriaLogs/options.ts';
import { findSecrets } from '../faults/faultMatrix.ts';
import { transports } from '../faults/vendors.ts';
import { addLines, askForUnknownNodes, countIds, testCancelledRead, withSource } from '../logServer/contract.ts';
import { assertAllLines, read, setStage, source, stage as stageOfVendor } from './stage.ts';

for (const transport of transports)
  test(`${transport}: every line of the nodes comes once, by one request`, async context => {
    const stage = await setStage(context, transport);
    const { result, lines } = await read(stage);
    assert.ok(result.ok, JSON.stringify(result));
    assertAllLines(lines);
    assert.equal(lines.length, 25);
    assert.deepEqual(stage.vendors.requests, ['POST /select/logsql/query']);
    assert.deepEqual(
      result.value.queries.map(({ text, rows }) => [text, rows]),
      [
        [
          '{app="shop"} | filter "host":~"^(?:prod-1|prod-2)(?::[0-9]{1,5})?$" | ' +
            'sort by (_time, "host", _msg) limit 10000 | fields _time, "host", _msg, level, severity_text, severity',
          25,
        ],
      ],
    );
  });

for (const [name, moments, lines, texts] of [
  ['a page that ends between lines of the same time', 50, 25_000, 25_000],
  ['more lines at one moment than two pages hold', 1, 23_000, 23_000],
  ['equal lines at one moment', 1, 23_000, 3],
] as const)
  test(`${name}: no line is lost and none is counted twice`, async context => {
    const stage = await setStage(context, 'in process');
    addLines(stage, lines, moments, texts);
    const found = await read(stage);
    assert.ok(found.result.ok, JSON.stringify(found.result));
    assert.equal(countIds(found.lines), 25 + lines);
  });

test('a pattern takes the name out of the field; then the query is not narrowed', async context => {
  const stage = await setStage(context, 'in process');
  const { result, lines } = await read(
    withSource(stage, { options: { ...source.options, nodePattern: '(prod-[12]):.*' } }),
  );
  assert.ok(result.ok, JSON.stringify(result));
  assertAllLines(lines);
  assert.doesNotMatch(result.value.queries[0]!.text, /filter/);
});

test('a tenant is asked by the numbers of its account and project', async context => {
  const stage = await setStage(context, 'in process', { account: '12:34' });
  assert.deepEqual((await read(stage)).lines, []);
  const connection = { ...stage.request.connection, options: { account: '12:34' } };
  const inside = await read({ ...stage, request: { ...stage.request, connection } });
  assertAllLines(inside.lines);
});

test('a query that VictoriaLogs cannot read ends as invalid, with its bare words, and is shown', async context => {
  const stage = await setStage(context, 'in process');
  const { result } = await read(withSource(stage, { options: { query: 'app=(' } }));
  assert.ok(!result.ok);
  assert.equal(result.failure.kind, 'invalid');
  assert.match(result.failure.cause ?? '', /^cannot parse query \[app=\(/);
  assert.match(result.failure.hint ?? '', /^The query was: app=\( \| filter/);
  assert.deepEqual(findSecrets(result), []);
});

testCancelledRead(stageOfVendor);

test('where no node is found, check-sources says which names or fields there are', async context => {
  const stage = await setStage(context, 'in process');
  const hintOf = async (change: Partial<VictoriaLogsSource>) =>
    (await askForUnknownNodes(withSource(stage, change))).hint;
  assert.equal(await hintOf({}), '`host` has prod-1:9428, prod-2:9428, prod-9:9428. Check `node` and `nodePattern`.');
  assert.equal(
    await hintOf({ nodeAttribute: 'pod' }),
    'What the query finds has no field `pod`, but _msg, _time, host.',
  );
  assert.equal(
    await hintOf({ nodeAttribute: 'pod', options: { query: '{app="typo"}' } }),
    'The query found no line of the last hour.',
  );
});
