// Sumo Logic on this machine, spoken to over HTTP: jobs, their states, pages, cookies, limits and error codes.
import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { createFaults } from '../../../src/demo/faults/faults.ts';
import { listen, type Handler } from '../../../src/demo/servers/httpServer.ts';
import { createSumoLogicServer, vendorLimits } from '../../../src/demo/sumoLogic/server.ts';
import { createTelemetry } from '../../../src/demo/fleet/telemetry.ts';

const startMs = Date.UTC(2026, 10, 23, 12, 0, 0);
let nowMs = startMs;
const sleep = () => Promise.resolve();
const telemetry = createTelemetry();
const faults = createFaults(() => nowMs);
const access = { accessId: 'suDEMO', accessKey: 'key' };
const authorization = `Basic ${Buffer.from('suDEMO:key').toString('base64')}`;

/** 120 lines, two a second on two nodes, up to the start; every tenth an error. */
for (let index = 0; index < 120; index++) {
  const level = index % 10 === 0 ? 'ERROR' : 'INFO';
  telemetry.addLog({
    atMs: startMs - 60_000 + index * 500,
    node: `prod-0${(index % 2) + 1}`,
    category: 'prod/storefront',
    text: `2026-11-23 11:59:00,000 ${level} Cart ${index} — Größe`,
  });
}
telemetry.addLog({ atMs: startMs - 5000, node: 'dev-01', category: 'dev/storefront', text: 'INFO quiet' });

const { handle } = createSumoLogicServer({
  telemetry,
  now: () => nowMs,
  sleep,
  faults,
  ...access,
  pace: { startMs: 100, gatherMs: 400 },
  limits: { ...vendorLimits, requestsPerSec: 1_000 },
});
const server = await listen(handle);
after(() => server.close());
beforeEach(() => {
  nowMs = Math.max(nowMs + 60_000, startMs);
  faults.set({});
});

const search = {
  query: '_sourceCategory=prod/storefront',
  from: String(startMs - 60_000),
  to: String(startMs),
  timeZone: 'UTC',
  byReceiptTime: null,
};
const json = { Authorization: authorization, 'Content-Type': 'application/json', Accept: 'application/json' };

async function create(
  change: object = {},
  headers: Readonly<Record<string, string>> = json,
): Promise<{ status: number; body: Record<string, unknown>; cookie: string; location: string | null }> {
  const response = await fetch(`${server.url}/api/v1/search/jobs`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ ...search, ...change }),
  });
  return {
    status: response.status,
    body: (await response.json()) as Record<string, unknown>,
    cookie: response.headers.get('set-cookie')?.split(';')[0] ?? '',
    location: response.headers.get('location'),
  };
}
async function get(path: string, cookie: string, method = 'GET'): Promise<{ status: number; body: never }> {
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: { Authorization: authorization, Cookie: cookie },
    redirect: 'manual',
  });
  return { status: response.status, body: (await response.json()) as never };
}
interface Status {
  state: string;
  messageCount: number;
  recordCount: number;
  histogramBuckets: { startTimestamp: number; length: number; count: number }[];
  pendingErrors: string[];
  pendingWarnings: string[];
}
interface Page {
  fields: { name: string; fieldType: string; keyField: boolean }[];
  messages: { map: Record<string, string> }[];
  records: { map: Record<string, string> }[];
}

/** A job whose results are all gathered. */
async function gathered(change: object = {}): Promise<{ path: string; cookie: string; status: Status }> {
  const { body, cookie } = await create(change);
  nowMs += 500;
  const path = `/search/jobs/${String(body['id'])}`;
  return { path, cookie, status: (await get(path, cookie)).body as Status };
}

test('creating a job answers 202 with its address, twice, and a cookie', async () => {
  const { status, body, cookie, location } = await create();
  assert.equal(status, 202);
  assert.match(String(body['id']), /^[0-9A-F]{16}$/);
  assert.deepEqual(body['link'], { rel: 'self', href: `${server.url}/api/v1/search/jobs/${String(body['id'])}` });
  assert.equal(location, (body['link'] as { href: string }).href);
  assert.match(cookie, /^JSESSIONID=/);
});

test('a job goes through its states, reports each bucket once, and counts what it has', async () => {
  const { body, cookie } = await create();
  const path = `/search/jobs/${String(body['id'])}`;
  const poll = async () => (await get(path, cookie)).body as Status;
  assert.deepEqual(await poll(), {
    state: 'NOT STARTED',
    messageCount: 0,
    histogramBuckets: [],
    pendingErrors: [],
    pendingWarnings: [],
    recordCount: 0,
  });
  nowMs += 300;
  const half = await poll();
  assert.equal(half.state, 'GATHERING RESULTS');
  assert.equal(half.messageCount, 60);
  const newest = (await get(`${path}/messages?offset=0&limit=100`, cookie)).body as Page;
  assert.equal(newest.messages.length, 60);
  assert.equal(newest.messages[0]!.map['_messagetime'], String(startMs - 500));
  nowMs += 300;
  const done = await poll();
  assert.equal(done.state, 'DONE GATHERING RESULTS');
  assert.equal(done.messageCount, 120);
  assert.equal(
    [...half.histogramBuckets, ...done.histogramBuckets].reduce((total, { count }) => total + count, 0),
    120,
  );
  assert.equal(
    new Set([...half.histogramBuckets, ...done.histogramBuckets].map(({ startTimestamp }) => startTimestamp)).size,
    half.histogramBuckets.length + done.histogramBuckets.length,
  );
  assert.deepEqual((await poll()).histogramBuckets, []);
});

test('messages are maps of texts with lower-case keys, the newest first, cut into pages', async () => {
  const { path, cookie } = await gathered();
  const first = (await get(`${path}/messages?offset=0&limit=100`, cookie)).body as Page;
  const second = (await get(`${path}/messages?offset=100&limit=100`, cookie)).body as Page;
  assert.deepEqual([first.messages.length, second.messages.length], [100, 20]);
  const { map } = first.messages[0]!;
  assert.deepEqual(Object.keys(map).sort(), first.fields.map(({ name }) => name).sort());
  assert.ok(Object.entries(map).every(([name, value]) => typeof value === 'string' && name === name.toLowerCase()));
  assert.deepEqual(
    [map['_raw'], map['_sourcehost'], map['_sourcecategory'], map['_size']],
    ['2026-11-23 11:59:00,000 INFO Cart 119 — Größe', 'prod-02', 'prod/storefront', '49'],
  );
  assert.equal(new Set([...first.messages, ...second.messages].map(message => message.map['_messageid'])).size, 120);
  assert.deepEqual(((await get(`${path}/messages?offset=500&limit=10`, cookie)).body as Page).messages, []);
});

test('count by host and count by time slice are records', async () => {
  const byHost = await gathered({ query: '_sourceCategory=prod* ERROR | count by _sourceHost' });
  assert.equal(byHost.status.recordCount, 1);
  const page = (await get(`${byHost.path}/records?offset=0&limit=10`, byHost.cookie)).body as Page;
  assert.deepEqual(page, {
    fields: [
      { name: '_sourcehost', fieldType: 'string', keyField: true },
      { name: '_count', fieldType: 'int', keyField: false },
    ],
    records: [{ map: { _sourcehost: 'prod-01', _count: '12' } }],
  });
  assert.deepEqual(((await get(`${byHost.path}/messages?offset=0&limit=10`, byHost.cookie)).body as Page).messages, []);
  const sliced = await gathered({
    query: '_sourceCategory=prod/storefront | timeslice 30s | count by _timeslice',
    requiresRawMessages: true,
  });
  assert.deepEqual(
    ((await get(`${sliced.path}/records?offset=0&limit=10`, sliced.cookie)).body as Page).records.map(({ map }) => map),
    [
      { _timeslice: String(startMs - 60_000), _count: '60' },
      { _timeslice: String(startMs - 30_000), _count: '60' },
    ],
  );
  assert.equal(
    ((await get(`${sliced.path}/messages?offset=0&limit=10`, sliced.cookie)).body as Page).messages.length,
    10,
  );
  const older = await gathered({ query: '| count _sourceCategory' });
  assert.equal(older.status.recordCount, 2);
});

test('records of a query without aggregation are refused', async () => {
  const { path, cookie } = await gathered();
  const { status, body } = (await get(`${path}/records?offset=0&limit=10`, cookie)) as {
    status: number;
    body: { code: string };
  };
  assert.deepEqual([status, body.code], [400, 'no.records.not.an.aggregation.query']);
});

test('a query that cannot be read is reported by the status, once, with nothing found', async () => {
  const { path, cookie, status } = await gathered({ query: '_sourceCategory=prod/storefront | parse "x" as y' });
  assert.deepEqual(status, {
    state: 'DONE GATHERING RESULTS',
    messageCount: 0,
    histogramBuckets: [],
    pendingErrors: ["Parse error: unexpected 'parse'"],
    pendingWarnings: [],
    recordCount: 0,
  });
  assert.deepEqual(((await get(path, cookie)).body as Status).pendingErrors, []);
});

const refusals: readonly (readonly [change: object, code: string])[] = [
  [{ query: '' }, 'no.query'],
  [{ query: undefined }, 'no.query'],
  [{ timeZone: '' }, 'empty.timezone'],
  [{ timeZone: undefined }, 'empty.timezone'],
  [{ timeZone: 'Mars/Olympus' }, 'unknown.timezone'],
  [{ from: '-15m' }, 'searchjob.invalid.timestamp.from'],
  [{ to: 'now' }, 'searchjob.invalid.timestamp.to'],
  [{ from: undefined }, 'searchjob.invalid.timestamp.from'],
  [{ from: '2026-11-23T11:59:00.000Z' }, 'searchjob.invalid.timestamp.from'],
  [{ to: '2026-11-23T11:59:00+01:00' }, 'searchjob.invalid.timestamp.to'],
  [{ from: startMs, to: startMs - 1 }, 'to.smaller.than.from'],
  [{ byReceiptTime: 'perhaps' }, 'unknown.time.type'],
  [{ autoParsingMode: 'Guess' }, 'generic'],
];
for (const [change, code] of refusals) {
  test(`creating with ${JSON.stringify(change)} is refused with ${code}`, async () => {
    const { status, body } = await create(change);
    assert.equal(status, 400);
    assert.deepEqual(Object.keys(body), ['status', 'id', 'code', 'message']);
    assert.equal(body['code'], code);
  });
}

test('local times in a zone and epoch milliseconds mean the same window', async () => {
  const counts = [];
  for (const change of [
    {},
    { from: startMs - 60_000, to: startMs },
    { from: '2026-11-23T11:59:00', to: '2026-11-23T12:00:00' },
    { from: '2026-11-23T12:59:00', to: '2026-11-23T13:00:00', timeZone: 'Europe/Berlin' },
  ]) {
    counts.push((await gathered(change)).status.messageCount);
  }
  assert.deepEqual(counts, [120, 120, 120, 120]);
});

test('only JSON is taken', async () => {
  assert.deepEqual(
    [
      (await create({}, { Authorization: authorization, 'Content-Type': 'text/plain' })).status,
      (await create({}, { ...json, Accept: 'text/html' })).status,
    ],
    [415, 415],
  );
});

const queries: readonly (readonly [query: string, count: number])[] = [
  ['*', 121],
  ['error', 12],
  ['ERROR AND _sourceHost=prod-01', 12],
  ['error _sourceHost=prod-02', 0],
  ['_sourceHost=prod-0* AND NOT error', 108],
  ['(error OR quiet) AND _sourceCategory=*storefront', 13],
  ['"cart 7"', 11],
  ['cart 7', 1],
  ['car*', 120],
  ['!error', 109],
  ['_sourceHost="dev-01" or 119', 2],
  ['err', 0],
  ['_nothing=x', 0],
  ['_sourceCategory = DEV/storefront', 1],
  ['größe', 120],
  ['_index=sumologic_default quiet', 1],
];
for (const [query, count] of queries) {
  test(`the query ${query} finds ${count} lines`, async () => {
    assert.equal((await gathered({ query })).status.messageCount, count);
  });
}

test('paging wants an offset and a limit', async () => {
  const { path, cookie } = await gathered();
  const code = async (query: string) =>
    ((await get(`${path}/messages?${query}`, cookie)).body as { code: string }).code;
  assert.deepEqual(
    await Promise.all(
      ['limit=1', 'offset=-1&limit=1', 'offset=0', 'offset=0&limit=0', 'offset=0&limit=-5', 'offset=x&limit=1'].map(
        code,
      ),
    ),
    ['offset.missing', 'offset.negative', 'limit.missing', 'limit.zero', 'limit.negative', 'offset.missing'],
  );
});

test('without its cookie a job is not found; a session keeps its cookie over several jobs', async () => {
  const { path, cookie } = await gathered();
  assert.deepEqual(
    (({ status, body }) => [status, body['code']])(
      (await get(path, '')) as { status: number; body: Record<string, unknown> },
    ),
    [404, 'jobid.invalid'],
  );
  const second = await create({}, { ...json, Cookie: cookie });
  assert.equal(second.cookie, cookie);
  assert.equal((await get(path, second.cookie)).status, 200);
  const stranger = await create();
  assert.notEqual(stranger.cookie, cookie);
});

test('a job that nobody asks for is gone; asking keeps it', async () => {
  const { path, cookie } = await gathered();
  for (let polls = 0; polls < 5; polls++) {
    nowMs += 25_000;
    assert.equal((await get(path, cookie)).status, 200);
  }
  nowMs += 31_000;
  assert.equal((await get(path, cookie)).status, 404);
});

test('deleting removes a finished job and cancels one that gathers', async () => {
  const done = await gathered();
  assert.deepEqual(await get(done.path, done.cookie, 'DELETE'), {
    status: 200,
    body: { id: done.path.split('/').at(-1)! },
  });
  assert.equal((await get(done.path, done.cookie)).status, 404);
  const { body, cookie } = await create();
  const path = `/search/jobs/${String(body['id'])}`;
  assert.equal((await get(path, cookie, 'DELETE')).status, 200);
  assert.equal(((await get(path, cookie)).body as Status).state, 'CANCELLED');
});

test('access, paths and methods that are wrong have their codes', async () => {
  const code = async (path: string, init: RequestInit) => {
    const response = await fetch(`${server.url}${path}`, init);
    return [response.status, ((await response.json()) as { code: string }).code];
  };
  assert.deepEqual(await code('/api/v1/collectors', {}), [401, 'unauthorized']);
  assert.deepEqual(await code('/api/v1/nothing', { headers: json }), [404, 'notfound']);
  assert.deepEqual(await code('/v1/search/jobs', { headers: json }), [404, 'notfound']);
  assert.deepEqual(await code('/api/v1/search/jobs', { headers: json, method: 'PUT' }), [405, 'method.unsupported']);
  assert.equal((await get('/collectors', '')).status, 200);
});

test("the vendor's own limits: four requests a second, ten at once", async () => {
  const open: (() => void)[] = [];
  const strict = createSumoLogicServer({
    telemetry,
    now: () => nowMs,
    sleep: () => new Promise(resolve => open.push(resolve)),
    faults,
    ...access,
    limits: vendorLimits,
  });
  const ask = (own: Handler) =>
    own({
      method: 'GET',
      path: '/api/v1/collectors',
      query: new URLSearchParams(),
      headers: { authorization },
      body: '',
    });
  const answers = await Promise.all(Array.from({ length: 5 }, () => ask(strict.handle)));
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200, 200, 429],
  );
  assert.equal((JSON.parse(answers[4]!.body) as { code: string }).code, 'rate.limit.exceeded');
  nowMs += 1000;
  assert.equal((await ask(strict.handle)).status, 200);
  faults.set({ sumoLogic: [{ kind: 'slow', delayMs: 1 }] });
  const waiting = Array.from({ length: 10 }, () => {
    nowMs += 1000;
    return ask(strict.handle);
  });
  nowMs += 1000;
  assert.equal((await ask(strict.handle)).status, 429);
  for (const answer of open) answer();
  assert.deepEqual(
    (await Promise.all(waiting)).map(({ status }) => status),
    Array<number>(10).fill(200),
  );
});

test('above a hundred thousand messages a job is paused with the newest of them', async () => {
  const many = createTelemetry();
  for (let index = 0; index < 100_050; index++)
    many.addLog({ atMs: startMs - 100_050 + index, node: 'n', category: 'c', text: 'x' });
  const own = createSumoLogicServer({
    telemetry: many,
    now: () => nowMs,
    sleep,
    faults,
    ...access,
    pace: { startMs: 0, gatherMs: 0 },
  });
  const ask = async (method: string, path: string, cookie = '', body = '', query = '') =>
    JSON.parse(
      (
        await own.handle({
          method,
          path: `/api/v1/search/jobs${path}`,
          query: new URLSearchParams(query),
          headers: { authorization, 'content-type': 'application/json', cookie },
          body,
        })
      ).body,
    ) as never;
  const { id } = (await ask('POST', '', '', JSON.stringify({ ...search, query: '*', from: startMs - 200_000 }))) as {
    id: string;
  };
  const cookie = 'JSESSIONID=sumo000000000001';
  const status = (await ask('GET', `/${id}`, cookie)) as Status;
  assert.deepEqual([status.state, status.messageCount], ['FORCE PAUSED', 100_000]);
  const page = (await ask('GET', `/${id}/messages`, cookie, '', 'offset=0&limit=50000')) as Page;
  assert.equal(page.messages.length, 10_000);
  assert.equal(page.messages[0]!.map['_messagetime'], String(startMs - 1));
});
