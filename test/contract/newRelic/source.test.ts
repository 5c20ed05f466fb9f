// The health-source contract, New Relic: the values that are there arrive, and every way to fail ends as "could not
// measure", never as a value.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createHealthSources } from '../../../src/vendors/healthSources.ts';
import type { Fault } from '../../../src/demo/faults/fault.ts';
import { metricsOfPacks, packNames } from '../../../src/vendors/newRelic/packs.ts';
import { fail } from '../../../src/model/failure.ts';
import type { MetricsSource } from '../../../src/model/healthSource.ts';
import type { ReadRequest } from '../../../src/model/ports.ts';
import { testDiscovered } from '../metricServer/discovered.ts';
import { assertAllValues, intervalMs, read, setStage, source, valuesOf } from './stage.ts';
import type { Stage } from './stage.ts';
import { transports } from '../faults/vendors.ts';

for (const transport of transports) {
  test(`${transport}: values come per node and bucket, zero apart from no data`, async context => {
    const stage = await setStage(context, transport);
    const { result, points } = await read(stage);
    assert.ok(result.ok, JSON.stringify(result));
    assertAllValues(points, stage.fromMs);
    assert.equal(result.value.queries.length, 3);
    for (const query of result.value.queries)
      assert.ok(query.source === 'apm' && query.bytes > 100 && query.rows > 0 && query.text.startsWith('SELECT'));
  });

  const passing: readonly (readonly [string, readonly Fault[]])[] = [
    ['429 with Retry-After', [{ kind: 'status', status: 429, retryAfterSec: 2, times: 3 }]],
    ['429 without Retry-After', [{ kind: 'status', status: 429, times: 3 }]],
    [
      'server errors',
      [
        { kind: 'status', status: 500, times: 1 },
        { kind: 'status', status: 503, times: 1 },
      ],
    ],
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
    [
      'throttling for longer than a look may take',
      [{ kind: 'status', status: 429, retryAfterSec: 600 }],
      'rate-limited',
    ],
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
  const broken = {
    ...source,
    metrics: [{ ...source.metrics[0]!, options: { select: 'averag(duration)', from: 'Transaction' } }],
  };
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
  const { result, points } = await read({
    ...stage,
    request: {
      ...stage.request,
      fromMs: stage.fromMs - 1000 * intervalMs,
      source: { ...source, metrics: [source.metrics[0]!] },
    },
  });
  assert.ok(result.ok, JSON.stringify(result));
  assert.equal(result.value.queries.length, 3);
  assert.equal(points.length, 3 * 1002);
  assert.deepEqual(valuesOf(points, 'latency', stage.fromMs), {
    'prod-1': [2, 5],
    'prod-2': [null, 8],
    'prod-3': [null, null],
  });
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
  const sources = createHealthSources(stage.vendors);
  const result = await stage.vendors.clock.drive(
    sources.read(stage.request, async () => fail('invalid', 'The session is closed.'), new AbortController().signal),
  );
  assert.ok(!result.ok);
  assert.match(result.failure.message, /The session is closed/);
});

test('what would be asked is described without asking', async context => {
  const stage = await setStage(context, 'in process');
  const sources = createHealthSources(stage.vendors);
  assert.equal(sources.describe(stage.request).length, 4);
  assert.deepEqual(stage.vendors.requests, []);
});

test('a cancelled read takes back the queries that run in the background', async context => {
  const stage = await setStage(context, 'in process');
  stage.vendors.fail({ kind: 'slowQuery', durationMs: 60_000 });
  const controller = new AbortController();
  void stage.vendors.clock.sleep(6_500).then(() => {
    controller.abort();
  });
  const { result } = await read(stage, controller.signal);
  assert.ok(!result.ok);
  assert.equal(result.failure.kind, 'cancelled');
  assert.deepEqual(await stillRunning(stage), []);
});

test('a query that is still running when its time is over is taken back', async context => {
  const stage = await setStage(context, 'in process');
  stage.vendors.fail({ kind: 'slowQuery', durationMs: 10_000_000 });
  const { result } = await read(stage);
  assert.ok(!result.ok);
  assert.equal(result.failure.kind, 'timeout');
  assert.deepEqual(await stillRunning(stage), []);
});

/** Ids of queries that can still be cancelled. */
async function stillRunning({ vendors }: Stage): Promise<readonly string[]> {
  const ids = Array.from({ length: 20 }, (_, index) => String(7_000_001 + index));
  const states = await Promise.all(
    ids.map(async id => {
      const answer = await vendors.http.request({
        method: 'POST',
        url: `${vendors.url}/graphql`,
        headers: { 'Api-Key': 'NRAK-CONTRACTTESTKEY' },
        timeoutMs: 1_000,
        body: JSON.stringify({ query: `mutation { nrqlCancelQuery(queryId: "${id}") { requestStatus } }` }),
      });
      return answer.ok && new TextDecoder().decode(answer.value.bytes).includes('ACCEPTED') ? [id] : [];
    }),
  );
  return states.flat();
}

test("beyond the account's limits nothing is lost: requests wait, or are asked again", async context => {
  const stage = await setStage(context, 'in process', { concurrent: 2, queriesPerMinute: 6 }),
    busy = await setStage(context, 'in process', { concurrent: 1, queriesPerMinute: 60 });
  const connection = {
    ...stage.request.connection,
    limits: { rows: 2_000, concurrent: 2, queriesPerMinute: 6 },
  } as ReadRequest['connection'];
  const patient = await read({ ...stage, request: { ...stage.request, connection } });
  const eager = await read(busy);
  assert.ok(patient.result.ok && eager.result.ok, JSON.stringify([patient.result, eager.result]));
  assertAllValues(patient.points, stage.fromMs);
  assertAllValues(eager.points, busy.fromMs);
});

test('versions stand in the place of nodes where the sides are told apart by version', async context => {
  const stage = await setStage(context, 'in process');
  const split: MetricsSource = { ...source, versionAttribute: 'tags.version', metrics: source.metrics.slice(2) };
  for (const [offset, version, error] of [
    [0, '2.0', true],
    [1, '2.0', false],
    [2, '1.9', false],
  ] as const) {
    stage.vendors.telemetry.addEvent({
      type: 'Transaction',
      atMs: stage.fromMs + offset,
      attributes: { host: `pod-${offset}`, 'tags.version': version, duration: 1, error },
    });
  }
  const { result, points } = await read({
    ...stage,
    request: { ...stage.request, source: split, nodes: ['2.0', '1.9'] },
  });
  assert.ok(result.ok, JSON.stringify(result));
  assert.deepEqual(valuesOf(points, 'errors', stage.fromMs), { '1.9': [0, null], '2.0': [1, null] });
});

test('every metric of every pack is measured on a service and its hosts', async context => {
  const stage = await setStage(context, 'in process');
  const packs = metricsOfPacks(packNames, { app: "o'neill's shop", apdexSeconds: 0.5, hostAttribute: 'hostname' });
  for (const [offset, duration, error] of [
    [0, 0.2, false],
    [1, 1, true],
  ] as const) {
    stage.vendors.telemetry.addEvent({
      type: 'Transaction',
      atMs: stage.fromMs + offset,
      attributes: { appName: "o'neill's shop", host: 'prod-3', duration, error },
    });
  }
  stage.vendors.telemetry.addEvent({
    type: 'SystemSample',
    atMs: stage.fromMs,
    attributes: { hostname: 'prod-3', cpuPercent: 40, memoryUsedPercent: 60 },
  });
  const { result, points } = await read({
    ...stage,
    request: { ...stage.request, source: { ...source, metrics: packs }, nodes: ['prod-3'] },
  });
  assert.ok(result.ok, JSON.stringify(result));
  const firsts = Object.fromEntries(
    packs.map(({ name }) => [
      name,
      Number(points.find(point => point.metric === name && point.atMs === stage.fromMs)?.value?.toFixed(3)),
    ]),
  );
  assert.deepEqual(firsts, {
    requests: 2,
    errors: 1,
    'p50 latency': 0.6,
    'p95 latency': 0.96,
    'p99 latency': 0.992,
    Apdex: 0.75,
    CPU: 40,
    memory: 60,
  });
});

test('a histogram comes as all requests and those above each bound', async context => {
  const stage = await setStage(context, transports[0]!);
  const histogram: MetricsSource = {
    ...source,
    metrics: [
      {
        ...source.metrics[0]!,
        name: 'duration',
        options: { select: 'duration', from: 'Transaction' },
        histogram: { bounds: [1, 4.5], percentile: 95 },
      } as MetricsSource['metrics'][number],
    ],
  };
  const { result, points } = await read({ ...stage, request: { ...stage.request, source: histogram } });
  assert.ok(result.ok, JSON.stringify(result));
  const of = (over: number | undefined) =>
    valuesOf(
      points.filter(point => point.over === over),
      'duration',
      stage.fromMs,
    )['prod-1'];
  assert.deepEqual(
    [of(undefined), of(0), of(1)],
    [
      [3, 3],
      [2, 3],
      [0, 2],
    ],
  );
});

for (const [what, type, attributes, signals] of [
  [
    'of the agent',
    'Transaction',
    { appName: 'shop', duration: 0.4, queueDuration: 0.02, error: false },
    {
      requests: [
        "requests: { select: 'count(*)', from: Transaction, where: 'appName = ''shop''', kind: count, " +
          'direction: either }',
        'count(*) FROM Transaction 2',
      ],
      errors: [
        "errors: { select: 'count(*)', from: Transaction, where: 'appName = ''shop'' AND error IS TRUE', " +
          'kind: count, per: requests }',
        'count(*) FROM Transaction WHERE error IS TRUE 0',
      ],
      latency: [
        "latency: { select: 'percentile(duration, 95)', from: Transaction, where: 'appName = ''shop''', unit: s }",
        'percentile(duration, 95) FROM Transaction 0.4',
      ],
      saturation: [
        "saturation: { select: 'average(queueDuration)', from: Transaction, where: 'appName = ''shop''' }",
        'average(queueDuration) FROM Transaction 0.02',
      ],
    },
  ],
  [
    'of OpenTelemetry',
    'Metric',
    {
      'service.name': 'shop',
      metricName: 'http.server.request.duration',
      'http.server.request.duration': 0.4,
      'http.response.status_code': 503,
    },
    {
      requests: [
        "requests: { select: 'count(http.server.request.duration)', from: Metric, where: 'service.name = ''shop''', " +
          'kind: count, direction: either }',
        'count(http.server.request.duration) FROM Metric 2',
      ],
      errors: [
        "errors: { select: 'count(http.server.request.duration)', from: Metric, where: 'service.name = ''shop'' " +
          "AND http.response.status_code >= 500', kind: count, per: requests }",
        'count(http.server.request.duration) FROM Metric WHERE http.response.status_code >= 500 2',
      ],
      latency: [
        "latency: { select: 'percentile(http.server.request.duration, 95)', from: Metric, " +
          "where: 'service.name = ''shop''' }",
        'percentile(http.server.request.duration, 95) FROM Metric 0.4',
      ],
    },
  ],
] as const)
  describe(what, () =>
    testDiscovered({
      text: '{ newRelic: { account: 7, credential: nr } }',
      expected: {
        where: type === 'Metric' ? "service.name = 'shop'" : "appName = 'shop'",
        node: 'host',
        nodes: ['prod-1', 'prod-2'],
        labels: [...Object.keys(attributes), 'host', 'timestamp'].toSorted(),
      },
      signals,
      unknown: /no metric a service\.name that is "cart"/,
      async start(context) {
        const { vendors, request } = await setStage(context, 'in process');
        const atMs = vendors.clock.now() - 60_000;
        for (const host of ['prod-1', 'prod-2'])
          vendors.telemetry.addEvent({ type, atMs, attributes: { ...attributes, host } });
        return { vendors, connection: request.connection };
      },
    }),
  );
