// The health-source contract, Prometheus: every value of the window, whatever its authentication, and what it says of
// a query that it refuses.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHealthSources } from '../../../src/vendors/healthSources.ts';
import { findSecrets } from '../faults/faultMatrix.ts';
import { transports } from '../faults/vendors.ts';
import { askForUnknownNodes, testCancelledRead } from '../logServer/contract.ts';
import { assertAllValues, intervalMs, read, setStage, source, type Stage } from './stage.ts';

for (const transport of transports)
  test(`${transport}: every value comes, by a query for each metric, and the whole of a share`, async context => {
    const stage = await setStage(context, transport);
    const { result, points, waitedMs } = await read(stage);
    assert.ok(result.ok, JSON.stringify(result));
    assertAllValues(points, stage.fromMs);
    assert.deepEqual(stage.vendors.requests, new Array(4).fill('POST /api/v1/query_range'));
    assert.ok(waitedMs < 500, String(waitedMs));
    assert.deepEqual(
      result.value.queries.map(({ text, rows }) => [text, rows]),
      [
        ['latency', 3],
        ['requests_total', 3],
        ['requests_total{code="500"}', 1],
      ],
    );
  });

const doors = [
  ['nobody is asked for a credential', {}, {}],
  [
    'a header of its own',
    { header: 'x-api-key', value: 'lokiTOKENsecret' },
    { credential: 'loki', options: { header: 'X-Api-Key' } },
  ],
  ['a token', { header: 'authorization', value: 'Bearer lokiTOKENsecret' }, { credential: 'loki' }],
  ['a tenant', { tenant: 'shop' }, { options: { tenant: 'shop' } }],
] as const;
for (const [name, { tenant, ...asks }, entered] of doors.map(
  ([title, server, connection]) => [title, { tenant: undefined, ...server }, connection] as const,
))
  test(`${name}: the server takes the credential, and nothing else`, async context => {
    const stage = await setStage(context, 'in process', {
      ...('header' in asks ? { asks } : { asks: undefined }),
      ...(tenant !== undefined && { tenant }),
    } as never);
    const { vendor, url } = stage.request.connection;
    const enter = (more: object) =>
      read({ ...stage, request: { ...stage.request, connection: { vendor, url, options: {}, ...more } } as never });
    const inside = await enter(entered);
    assert.ok(inside.result.ok, JSON.stringify(inside.result));
    assertAllValues(inside.points, stage.fromMs);
    if (!('header' in asks) && tenant === undefined) return;
    const { result } = await enter({});
    assert.ok(!result.ok);
    assert.equal(result.failure.kind, 'unauthorized');
    assert.match(
      result.failure.hint ?? '',
      tenant === undefined ? /has no credential: set its `credential`/ : /set the `tenant`/,
    );
  });

function withQuery(stage: Stage, query: string, nodeAttribute = source.nodeAttribute): Stage {
  const metrics = [{ ...source.metrics[0]!, options: { query } }];
  return { ...stage, request: { ...stage.request, source: { ...source, nodeAttribute, metrics } as never } };
}

test('a query that Prometheus cannot read ends as invalid, with what it says, and is shown', async context => {
  const stage = await setStage(context, 'in process');
  const { result } = await read(withQuery(stage, 'latency{instance='));
  assert.ok(!result.ok);
  assert.deepEqual(
    [result.failure.kind, result.failure.cause, result.failure.hint],
    [
      'invalid',
      'invalid parameter "query": 1:17: parse error: unexpected end of input',
      'The query was: latency{instance=',
    ],
  );
  assert.deepEqual(findSecrets(result), []);
});

test('durations of the interval and of a rate are filled in', async context => {
  const stage = await setStage(context, 'in process');
  const { request, vendors } = withQuery(stage, 'rate(x[$__rate_interval]) + increase(y[${__interval}])');
  const describe = (everyMs: number) =>
    createHealthSources(vendors).describe({ ...request, intervalMs: everyMs, toMs: request.fromMs + 2 * everyMs });
  assert.deepEqual(describe(intervalMs), ['rate(x[20s]) + increase(y[10s])']);
  assert.deepEqual(describe(60_000), ['rate(x[60s]) + increase(y[60s])']);
});

testCancelledRead({ setStage, read });

async function hintOf(stage: Stage): Promise<string | undefined> {
  const { problems, message, hint } = await askForUnknownNodes(stage);
  assert.equal(problems, 1);
  assert.equal(message, 'Health source "quality" knows nothing of 2 nodes of production: web-1, web-2.');
  return hint;
}

test('where no node is found, check-sources says which names or labels there are', async context => {
  const stage = await setStage(context, 'in process');
  assert.equal(
    await hintOf(withQuery(stage, 'latency')),
    '`instance` has prod-1:8080, stranger:8080, prod-2. Check `node` and `nodePattern`.',
  );
  assert.equal(
    await hintOf(withQuery(stage, 'requests_total', 'pod')),
    'What the query gives has no label `pod`, but code, instance: requests_total',
  );
  assert.equal(
    await hintOf(withQuery(stage, 'typo')),
    'The query gives nothing: typo. In other series `instance` has prod-1:8080, prod-2, stranger:8080.',
  );
  assert.equal(
    await hintOf(withQuery(stage, 'typo', 'pod')),
    'The query gives nothing, and no series has a label `pod`: typo',
  );
});
