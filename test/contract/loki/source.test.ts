// The health-source contract, Loki: every line of the window once, wherever pages end, and within what the server
// gives.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LokiSource } from '../../../src/vendors/loki/options.ts';
import { findSecrets } from '../faults/faultMatrix.ts';
import { transports } from '../faults/vendors.ts';
import { askForUnknownNodes, countIds, testCancelledRead, withSource } from '../logServer/contract.ts';
import type { LokiServerOptions } from './server.ts';
import { assertAllLines, read, setStage, source, stage as stageOfVendor, type Stage } from './stage.ts';

for (const transport of transports)
  test(`${transport}: every line of the nodes comes once, by one request`, async context => {
    const stage = await setStage(context, transport);
    const { result, lines, waitedMs } = await read(stage);
    assert.ok(result.ok, JSON.stringify(result));
    assertAllLines(lines);
    assert.equal(lines.length, 25);
    assert.deepEqual(stage.vendors.requests, ['GET /loki/api/v1/query_range']);
    assert.ok(waitedMs < 500, String(waitedMs));
    assert.deepEqual(
      result.value.queries.map(({ text, rows }) => [text, rows]),
      [['{app="shop", host=~`(?:prod-1|prod-2)(?::[0-9]{1,5})?`}', 25]],
    );
  });

/** `perMoment` lines of each of the nodes at each of the last milliseconds. */
function burst({ vendors, request }: Stage, moments: number, perMoment: number, nodes = request.nodes): number {
  for (let moment = 0; moment < moments; moment++)
    for (const node of nodes)
      for (let i = 0; i < perMoment; i++)
        vendors.telemetry.addLog({
          atMs: request.toMs - moments + moment,
          node,
          category: 'shop',
          text: `INFO more ${moment} ${i}`,
        });
  return moments * perMoment * nodes.length;
}

const pages: readonly (readonly [string, Partial<LokiServerOptions>, moments: number, perMoment: number])[] = [
  ['a page that ends between lines of the same time', {}, 40, 300],
  ['as many lines of each node at one time as a page holds, but one', {}, 3, 4_999],
  ['a server that gives fewer lines at once than usual', { mostEntries: 1_000 }, 7, 450],
  ['a server whose answers may not be larger', { mostLinesOfMessage: 700 }, 7, 200],
  ['a server that refuses long ranges', { longestMs: 61_000 }, 5, 10],
];
for (const [name, options, moments, perMoment] of pages)
  test(`${name}: no line is lost and none is counted twice`, async context => {
    const stage = await setStage(context, 'in process', options);
    const more = burst(stage, moments, perMoment);
    const request = {
      ...stage.request,
      fromMs: stage.request.fromMs - (options.longestMs === undefined ? 0 : 300_000),
    };
    const { result, lines } = await read({ ...stage, request });
    assert.ok(result.ok, JSON.stringify(result));
    // The window that begins earlier has one line more.
    assert.equal(countIds(lines), 25 + more + (request.fromMs < stage.request.fromMs ? 1 : 0));
    assert.equal(result.value.partial, undefined);
  });

test('as many lines of one node at one nanosecond as a page holds, and nothing is missing', async context => {
  const stage = await setStage(context, 'in process', { mostEntries: 1_000 });
  burst(stage, 1, 1_000, ['prod-1']);
  burst(stage, 1, 5, ['prod-2']);
  const { result, lines } = await read(stage);
  assert.ok(result.ok, JSON.stringify(result));
  assert.equal(countIds(lines), 25 + 5 + 1_000);
  assert.equal(result.value.partial, undefined);
});

test('more lines of one node at one nanosecond than a page holds: it is said how many are missing', async context => {
  const stage = await setStage(context, 'in process', { mostEntries: 1_000 });
  const more = burst(stage, 1, 1_300, ['prod-1']);
  burst(stage, 1, 5, ['prod-2']);
  const { result, lines } = await read(stage);
  assert.ok(result.ok, JSON.stringify(result));
  assert.equal(countIds(lines), 25 + 5 + 1_000);
  const { read: rows, total } = result.value.partial!;
  assert.equal(total - rows, more - 1_000);
});

test('lines that are equal in text, node and time are told apart', async context => {
  const stage = await setStage(context, 'in process', { mostEntries: 10 });
  // Streams of their own, which a pattern joins into one node.
  for (let i = 0; i < 9; i++)
    stage.vendors.telemetry.addLog({
      atMs: stage.request.toMs - 1,
      node: `web-${i}.prod-1`,
      category: 'shop',
      text: 'same',
    });
  const { result, lines } = await read(
    withSource(stage, { options: { ...source.options, nodePattern: String.raw`(?:web-\d\.)?(prod-\d):\d+` } }),
  );
  assert.ok(result.ok, JSON.stringify(result));
  assert.equal(countIds(lines), 25 + 9);
});

test('a node that the query extracts is filtered behind the stages', async context => {
  const stage = await setStage(context, 'in process');
  const { result, lines } = await read(
    withSource(stage, { options: { query: '{app="shop"} != "boom"', nodeIn: 'line' } }),
  );
  assert.ok(result.ok, JSON.stringify(result));
  assert.equal(lines.length, 24);
  assert.equal(result.value.queries[0]!.text, '{app="shop"} != "boom" | host=~`(?:prod-1|prod-2)(?::[0-9]{1,5})?`');
});

test('a query that Loki cannot read ends as invalid, with its bare words, and is shown', async context => {
  const stage = await setStage(context, 'in process');
  const { result } = await read(withSource(stage, { options: { query: '{app="shop"} |', nodeIn: 'stream' } }));
  assert.ok(!result.ok);
  assert.equal(result.failure.kind, 'invalid');
  assert.match(result.failure.message, /^Loki, "app logs": /);
  assert.match(result.failure.cause ?? '', /^parse error at line 1, col \d+: syntax error/);
  assert.match(result.failure.hint ?? '', /^The query was: \{app="shop", host=~/);
  assert.deepEqual(findSecrets(result), []);
});

test('a tenant is named, and a server that wants one says so', async context => {
  const stage = await setStage(context, 'in process', { tenant: 'shop|web' });
  const { result } = await read(stage);
  assert.ok(!result.ok && result.failure.kind === 'unauthorized', JSON.stringify(result));
  assert.match(result.failure.hint ?? '', /set the `tenant`/);
  const connection = { ...stage.request.connection, options: { tenant: 'shop|web' } };
  const inside = await read({ ...stage, request: { ...stage.request, connection } });
  assert.ok(inside.result.ok, JSON.stringify(inside.result));
  assertAllLines(inside.lines);
});

testCancelledRead(stageOfVendor);

test('where no node is found, check-sources says which names or labels there are', async context => {
  const stage = await setStage(context, 'in process');
  const hintOf = async (change: Partial<LokiSource>) => (await askForUnknownNodes(withSource(stage, change))).hint;
  assert.equal(await hintOf({}), '`host` has prod-1:3100, prod-2:3100, prod-9:3100. Check `node` and `nodePattern`.');
  assert.match(
    (await hintOf({ nodeAttribute: 'pod' })) ?? '',
    /^The streams of \{app="shop"\} have no label `pod`, but app, host, level\. Where .* say `nodeIn: line`\.$/,
  );
  assert.equal(
    await hintOf({ options: { query: '{app="typo"}', nodeIn: 'stream' } }),
    'No stream of the last hours fits {app="typo"}.',
  );
});
