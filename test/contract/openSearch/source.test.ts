// The health-source contract, OpenSearch and Elasticsearch: every line of the window once, wherever pages end and
// whatever is written meanwhile; every value of a metric; a document for a deployment.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { succeed } from '../../../src/model/failure.ts';
import type { Connection } from '../../../src/model/pipeline.ts';
import type { Marker } from '../../../src/model/ports.ts';
import { createHealthSources } from '../../../src/vendors/healthSources.ts';
import { createMarkers } from '../../../src/vendors/markers.ts';
import { findSecrets } from '../faults/faultMatrix.ts';
import { transports } from '../faults/vendors.ts';
import {
  addLines,
  askForUnknownNodes,
  countIds,
  testCancelledRead,
  testPageBorders,
  withSource,
} from '../logServer/contract.ts';
import {
  assertSame,
  canaryNodes,
  sampleInOneWay,
  shopLines,
  tellInBothWays,
  unknownOf,
  unknownTexts,
  windowMs,
} from '../logServer/twoWays.ts';
import { testSidesByVersion } from '../metricServer/byVersion.ts';
import { startOf, testDiscovered } from '../metricServer/discovered.ts';
import { testEveryValue } from '../metricServer/stage.ts';
import type { OpenSearchServerOptions } from './server.ts';
import { assertAllLines, metricServer, read, setStage, source, stage as stageOfVendor } from './stage.ts';

for (const transport of transports)
  test(`${transport}: every line of the nodes comes once, from a point in time that is closed again`, async context => {
    const stage = await setStage(context, transport);
    const { result, lines } = await read(stage);
    assert.ok(result.ok, JSON.stringify(result));
    assertAllLines(lines);
    assert.equal(lines.length, 25);
    assert.deepEqual(stage.vendors.requests, [
      'POST /logs-shop-*/_search/point_in_time',
      'POST /_search',
      'DELETE /_search/point_in_time',
    ]);
  });

for (const [product, scheme, credential, authorization] of [
  ['openSearch', 'Bearer', 'search-key', 'Bearer searchAPIKEYsecret'],
  ['elasticsearch', 'ApiKey', 'search-key', 'ApiKey searchAPIKEYsecret'],
] as const)
  test(`${product} takes a credential of the scheme ${scheme}`, async context => {
    const stage = await setStage(context, 'in process', { product, authorization });
    const readWith = (options: object) =>
      read({
        ...stage,
        request: { ...stage.request, connection: { ...stage.request.connection, credential, options } },
      });
    const { result, lines } = await readWith({ product, scheme });
    assert.ok(result.ok, JSON.stringify(result));
    assertAllLines(lines);
    const refused = await readWith({ product, scheme: scheme === 'Bearer' ? 'ApiKey' : 'Bearer' });
    assert.ok(!refused.result.ok && refused.result.failure.kind === 'unauthorized');
    assert.deepEqual(findSecrets(refused.result), []);
  });

testPageBorders(stageOfVendor, [
  ['a page that ends between lines of the same time', 12_000, 50, 12_000],
  ['more lines at one moment than two pages hold', 11_000, 1, 11_000],
  ['equal lines at one moment, and full last pages', 9_975, 1, 3],
]);

test('lines that are written while pages are read move no border', async context => {
  let add = (): void => undefined;
  const stage = await setStage(context, 'in process', {
    onPage: () => {
      add();
    },
  });
  addLines(stage, 12_000, 50);
  add = () => {
    addLines(stage, 500, 60_000);
  };
  const found = await read(stage);
  assert.ok(found.result.ok, JSON.stringify(found.result));
  assert.equal(found.lines.length, 25 + 12_000);
  assert.equal(countIds(found.lines), 25 + 12_000);
});

for (const [what, lack] of [
  ['shard', { failedShards: 2 }],
  ['cluster', { skippedClusters: 1 }],
] as const)
  test(`an answer that lacks a ${what} is asked for again`, async context => {
    const stage = await setStage(context, 'in process', lack);
    const { result, lines } = await read(stage);
    assert.ok(result.ok, JSON.stringify(result));
    assertAllLines(lines);
    assert.equal(stage.vendors.requests.filter(request => request === 'POST /_search').length, 2);
  });

test('a query or an index that is not known is told in the words of the server', async context => {
  const stage = await setStage(context, 'in process');
  const wrong = await read(withSource(stage, { options: { ...source.options, where: 'service:(' } }));
  assert.ok(!wrong.result.ok && wrong.result.failure.kind === 'invalid', JSON.stringify(wrong.result));
  assert.equal(wrong.result.failure.cause, 'all shards failed');
  assert.match(wrong.result.failure.hint ?? '', /^The query was: \{"size":5000/);
  const nowhere = await read(withSource(stage, { options: { ...source.options, index: 'nowhere' } }));
  assert.ok(!nowhere.result.ok && nowhere.result.failure.kind === 'not-found', JSON.stringify(nowhere.result));
  assert.match(nowhere.result.failure.cause ?? '', /index_not_found_exception/);
  assert.deepEqual(findSecrets([wrong.result, nowhere.result]), []);
});

testCancelledRead(stageOfVendor);

test('where no node is found, check-sources says which names there are', async context => {
  const stage = await setStage(context, 'in process');
  const { hint } = await askForUnknownNodes(stage);
  assert.equal(hint, '`host.name` is prod-1, prod-2, prod-9. Check `node`.');
  const other = await askForUnknownNodes(withSource(stage, { nodeAttribute: 'pod' }));
  assert.match(other.hint ?? '', /^logs-shop-\* has no such document of the last hour with a field `pod`: check/);
});

testSidesByVersion(
  metricServer,
  '{ openSearch: { url: https://search.example.com } }',
  "{ openSearch: { connection: server, index: 'traces-*', version: SIDE, metrics: { requests: { value: count } } } }",
);

testEveryValue(metricServer, new Array(3).fill('POST /logs-shop-*/_search'));

test('a deployment is one document, also where the answer to it got lost', async context => {
  const { vendors, request } = await setStage(context, 'in process');
  const marker: Marker = {
    connection: {
      ...request.connection,
      marks: true,
      options: { product: 'openSearch', scheme: 'ApiKey', markers: 'deployments' },
    },
    version: '2.14.0',
    purpose: 'canary',
    description: 'Canary phase 1',
    by: 'Ada',
    runId: 'run-1',
    atMs: vendors.clock.now(),
  };
  vendors.fail({ kind: 'lostAnswer', times: 1 });
  const placed = await vendors.clock.drive(createMarkers(vendors).place(marker, new AbortController().signal));
  assert.ok(placed.ok, JSON.stringify(placed));
  assert.deepEqual(vendors.requests, new Array(2).fill(`POST /deployments/_create/${placed.value.id}`));
});

const elastic = { product: 'elasticsearch' } as const;

/** Elasticsearch with the lines of a shop. */
async function setShop(context: TestContext, options: Partial<OpenSearchServerOptions> = {}) {
  const { vendors, request } = await setStage(context, 'in process', { ...elastic, ...options });
  const fromMs = vendors.clock.now() - windowMs - 120_000;
  for (const line of shopLines(fromMs, 3_000)) vendors.telemetry.addLog({ ...line, category: 'shop' });
  const connection = { ...request.connection, options: { ...elastic, scheme: 'ApiKey' } } as Connection;
  return { vendors, fromMs, asked: { source: request.source, connection } };
}

test('what Elasticsearch counts tells the same as its lines', async context => {
  const { vendors, fromMs, asked } = await setShop(context);
  assertSame(await vendors.clock.drive(tellInBothWays(createHealthSources(vendors), asked, fromMs)));
});

test('a licence without groups, and OpenSearch, refuse to count, so that a sample is read', async context => {
  const { vendors, fromMs, asked } = await setShop(context, { isBasic: true });
  const signal = new AbortController().signal,
    request = { ...asked, nodes: canaryNodes, fromMs, toMs: fromMs + windowMs, intervalMs: 10_000 };
  const counter = createHealthSources(vendors).counterOf!(request)!;
  const count = { ...request, part: 'sides', canaryNodes, sliceMs: 1_000 } as const;
  const counted = await vendors.clock.drive(counter.count(count, () => Promise.resolve(succeed({ rows: 0 })), signal));
  assert.ok(!counted.ok && counted.failure.kind === 'unauthorized');
  const connection = { ...asked.connection, options: { product: 'openSearch' } } as Connection;
  const probed = await counter.probe({ ...request, connection }, signal);
  assert.ok(!probed.ok && probed.failure.kind === 'invalid');
});

test('a sample of what OpenSearch has shows what is unknown, and reads no more than a share', async context => {
  const { vendors, fromMs, asked } = await setShop(context, { product: 'openSearch' });
  const connection = { ...asked.connection, options: { product: 'openSearch', scheme: 'ApiKey' } } as Connection;
  const check = await vendors.clock.drive(
    sampleInOneWay(createHealthSources(vendors), { source: { ...asked.source, mostLines: 1_000 }, connection }, fromMs),
  );
  assert.ok(check.canaryLines + check.baselineLines < 1_300, String(check.canaryLines + check.baselineLines));
  assert.deepEqual(
    unknownOf(check).map(([template]) => template),
    unknownTexts,
  );
  assert.equal(check.outcome, 'fail');
  const sampled = check.reasons.find(({ code }) => code === 'sampled');
  assert.ok(Math.abs(Number(sampled?.values['share']) - 1 / 3) < 0.05, JSON.stringify(sampled));
});

testDiscovered({
  text: '{ openSearch: { url: https://search.example.com, credential: search } }',
  expected: {
    where: 'logs-shop, service.name:"shop"',
    node: 'host.name',
    nodes: ['prod-1', 'prod-2', 'stranger'],
    labels: ['host.name', 'service.name'],
  },
  signals: {
    requests: [
      "requests: { value: count, where: '_exists_:http.response.status_code', kind: count, direction: either }",
      'count _exists_:http.response.status_code 52',
    ],
    errors: [
      "errors: { value: count, where: 'http.response.status_code:[500 TO 599]', kind: count, per: requests }",
      'count http.response.status_code:[500 TO 599] 4',
    ],
    latency: ["latency: { value: 'p95(latency)' }", 'p95(latency) 8'],
  },
  unknown: /In the last hour no document had a field .* with "cart"\./,
  start: startOf(metricServer),
});
