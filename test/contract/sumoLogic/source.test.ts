// The health-source contract, Sumo Logic: every line of the window arrives once, and every way to fail ends as "could
// not measure".
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHealthSources } from '../../../src/vendors/healthSources.ts';
import type { Fault } from '../../../src/demo/faults/fault.ts';
import { fail } from '../../../src/model/failure.ts';
import { assertAllLines, assertJobsDeleted, read, setStage, source } from './stage.ts';
import { transports } from '../faults/vendors.ts';

for (const transport of transports) {
  test(
    `${transport}: every line of the nodes comes once, ` + `within the vendor's rate, and the job is deleted`,
    async context => {
      const stage = await setStage(context, transport);
      const { result, lines, waitedMs } = await read(stage);
      assert.ok(result.ok, JSON.stringify(result));
      assertAllLines(lines);
      assert.equal(lines.length, 25);
      assert.deepEqual(
        stage.vendors.requests.map(request => request.replace(/[0-9A-F]{16}/, 'ID')),
        [
          'POST /api/v1/search/jobs',
          'GET /api/v1/search/jobs/ID',
          'GET /api/v1/search/jobs/ID/messages',
          'DELETE /api/v1/search/jobs/ID',
        ],
      );
      assert.ok(waitedMs < 500, String(waitedMs));
      const [query] = result.value.queries;
      assert.equal(query!.text, '(_sourceCategory=shop/app) (_sourceHost="prod-1" or _sourceHost="prod-2")');
      assert.equal(query!.rows, 25);
      assert.equal(result.value.partial, undefined);
    },
  );

  const passing: readonly (readonly [string, readonly Fault[]])[] = [
    ['429 with Retry-After', [{ kind: 'status', status: 429, retryAfterSec: 2, times: 3 }]],
    ['429 without Retry-After', [{ kind: 'status', status: 429, times: 3 }]],
    [
      'server errors',
      [
        { kind: 'status', status: 500, times: 2 },
        { kind: 'status', status: 503, times: 1, match: 'messages' },
      ],
    ],
    ['malformed JSON of a poll', [{ kind: 'malformed', times: 2, match: 'GET' }]],
    ['malformed JSON of a page', [{ kind: 'malformed', times: 2, match: 'messages' }]],
    ['a dropped connection', [{ kind: 'drop', times: 2 }]],
    ['a stray 401', [{ kind: 'authFlap' }]],
    ['a stray 401 in the middle', [{ kind: 'authFlap', match: 'messages' }]],
    ['an expired job', [{ kind: 'expireJob', times: 1 }]],
    [
      'a job that expires between pages',
      [
        { kind: 'expireJob', times: 1, match: 'messages' },
        { kind: 'shortPages', rows: 10 },
      ],
    ],
    ['a lost cookie', [{ kind: 'loseCookie', times: 1 }]],
    ['short pages', [{ kind: 'shortPages', rows: 3 }]],
    ['the wrong deployment', [{ kind: 'wrongDeployment', times: 2 }]],
  ];
  for (const [name, faults] of passing) {
    test(`${transport}: ${name} costs time, not lines`, async context => {
      const stage = await setStage(context, transport);
      stage.vendors.fail(...faults);
      const { result, lines, waitedMs } = await read(stage);
      assert.ok(result.ok, JSON.stringify(result));
      assertAllLines(lines);
      assertJobsDeleted(stage);
      assert.ok(waitedMs < 30_000, String(waitedMs));
    });
  }

  const lasting: readonly (readonly [string, readonly Fault[], string])[] = [
    ['throttling', [{ kind: 'status', status: 429 }], 'rate-limited'],
    ['a server error', [{ kind: 'status', status: 500 }], 'unreachable'],
    ['a refused credential', [{ kind: 'authFlap', times: 1_000 }], 'unauthorized'],
    ['a job that is lost again and again', [{ kind: 'loseCookie' }], 'unreachable'],
    ['malformed pages', [{ kind: 'malformed', match: 'messages' }], 'bad-answer'],
    ['a server that is down', [{ kind: 'drop' }], 'unreachable'],
    ['a deployment that only sends elsewhere', [{ kind: 'wrongDeployment' }], 'bad-answer'],
  ];
  for (const [name, faults, kind] of lasting) {
    test(`${transport}: ${name} ends as ${kind}, naming the source, and tells no secret`, async context => {
      const stage = await setStage(context, transport);
      stage.vendors.fail(...faults);
      const { result, waitedMs } = await read(stage);
      assert.ok(!result.ok);
      assert.equal(result.failure.kind, kind, JSON.stringify(result.failure));
      assert.match(result.failure.message, /^Sumo Logic, "app logs"/);
      assert.doesNotMatch(JSON.stringify(result), /accessKEYsecret|suACCESSID/);
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

test('a job that does not end in time ends as timeout and is deleted', async context => {
  const stage = await setStage(context, 'in process', { pace: { startMs: 0, gatherMs: 3_600_000 } });
  const { result, waitedMs } = await read(stage);
  assert.ok(!result.ok);
  assert.equal(result.failure.kind, 'timeout');
  assert.ok(waitedMs <= 31_000);
  assertJobsDeleted(stage);
});

test(
  'a job that takes long is asked for often enough to stay alive, ' + 'and never more than 4 times a second',
  async context => {
    const stage = await setStage(context, 'in process', {
      pace: { startMs: 1_000, gatherMs: 20_000 },
      keepAliveMs: 2_500,
    });
    const { result, lines } = await read(stage);
    assert.ok(result.ok, JSON.stringify(result));
    assertAllLines(lines);
  },
);

test('a query that Sumo Logic cannot read ends as invalid, and is shown', async context => {
  const stage = await setStage(context, 'in process');
  const { result } = await read({
    ...stage,
    request: { ...stage.request, source: { ...source, options: { query: '_sourceCategory=shop or' } } },
  });
  assert.ok(!result.ok);
  assert.equal(result.failure.kind, 'invalid');
  assert.match(result.failure.cause ?? '', /Parse error/);
  assert.match(result.failure.hint ?? '', /_sourceHost="prod-1"/);
});

test('late lines arrive when the same window is read again', async context => {
  const stage = await setStage(context, 'in process');
  stage.vendors.fail({ kind: 'lateData', seconds: 30 });
  const early = await read(stage);
  stage.vendors.fail();
  const late = await read(stage);
  assert.ok(early.result.ok && late.result.ok);
  assert.ok(early.lines.length < 25);
  assertAllLines([...early.lines, ...late.lines]);
});

test(
  'a window with more lines than one job gives is cut until every line has come',
  { timeout: 60_000 },
  async context => {
    const stage = await setStage(context, 'in process');
    const { fromMs } = stage.request;
    for (let i = 0; i < 130_000; i++)
      stage.vendors.telemetry.addLog({
        atMs: stage.request.toMs + Math.floor(i / 4),
        node: 'prod-1',
        category: 'shop/app',
        text: `INFO more ${i}`,
      });
    const { result, lines } = await read({
      ...stage,
      request: { ...stage.request, fromMs: fromMs, toMs: stage.request.toMs + 32_500 },
    });
    assert.ok(result.ok, JSON.stringify(result));
    assert.equal(new Set(lines.map(line => line.id)).size, 130_025);
    assert.equal(result.value.partial, undefined);
    assert.ok(result.value.queries.length >= 3);
  },
);

test(
  'a window too short to be cut gives its newest lines and says how much is missing',
  { timeout: 60_000 },
  async context => {
    const stage = await setStage(context, 'in process');
    for (let i = 0; i < 100_500; i++)
      stage.vendors.telemetry.addLog({
        atMs: stage.request.toMs,
        node: 'prod-1',
        category: 'shop/app',
        text: `INFO ${i}`,
      });
    const { result, lines } = await read({
      ...stage,
      request: { ...stage.request, fromMs: stage.request.toMs - 500, toMs: stage.request.toMs + 1 },
    });
    assert.ok(result.ok, JSON.stringify(result));
    assert.equal(lines.length, 100_000);
    assert.equal(result.value.partial?.read, 100_000);
  },
);

test('a cancelled read stops and deletes its job', async context => {
  const stage = await setStage(context, 'in process', { pace: { startMs: 0, gatherMs: 3_600_000 } });
  const controller = new AbortController();
  const reading = read(stage, controller.signal);
  await stage.vendors.clock.drive(stage.vendors.clock.sleep(3_000));
  controller.abort();
  const { result, lines } = await reading;
  assert.ok(!result.ok);
  assert.equal(result.failure.kind, 'cancelled');
  assert.deepEqual(lines, []);
  assertJobsDeleted(stage);
});

test('a page that the analysis refuses fails the read, and the job is deleted', async context => {
  const stage = await setStage(context, 'in process');
  const sources = createHealthSources(stage.vendors);
  const result = await stage.vendors.clock.drive(
    sources.read(stage.request, async () => fail('invalid', 'The session is closed.'), new AbortController().signal),
  );
  assert.ok(!result.ok);
  assert.match(result.failure.message, /The session is closed/);
  assertJobsDeleted(stage);
});

test('a source that its connection cannot serve is refused by name', async context => {
  const stage = await setStage(context, 'in process');
  const { result } = await read({
    ...stage,
    request: { ...stage.request, connection: { vendor: 'jenkins', url: 'http://host', credential: 'jenkins' } },
  });
  assert.ok(!result.ok);
  assert.match(result.failure.message, /"app logs" asks for logs, which a connection of kind jenkins does not give/);
});
