// The health-source contract, New Relic: the values that are there arrive, and every way to fail ends as "could not measure", never as a value.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createHealthSources } from '../../src/adapters/healthSources.ts';
import { decodeNewRelicSeries } from '../../src/adapters/newRelicSeries.decode.ts';
import type { Fault } from '../../src/demo/faults.ts';
import { createNewRelicServer } from '../../src/demo/newRelicServer.ts';
import type { MetricPoint } from '../../src/model/evidence.ts';
import { fail, succeed } from '../../src/model/failure.ts';
import type { MetricsSource } from '../../src/model/pipeline.ts';
import type { ReadRequest } from '../../src/model/ports.ts';
import { credentials, startVendor, transports } from './vendors.ts';
import type { Transport, Vendors } from './vendors.ts';

const intervalMs = 10_000;
const source: MetricsSource = {
  kind: 'metrics', name: 'apm', connection: 'nr', nodeAttribute: 'host', delayMs: 0,
  metrics: [
    { name: 'latency', select: 'average(duration)', from: 'Transaction', kind: 'gauge', direction: 'increase', unit: 's' },
    { name: 'p95', select: 'percentile(duration, 95)', from: 'Transaction', kind: 'gauge', direction: 'increase', unit: 's' },
    { name: 'errors', select: 'count(*)', from: 'Transaction', where: 'error IS true', kind: 'count', direction: 'increase', unit: '' },
  ],
};

interface Stage { readonly vendors: Vendors; readonly request: ReadRequest; readonly fromMs: number }

/** Two buckets: prod-1 serves 3 requests in each, one of them wrong in the first; prod-2 serves 1 in the second; prod-3 says nothing. */
async function setStage(context: TestContext, transport: Transport): Promise<Stage> {
  const vendors = await startVendor(context, 'newRelic', transport, parts => createNewRelicServer({
    ...parts, accountId: 7, apiKey: 'NRAK-CONTRACTTESTKEY', entityGuid: Buffer.from('7|APM|APPLICATION|42').toString('base64'),
  }).handle);
  const fromMs = Math.floor(vendors.clock.now() / intervalMs) * intervalMs - 2 * intervalMs;
  const serve = (host: string, atMs: number, duration: number, error = false) => vendors.telemetry.addEvent({ type: 'Transaction', atMs, attributes: { host, duration, error } });
  for (const [offset, duration, error] of [[0, 1, true], [1, 2, false], [2, 3, false], [10_000, 4, false], [11_000, 5, false], [19_999, 6, false]] as const) serve('prod-1', fromMs + offset, duration, error);
  serve('prod-2', fromMs + 12_000, 8);
  serve('stranger', fromMs + 12_000, 80);
  const request = {
    source, connection: { kind: 'newRelic', url: vendors.url, account: 7, credential: 'nr' }, nodes: ['prod-1', 'prod-2', 'prod-3'], fromMs, toMs: fromMs + 2 * intervalMs + 5, intervalMs,
  } as const;
  return { vendors, request, fromMs };
}

async function read({ vendors, request }: Pick<Stage, 'vendors' | 'request'>, signal = new AbortController().signal) {
  const points: MetricPoint[] = [];
  const sources = createHealthSources({ http: vendors.http, clock: vendors.clock, credentials });
  const startMs = vendors.clock.now();
  const result = await vendors.clock.drive(sources.read(request, async page => {
    const decoded = decodeNewRelicSeries(page.bytes, page.context);
    if (decoded.ok) points.push(...decoded.value.points ?? []);
    return decoded.ok ? succeed({ rows: decoded.value.rows }) : decoded;
  }, signal));
  return { result, points, waitedMs: vendors.clock.now() - startMs };
}

function valuesOf(points: readonly MetricPoint[], metric: string, fromMs: number): Record<string, readonly (number | null)[]> {
  const nodes = [...new Set(points.map(point => point.node))].sort();
  return Object.fromEntries(nodes.map(node => [node, [0, 1].map(bucket => points.findLast(point => point.metric === metric && point.node === node && point.atMs === fromMs + bucket * intervalMs)?.value ?? null)]));
}

function assertAllValues(points: readonly MetricPoint[], fromMs: number): void {
  assert.deepEqual(valuesOf(points, 'latency', fromMs), { 'prod-1': [2, 5], 'prod-2': [null, 8], 'prod-3': [null, null] });
  assert.deepEqual(valuesOf(points, 'errors', fromMs), { 'prod-1': [1, 0], 'prod-2': [null, 0], 'prod-3': [null, null] });
  assert.equal(valuesOf(points, 'p95', fromMs)['prod-2']![1], 8);
}

for (const transport of transports) {
  test(`${transport}: values come per node and bucket, zero apart from no data`, async context => {
    const stage = await setStage(context, transport);
    const { result, points } = await read(stage);
    assert.ok(result.ok, JSON.stringify(result));
    assertAllValues(points, stage.fromMs);
    assert.equal(result.value.queries.length, 3);
    for (const query of result.value.queries) assert.ok(query.source === 'apm' && query.bytes > 100 && query.rows > 0 && query.text.startsWith('SELECT'));
  });

  const passing: readonly (readonly [string, readonly Fault[]])[] = [
    ['429 with Retry-After', [{ kind: 'status', status: 429, retryAfterSec: 2, times: 3 }]],
    ['429 without Retry-After', [{ kind: 'status', status: 429, times: 3 }]],
    ['server errors', [{ kind: 'status', status: 500, times: 1 }, { kind: 'status', status: 503, times: 1 }]],
    ['throttling with HTTP 200', [{ kind: 'graphqlErrors', errorClass: 'TOO_MANY_REQUESTS', times: 2 }]],
    ['a time-out with HTTP 200', [{ kind: 'graphqlErrors', errorClass: 'TIMEOUT', times: 1 }]],
    ['malformed JSON', [{ kind: 'malformed', times: 2 }]],
    ['a dropped connection', [{ kind: 'drop', times: 2 }]],
    ['queries that go on in the background', [{ kind: 'slowQuery', durationMs: 9_000, times: 4 }]],
  ];
  for (const [name, faults] of passing) {
    test(`${transport}: ${name} that passes costs time, not values`, async context => {
      const stage = await setStage(context, transport);
      stage.vendors.fail(...faults);
      const { result, points, waitedMs } = await read(stage);
      assert.ok(result.ok, JSON.stringify(result));
      assertAllValues(points, stage.fromMs);
      assert.ok(waitedMs > 0 && waitedMs < 30_000, String(waitedMs));
    });
  }

  const lasting: readonly (readonly [string, readonly Fault[], string])[] = [
    ['throttling', [{ kind: 'status', status: 429 }], 'rate-limited'],
    ['throttling for longer than a look may take', [{ kind: 'status', status: 429, retryAfterSec: 600 }], 'rate-limited'],
    ['throttling with HTTP 200', [{ kind: 'graphqlErrors', errorClass: 'TOO_MANY_REQUESTS' }], 'rate-limited'],
    ['a server error', [{ kind: 'status', status: 500 }], 'unreachable'],
    ['malformed JSON', [{ kind: 'malformed' }], 'bad-answer'],
    ['a server that is down', [{ kind: 'drop' }], 'unreachable'],
    ['a query that never ends', [{ kind: 'slowQuery', durationMs: 10_000_000 }], 'timeout'],
    ['a refused credential', [{ kind: 'status', status: 401 }], 'unauthorized'],
  ];
  for (const [name, faults, kind] of lasting) {
    test(`${transport}: ${name} ends as ${kind}, naming the metric, and tells no secret`, async context => {
      const stage = await setStage(context, transport);
      stage.vendors.fail(...faults);
      const { result, points, waitedMs } = await read(stage);
      assert.ok(!result.ok);
      assert.equal(result.failure.kind, kind, JSON.stringify(result.failure));
      assert.match(result.failure.message, /^New Relic, metric "(latency|p95|errors)"/);
      assert.doesNotMatch(JSON.stringify(result), /CONTRACTTESTKEY/);
      assert.deepEqual(points, []);
      assert.ok(waitedMs <= 45_000, String(waitedMs));
    });
  }
}

test('a server that hangs ends as timeout', async context => {
  const stage = await setStage(context, 'in process');
  stage.vendors.fail({ kind: 'hang' });
  const { result } = await read(stage);
  assert.ok(!result.ok);
  assert.equal(result.failure.kind, 'timeout');
});

test('a query that New Relic refuses ends as invalid and is shown as it was asked', async context => {
  const stage = await setStage(context, 'in process');
  const broken = { ...source, metrics: [{ ...source.metrics[0]!, select: 'averag(duration)' }] };
  const { result } = await read({ ...stage, request: { ...stage.request, source: broken } });
  assert.ok(!result.ok);
  assert.equal(result.failure.kind, 'invalid');
  assert.match(result.failure.hint ?? '', /SELECT averag\(duration\) AS 'value'/);
  assert.equal(stage.vendors.requests.length, 1);
});

test('late data arrives when the same buckets are read again', async context => {
  const stage = await setStage(context, 'in process');
  stage.vendors.fail({ kind: 'lateData', seconds: 15 });
  const early = await read(stage);
  stage.vendors.fail();
  const late = await read(stage);
  assert.ok(early.result.ok && late.result.ok);
  assert.equal(valuesOf(early.points, 'latency', stage.fromMs)['prod-2']![1], null);
  assertAllValues([...early.points, ...late.points], stage.fromMs);
});

test('a long window is asked for in pieces of at most 366 buckets', async context => {
  const stage = await setStage(context, 'in process');
  const { result, points } = await read({ ...stage, request: { ...stage.request, fromMs: stage.fromMs - 1000 * intervalMs, source: { ...source, metrics: [source.metrics[0]!] } } });
  assert.ok(result.ok, JSON.stringify(result));
  assert.equal(result.value.queries.length, 3);
  assert.equal(points.length, 3 * 1002);
  assert.deepEqual(valuesOf(points, 'latency', stage.fromMs), { 'prod-1': [2, 5], 'prod-2': [null, 8], 'prod-3': [null, null] });
});

test('a cancelled read ends at once', async context => {
  const stage = await setStage(context, 'in process');
  stage.vendors.fail({ kind: 'status', status: 429, retryAfterSec: 5 });
  const controller = new AbortController();
  const reading = read(stage, controller.signal);
  controller.abort();
  const { result, waitedMs } = await reading;
  assert.ok(!result.ok);
  assert.equal(waitedMs, 0);
});

test('a page that the analysis refuses fails the read', async context => {
  const stage = await setStage(context, 'in process');
  const sources = createHealthSources({ http: stage.vendors.http, clock: stage.vendors.clock, credentials });
  const result = await stage.vendors.clock.drive(sources.read(stage.request, async () => fail('invalid', 'The session is closed.'), new AbortController().signal));
  assert.ok(!result.ok);
  assert.match(result.failure.message, /The session is closed/);
});

test('what would be asked is described without asking', async context => {
  const stage = await setStage(context, 'in process');
  const sources = createHealthSources({ http: stage.vendors.http, clock: stage.vendors.clock, credentials });
  assert.equal(sources.describe(stage.request).length, 4);
  assert.deepEqual(stage.vendors.requests, []);
});
