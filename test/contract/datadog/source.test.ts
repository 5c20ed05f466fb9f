// The health-source contract, Datadog: every log line of the window once, by cursor and within the limits that are
// told; every value of a metric; a change event for a deployment.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Marker } from '../../../src/model/ports.ts';
import { createMarkers } from '../../../src/vendors/markers.ts';
import { createTagNames } from '../../../src/vendors/datadog/tags.decode.ts';
import { findSecrets } from '../faults/faultMatrix.ts';
import { transports } from '../faults/vendors.ts';
import { testCancelledRead, testPageBorders, withSource } from '../logServer/contract.ts';
import { testSidesByVersion } from '../metricServer/byVersion.ts';
import { startOf, testDiscovered } from '../metricServer/discovered.ts';
import { readPoints, setMetricStage, testEveryValue } from '../metricServer/stage.ts';
import { assertAllLines, metricServer, read, setStage, source, stage as stageOfVendor } from './stage.ts';

for (const transport of transports)
  test(`${transport}: every line of the nodes comes once, and none of the end of the window`, async context => {
    const stage = await setStage(context, transport);
    stage.vendors.telemetry.addLog({ atMs: stage.request.toMs, node: 'prod-1', category: 'shop', text: 'of the next' });
    const { result, lines } = await read(stage);
    assert.ok(result.ok, JSON.stringify(result));
    assertAllLines(lines);
    assert.equal(lines.length, 25);
    assert.equal(result.value.queries[0]!.text, '(service:shop) host:("prod-1" OR "prod-2")');
  });

testPageBorders(stageOfVendor, [
  ['a page that ends between lines of the same time', 2_600, 50, 2_600],
  ['equal lines at one moment, and a last page that is full', 1_975, 1, 3],
]);

test('a node may be a tag', async context => {
  const stage = await setStage(context, 'in process');
  const { lines } = await read(withSource(stage, { nodeAttribute: 'pod_name' }));
  assertAllLines(lines);
});

test('nodes and versions with capitals are found, though tags are kept in lower case', async context => {
  const upper = ['PROD-1', 'PROD-2'],
    stage = await setStage(context, 'in process');
  const request = { ...stage.request, nodes: upper };
  for (const nodeAttribute of ['host', 'pod_name', 'Pod_Name']) {
    const { lines, result } = await read(withSource({ ...stage, request }, { nodeAttribute }));
    assert.deepEqual([lines.length, [...new Set(lines.map(({ node }) => node))].toSorted()], [25, upper]);
    assert.ok(result.ok);
    const tag = nodeAttribute.toLowerCase();
    assert.equal(result.value.queries[0]!.text, `(service:shop) ${tag}:("PROD-1" OR "prod-1" OR "PROD-2" OR "prod-2")`);
  }
  const attribute = await read(withSource({ ...stage, request }, { nodeAttribute: '@pod' }));
  assert.ok(attribute.result.ok);
  assert.equal(attribute.result.value.queries[0]!.text, '(service:shop) @pod:("PROD-1" OR "PROD-2")');
  const metrics = await setMetricStage(metricServer, context, 'in process');
  const { points } = await readPoints(metricServer, { ...metrics, request: { ...metrics.request, nodes: upper } });
  const measured = points.filter(({ value }) => value !== null).map(({ node }) => node);
  assert.deepEqual([...new Set(measured)].toSorted(), upper);
  const version = '1.9.0-RC1+Build.5';
  assert.equal(createTagNames('version', [version])('1.9.0-rc1_build.5'), version);
  assert.equal(createTagNames('@version', [version])('1.9.0-rc1_build.5'), undefined);
});

test('a page of lines that warns that it may not be whole is no measurement', async context => {
  const { result, lines } = await read(
    await setStage(context, 'in process', { warning: 'indexes: shop is not known' }),
  );
  assert.ok(!result.ok && result.failure.kind === 'bad-answer', JSON.stringify(result));
  assert.deepEqual([result.failure.cause, lines], ['indexes: shop is not known', []]);
});

test('a refused request is asked again when the vendor says', async context => {
  const stage = await setStage(context, 'in process', { refusals: 1 });
  const { result, lines, waitedMs } = await read(stage);
  assert.ok(result.ok, JSON.stringify(result));
  assertAllLines(lines);
  assert.ok(waitedMs >= 7_000 && waitedMs < 12_000, String(waitedMs));
});

test('where no request is left in the period, the next waits for its end', async context => {
  const stage = await setStage(context, 'in process', { limit: { remaining: 0, resetSec: 4 } });
  const { result, lines, waitedMs } = await read(stage);
  assert.ok(result.ok, JSON.stringify(result));
  assertAllLines(lines);
  assert.ok(waitedMs >= 4_000 && waitedMs < 7_000, String(waitedMs));
});

test('a query that is refused is told in the words of the vendor, without a key', async context => {
  const stage = await setStage(context, 'in process');
  const { result } = await read(withSource(stage, { options: { ...source.options, query: 'service:(' } }));
  assert.ok(!result.ok && result.failure.kind === 'invalid', JSON.stringify(result));
  assert.equal(result.failure.cause, 'Invalid query: unbalanced');
  assert.deepEqual(findSecrets(result), []);
});

testCancelledRead(stageOfVendor);

testSidesByVersion(
  metricServer,
  '{ datadog: { credential: dog } }',
  "{ datadog: { connection: server, version: SIDE, metrics: { requests: { query: 'sum:hits{*} by {version}' } } } }",
);

testEveryValue(metricServer, new Array(3).fill('POST /api/v2/query/timeseries'));

test('a deployment is one change event, and none is sent twice on a doubt', async context => {
  const events: unknown[] = [];
  const { vendors, request } = await setStage(context, 'in process', { events });
  const marker: Marker = {
    connection: { ...request.connection, marks: true, options: { intake: vendors.url, service: 'shop' } },
    version: '2.14.0',
    purpose: 'canary',
    description: 'Canary phase 1',
    by: 'Ada',
    runId: 'run-1',
    atMs: vendors.clock.now(),
  };
  const place = () => vendors.clock.drive(createMarkers(vendors).place(marker, new AbortController().signal));
  assert.deepEqual(await place(), { ok: true, value: { id: 'AZsKLCxv' } });
  assert.equal(events.length, 1);
  assert.match(JSON.stringify(events[0]), /"category":"change".*"version:2\.14\.0".*"author":\{"name":"Ada"/);
  vendors.fail({ kind: 'lostAnswer', times: 1 });
  const doubtful = await place();
  assert.ok(!doubtful.ok);
  assert.match(doubtful.failure.hint ?? '', /not known whether the marker was placed/);
  assert.equal(events.length, 2);
});

testDiscovered({
  text: '{ datadog: { credential: dog } }',
  expected: { where: 'service:shop', node: 'host', nodes: ['prod-1', 'prod-2'], labels: ['env', 'host', 'service'] },
  signals: {
    requests: [
      "requests: { query: 'sum:requests{service:shop} by {host}.as_count()', kind: count, direction: either }",
      'requests 1 on host:prod-1',
    ],
    errors: [
      "errors: { query: 'sum:errors{service:shop} by {host}.as_count()', kind: count, per: requests }",
      'errors 4 on host:prod-1',
    ],
    latency: ["latency: { query: 'avg:latency{service:shop} by {host}', unit: second }", 'latency 900 on host:prod-1'],
  },
  unknown: /In the last hour no metric had the tag service with "cart"\./,
  start: startOf(metricServer),
});
