// Each fault, seen from a client; and a specification that is wrong is refused with the place and what is allowed.
import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { createFaults } from '../../../src/demo/faults/faults.ts';
import { ConnectionLost, listen, splitTarget, type Handler } from '../../../src/demo/servers/httpServer.ts';
import { createJenkinsServer } from '../../../src/demo/jenkins/server.ts';
import { createNewRelicServer } from '../../../src/demo/newRelic/newRelicServer.ts';
import { createSumoLogicServer } from '../../../src/demo/sumoLogic/server.ts';
import { createTelemetry } from '../../../src/demo/fleet/telemetry.ts';

const startMs = Date.UTC(2026, 10, 23, 12, 0, 0);
let nowMs = startMs;
const now = () => nowMs;
const slept: number[] = [];
const sleep = (durationMs: number) => {
  slept.push(durationMs);
  return Promise.resolve();
};
const telemetry = createTelemetry();
for (let second = 60; second >= 1; second--) {
  const atMs = startMs - second * 1000,
    node = second % 2 === 0 ? 'a' : 'b';
  telemetry.addEvent({ type: 'Transaction', atMs, attributes: { host: node, duration: second } });
  telemetry.addLog({ atMs, node, category: 'prod/storefront', text: `INFO ${second}` });
}
const faults = createFaults(now);
const handlers = {
  newRelic: createNewRelicServer({
    telemetry,
    now,
    sleep,
    faults,
    accountId: 1,
    apiKey: 'key',
    entityGuid: 'MXxBUE18QVBQTElDQVRJT058MQ',
  }).handle,
  sumoLogic: createSumoLogicServer({
    telemetry,
    now,
    sleep,
    faults,
    accessId: 'id',
    accessKey: 'key',
    pace: { startMs: 0, gatherMs: 0 },
    limits: { requestsPerSec: 1_000, concurrentRequests: 1_000, activeJobs: 200 },
  }).handle,
  jenkins: createJenkinsServer({ sleep, faults, user: 'id', token: 'key', jobs: [] }).handle,
};
beforeEach(() => {
  nowMs = startMs;
  slept.length = 0;
  faults.set({});
});

const authorization = `Basic ${Buffer.from('id:key').toString('base64')}`;
function call(handler: Handler, method: string, target: string, body = '', headers: Record<string, string> = {}) {
  return handler({
    ...splitTarget(target),
    method,
    body,
    headers: { authorization, 'api-key': 'key', 'content-type': 'application/json', host: '127.0.0.1:1', ...headers },
  });
}
const callNewRelic = (query: string) =>
  call(
    handlers.newRelic,
    'POST',
    '/graphql',
    JSON.stringify({ query: `{ actor { account(id: 1) { nrql(query: "${query}") { results } } } }` }),
  );
async function rows(query: string): Promise<unknown> {
  return (
    JSON.parse((await callNewRelic(query)).body) as { data: { actor: { account: { nrql: { results: unknown } } } } }
  ).data.actor.account.nrql.results;
}
async function createJob(): Promise<{ path: string; cookie: string }> {
  const created = await call(
    handlers.sumoLogic,
    'POST',
    '/api/v1/search/jobs',
    JSON.stringify({ query: '*', from: startMs - 60_000, to: startMs, timeZone: 'UTC' }),
  );
  return {
    path: `/api/v1/search/jobs/${(JSON.parse(created.body) as { id: string }).id}`,
    cookie: String(created.headers['Set-Cookie']).split(';')[0]!,
  };
}
const onJob = ({ path, cookie }: { path: string; cookie: string }, rest = '') =>
  call(handlers.sumoLogic, 'GET', path + rest, '', { cookie });

const probes = {
  newRelic: () => callNewRelic('SELECT count(*) FROM Transaction'),
  sumoLogic: () => call(handlers.sumoLogic, 'GET', '/api/v1/collectors'),
  jenkins: () => call(handlers.jenkins, 'GET', '/api/json'),
};
for (const [vendor, probe] of Object.entries(probes)) {
  test(`${vendor}: a status comes with the vendor's body and Retry-After, as often as asked`, async () => {
    faults.set({ [vendor]: [{ kind: 'status', status: 429, retryAfterSec: 3, times: 2 }] });
    const first = await probe();
    assert.deepEqual([first.status, first.headers['Retry-After']], [429, '3']);
    assert.match(
      first.body,
      { newRelic: /"errors":\[/, sumoLogic: /"code":"rate.limit.exceeded"/, jenkins: /<html>/ }[vendor]!,
    );
    assert.deepEqual([(await probe()).status, (await probe()).status], [429, 200]);
  });
  test(`${vendor}: malformed is the answer cut in the middle`, async () => {
    faults.set({ [vendor]: [{ kind: 'malformed', times: 1 }] });
    const { status, body } = await probe();
    assert.equal(status, 200);
    assert.throws(() => {
      JSON.parse(body);
    });
    JSON.parse((await probe()).body);
  });
  test(`${vendor}: slow waits before the answer`, async () => {
    faults.set({ [vendor]: [{ kind: 'slow', delayMs: 700 }] });
    assert.equal((await probe()).status, 200);
    assert.deepEqual(slept, [700]);
  });
  test(`${vendor}: drop and down lose the connection`, async () => {
    faults.set({ [vendor]: [{ kind: 'drop', times: 1 }, { kind: 'down' }] });
    await assert.rejects(probe(), (error: unknown) => error instanceof ConnectionLost && error.code === 'ECONNREFUSED');
    faults.set({ [vendor]: [{ kind: 'drop', times: 1 }] });
    await assert.rejects(probe(), (error: unknown) => error instanceof ConnectionLost && error.code === 'ECONNRESET');
    assert.equal((await probe()).status, 200);
    faults.set({ [vendor]: [{ kind: 'lostAnswer', times: 1 }] });
    await assert.rejects(probe(), (error: unknown) => error instanceof ConnectionLost && error.code === 'ECONNRESET');
    assert.equal((await probe()).status, 200);
  });
  test(`${vendor}: hang never answers`, async () => {
    faults.set({ [vendor]: [{ kind: 'hang', times: 1 }] });
    const hanging = probe().then(() => 'answered');
    assert.equal(
      await Promise.race([
        hanging,
        new Promise(resolve =>
          setImmediate(() => {
            resolve('hangs');
          }),
        ),
      ]),
      'hangs',
    );
    assert.equal((await probe()).status, 200);
  });
  test(`${vendor}: authFlap refuses access once`, async () => {
    faults.set({ [vendor]: [{ kind: 'authFlap' }] });
    assert.deepEqual([(await probe()).status, (await probe()).status], [401, 200]);
  });
}

for (const [vendor, probe] of Object.entries(probes)) {
  test(`${vendor}: an answer may come slowly, under another content type, as a page, or from elsewhere`, async () => {
    faults.set({
      [vendor]: [
        { kind: 'drip', bytesPerSec: 20, times: 1 },
        { kind: 'contentType', value: 'text/plain', times: 1 },
      ],
    });
    const dripping = await probe();
    assert.deepEqual(
      [dripping.status, dripping.bytesPerSec, dripping.headers['Content-Type']],
      [200, 20, 'text/plain'],
    );
    JSON.parse(dripping.body);
    faults.set({ [vendor]: [{ kind: 'page', times: 1 }] });
    assert.match((await probe()).body, /^<!doctype html>/);
    faults.set({ [vendor]: [{ kind: 'redirect', to: 'http://127.0.0.1:9', status: 307, times: 1 }] });
    const moved = await probe();
    assert.equal(moved.status, 307);
    assert.match(String(moved.headers['Location']), /^http:\/\/127\.0\.0\.1:9\/(graphql|api\/)/);
    assert.equal((await probe()).status, 200);
  });
}

test('a share strikes so many requests, the same ones for the same seed', async () => {
  const strikes = (seed: number) => {
    const some = createFaults(now, seed);
    some.set({ jenkins: [{ kind: 'drop', share: 0.05 }] });
    const request = { ...splitTarget('/x'), method: 'GET', headers: {}, body: '' };
    return Array.from({ length: 2_000 }, () => (some.take('jenkins', 'drop', request) ? 1 : 0)).join('');
  };
  const count = strikes(7).replaceAll('0', '').length;
  assert.ok(count > 60 && count < 140, String(count));
  assert.equal(strikes(7), strikes(7));
  assert.notEqual(strikes(7), strikes(8));
});

test('skew moves what the nodes say in time, duplicates bring each line twice under one id', async () => {
  faults.set({ newRelic: [{ kind: 'skew', seconds: -30 }, { kind: 'duplicates' }] });
  assert.deepEqual(await rows('SELECT count(*), latest(timestamp) AS newest FROM Transaction SINCE 2 minutes ago'), [
    { count: 60, newest: startMs - 31_000 },
  ]);
  assert.deepEqual(await rows('SELECT count(*), uniqueCount(messageId) AS ids FROM Log SINCE 2 minutes ago'), [
    { count: 120, ids: 60 },
  ]);
});

test('match limits a fault to requests whose method, path or body contains it', async () => {
  faults.set({ sumoLogic: [{ kind: 'status', status: 503, match: '/messages' }] });
  const job = await createJob();
  assert.deepEqual([(await onJob(job)).status, (await onJob(job, '/messages?offset=0&limit=1')).status], [200, 503]);
  faults.set({
    sumoLogic: [{ kind: 'status', status: 500, match: 'POST /api' }],
    newRelic: [{ kind: 'status', status: 500, match: 'FROM Log' }],
  });
  assert.deepEqual(
    [
      (await probes.sumoLogic()).status,
      (await probes.newRelic()).status,
      (await callNewRelic('SELECT count(*) FROM Log')).status,
    ],
    [200, 200, 500],
  );
});

test('expireJob loses the job for good, loseCookie only for the request', async () => {
  const job = await createJob();
  faults.set({ sumoLogic: [{ kind: 'loseCookie', times: 1 }] });
  assert.deepEqual([(await onJob(job)).status, (await onJob(job)).status], [404, 200]);
  faults.set({ sumoLogic: [{ kind: 'expireJob', times: 1 }] });
  assert.deepEqual([(await onJob(job)).status, (await onJob(job)).status], [404, 404]);
  assert.equal((await onJob(await createJob())).status, 200);
});

test('shortPages gives fewer rows than asked', async () => {
  const job = await createJob();
  faults.set({ sumoLogic: [{ kind: 'shortPages', rows: 7 }] });
  assert.equal(
    (JSON.parse((await onJob(job, '/messages?offset=0&limit=100')).body) as { messages: unknown[] }).messages.length,
    7,
  );
});

test('wrongDeployment moves the client, never off this machine', async () => {
  faults.set({ sumoLogic: [{ kind: 'wrongDeployment' }] });
  const moved = await probes.sumoLogic();
  assert.deepEqual(
    [moved.status, moved.headers['Location'], (JSON.parse(moved.body) as { code: string }).code],
    [301, 'http://127.0.0.1:1/api/v1/collectors', 'moved'],
  );
});

test('lateData hides what is younger than it says, for both stores', async () => {
  faults.set({ newRelic: [{ kind: 'lateData', seconds: 20 }], sumoLogic: [{ kind: 'lateData', seconds: 20 }] });
  assert.deepEqual(await rows('SELECT count(*) FROM Transaction'), [{ count: 40 }]);
  assert.equal((JSON.parse((await onJob(await createJob())).body) as { messageCount: number }).messageCount, 40);
  nowMs += 20_000;
  assert.deepEqual(await rows('SELECT count(*) FROM Transaction'), [{ count: 60 }]);
});

test('noData hides nodes from a time on, or everything from when it was set', async () => {
  faults.set({ newRelic: [{ kind: 'noData', nodes: ['a'], fromMs: startMs - 30_000 }] });
  assert.deepEqual(await rows('SELECT count(*) FROM Transaction FACET host'), [
    { facet: 'b', host: 'b', count: 30 },
    { facet: 'a', host: 'a', count: 15 },
  ]);
  assert.deepEqual(await rows("SELECT count(*) FROM Log WHERE hostname = 'a'"), [{ count: 15 }]);
  nowMs = startMs - 10_000;
  faults.set({ newRelic: [{ kind: 'noData' }] });
  nowMs = startMs;
  assert.deepEqual(await rows('SELECT count(*) FROM Transaction'), [{ count: 50 }]);
});

test('setting replaces all that was set before', async () => {
  faults.set({ newRelic: [{ kind: 'status', status: 500 }], jenkins: [{ kind: 'status', status: 500 }] });
  faults.set({ jenkins: [{ kind: 'status', status: 503 }] });
  assert.deepEqual([(await probes.newRelic()).status, (await probes.jenkins()).status], [200, 503]);
});

const wrong: readonly (readonly [specification: unknown, message: RegExp])[] = [
  [[], /^faults: expected an object .*, found \[\]$/],
  [null, /found null/],
  [{ newrelic: [] }, /unknown vendor 'newrelic'; allowed: newRelic, sumoLogic, jenkins/],
  [{ __proto__: null, toString: [] }, /unknown vendor 'toString'/],
  [{ newRelic: {} }, /^faults\.newRelic: expected a list of faults, found \{\}$/],
  [{ newRelic: [5] }, /^faults\.newRelic\[0\]: expected an object with a kind, found 5$/],
  [
    { newRelic: [{ kind: 'expireJob' }] },
    /^faults\.newRelic\[0\]\.kind: expected one of status, .*, found "expireJob"$/,
  ],
  [{ jenkins: [{ kind: 'noData' }] }, /jenkins\[0\]\.kind/],
  [
    {
      sumoLogic: [
        { kind: 'status', status: 429 },
        { kind: 'status', status: 200 },
      ],
    },
    /^faults\.sumoLogic\[1\]\.status: expected an HTTP status from 400 to 599, found 200$/,
  ],
  [{ newRelic: [{ kind: 'status' }] }, /status: expected an HTTP status .*, found nothing$/],
  [{ newRelic: [{ kind: 'slow', delayMs: -1 }] }, /delayMs: expected a number, 0 or more, found -1/],
  [{ newRelic: [{ kind: 'hang', times: 0 }] }, /times: expected a whole number above 0, found 0/],
  [{ newRelic: [{ kind: 'hang', every: 2 }] }, /'every' is not a member of hang; allowed: times, match, unless, share/],
  [{ jenkins: [{ kind: 'redirect', to: 'https://example.com' }] }, /to: expected a server of this machine/],
  [{ jenkins: [{ kind: 'drop', share: 5 }] }, /share: expected a share above 0, up to 1, found 5/],
  [{ newRelic: [{ kind: 'noData', nodes: 'a' }] }, /nodes: expected a list of node names/],
];
for (const [specification, message] of wrong) {
  test(`${JSON.stringify(specification)} is refused and changes nothing`, async () => {
    faults.set({ jenkins: [{ kind: 'status', status: 503 }] });
    const result = faults.set(specification);
    assert.ok(!result.ok);
    assert.match(result.failure.message, message);
    assert.equal((await probes.jenkins()).status, 503);
  });
}

test('over a socket a lost connection is a lost connection, and the server goes on', async () => {
  const server = await listen(handlers.jenkins);
  after(() => server.close());
  const probe = () => fetch(`${server.url}/api/json`, { headers: { Authorization: authorization } });
  faults.set({ jenkins: [{ kind: 'drop', times: 1 }] });
  await assert.rejects(probe(), /fetch failed/);
  assert.equal((await probe()).status, 200);
});

test('a body larger than any client sends is refused', async () => {
  const server = await listen(handlers.newRelic);
  after(() => server.close());
  assert.equal(
    (await fetch(`${server.url}/graphql`, { method: 'POST', body: 'x'.repeat(5 * 1024 * 1024) })).status,
    413,
  );
});
