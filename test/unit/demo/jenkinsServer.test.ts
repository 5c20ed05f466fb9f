// Jenkins on this machine, spoken to over HTTP as node-jenkins and python-jenkins do.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { createFaults } from '../../../src/demo/faults/faults.ts';
import { listen, splitTarget } from '../../../src/demo/servers/httpServer.ts';
import type { JenkinsJob } from '../../../src/demo/jenkins/builds.ts';
import { demoJobs } from '../../../src/demo/jenkins/demoJobs.ts';
import { createJenkinsServer } from '../../../src/demo/jenkins/server.ts';
import { parseTree, selectTree } from '../../../src/demo/jenkins/tree.ts';

let nowMs = Date.UTC(2026, 10, 23, 12, 0, 0);
const now = () => nowMs;

/** Sleepers wake when the clock reaches them. */
const sleepers: { readonly atMs: number; readonly wake: () => void }[] = [];
const sleep = (durationMs: number) =>
  new Promise<void>(resolve => sleepers.push({ atMs: nowMs + durationMs, wake: resolve }));
async function pass(durationMs: number): Promise<void> {
  nowMs += durationMs;
  for (const sleeper of sleepers.splice(0))
    if (sleeper.atMs <= nowMs) sleeper.wake();
    else sleepers.push(sleeper);
  await settle();
}
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise(resolve => setImmediate(resolve));
}

const deployed: Record<string, string>[] = [];
let finishDeploy: (worked: boolean) => void = () => {};
const extra: readonly JenkinsJob[] = [
  {
    name: 'folder/feature/x y',
    description: '',
    parameters: [],
    run: async (_, log) => {
      log('Größe');
      await sleep(1000);
      log('done');
      return 'UNSTABLE';
    },
  },
  {
    name: 'stubborn',
    description: '',
    pipeline: true,
    endsOnlyBy: 'kill',
    parameters: [],
    run: async (_, log) => {
      log('[Pipeline] { (Build)');
      log('[Pipeline] { (Deploy)');
      log('Input requested');
      await sleep(1e9);
      return 'SUCCESS';
    },
  },
  { name: 'off', description: '', parameters: [], disabled: true, run: () => Promise.resolve('SUCCESS') },
  { name: 'broken', description: '', parameters: [], run: () => Promise.reject(new Error('disk full')) },
];
const { handle } = createJenkinsServer({
  sleep,
  faults: createFaults(now),
  user: 'ada',
  token: '11token',
  password: 'secret',
  quietMs: 5000,
  jobs: [
    ...demoJobs({
      nowMs,
      sleep,
      work: (_, parameters, log) => {
        deployed.push({ ...parameters });
        log('deploying');
        return new Promise(resolve => {
          finishDeploy = resolve;
        });
      },
    }),
    ...extra,
  ],
});
const server = await listen(handle);
after(() => server.close());

const basic = (password: string) => `Basic ${Buffer.from(`ada:${password}`).toString('base64')}`;
function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${server.url}${path}`, {
    redirect: 'manual',
    ...init,
    headers: { Authorization: basic('11token'), ...init.headers },
  });
}
const post = (path: string, form?: Record<string, string>) =>
  ask(path, { method: 'POST', ...(form && { body: new URLSearchParams(form) }) });
async function json<T = Record<string, unknown>>(path: string): Promise<T> {
  const response = await ask(path);
  assert.equal(response.status, 200, path);
  return (await response.json()) as T;
}
function itemPath(response: Response): string {
  assert.equal(response.status, 201);
  const location = response.headers.get('location')!;
  assert.match(location, new RegExp(`^${server.url}/queue/item/\\d+/$`));
  return location.slice(server.url.length);
}

test('every answer names the version; wrong access is 401, none is 403', async () => {
  assert.match((await ask('/api/json')).headers.get('x-jenkins')!, /^\d+\.\d+/);
  const anonymous = await fetch(`${server.url}/api/json`);
  assert.equal(anonymous.status, 403);
  assert.ok(anonymous.headers.get('x-jenkins'));
  assert.equal((await ask('/api/json', { headers: { Authorization: basic('wrong') } })).status, 401);
});

test('the job lists its finished builds, the newest first, cut down by tree', async () => {
  const job = await json<{
    builds: { displayName: string; result: string; actions: { parameters?: { name: string; value: string }[] }[] }[];
  }>(
    '/job/storefront/api/json?tree=builds[number,displayName,result,timestamp,duration,' +
      'actions[parameters[name,value]],artifacts[relativePath]]{0,3}',
  );
  assert.deepEqual(
    job.builds.map(({ displayName, result }) => [displayName, result]),
    [
      ['2.14.0', 'SUCCESS'],
      ['2.13.2', 'SUCCESS'],
      ['2.13.2', 'FAILURE'],
    ],
  );
  assert.deepEqual(job.builds[0]!.actions[0]!.parameters, [
    { _class: 'hudson.model.StringParameterValue', name: 'VERSION', value: '2.14.0' },
  ]);
  const whole = await json<Record<string, { number: number }>>('/job/storefront/api/json');
  assert.deepEqual(
    [
      whole['lastBuild']!.number,
      whole['lastFailedBuild']!.number,
      whole['firstBuild']!.number,
      whole['nextBuildNumber'],
    ],
    [5, 3, 1, 6],
  );
  const artifact = (
    await json<{ artifacts: { relativePath: string }[] }>('/job/storefront/lastSuccessfulBuild/api/json')
  ).artifacts[0]!.relativePath;
  assert.equal(await (await ask(`/job/storefront/5/artifact/${artifact}`)).text(), 'storefront 2.14.0\n');
  assert.equal((await ask('/job/storefront/5/artifact/nothing')).status, 404);
});

test('a build goes from the queue to its end, and its console grows by bytes', async () => {
  const path = itemPath(await post('/job/folder/job/feature/job/x%20y/build'));
  const waiting = await json(`${path}api/json`);
  assert.deepEqual(
    [waiting['_class'], waiting['executable'], (waiting['task'] as { name: string }).name],
    ['hudson.model.Queue$WaitingItem', undefined, 'x y'],
  );
  assert.equal((await json<{ items: unknown[] }>('/queue/api/json')).items.length, 1);
  await pass(5000);
  const left = await json<{ _class: string; why: unknown; executable: { number: number; url: string } }>(
    `${path}api/json`,
  );
  assert.deepEqual([left._class, left.why, left.executable.number], ['hudson.model.Queue$LeftItem', null, 1]);
  const build = left.executable.url.slice(server.url.length);
  assert.equal(build, '/job/folder/job/feature/job/x%20y/1/');
  const running = await json(`${build}api/json`);
  assert.deepEqual([running['building'], running['result'], running['duration']], [true, null, 0]);
  const first = await ask(`${build}logText/progressiveText?start=0`);
  const text = await first.text();
  assert.equal(text, 'Started by user ada\nGröße\n');
  assert.deepEqual(
    [first.headers.get('x-text-size'), first.headers.get('x-more-data')],
    [String(Buffer.byteLength(text)), 'true'],
  );
  await pass(1000);
  const rest = await post(`${build}logText/progressiveText`, { start: first.headers.get('x-text-size')! });
  assert.equal(await rest.text(), 'done\nFinished: UNSTABLE\n');
  assert.equal(rest.headers.get('x-more-data'), null);
  assert.equal(await (await ask(`${build}consoleText`)).text(), `${text}done\nFinished: UNSTABLE\n`);
  assert.match(await (await ask(`${build}logText/progressiveText?start=99999`)).text(), /^Started/);
  const done = await json(`${build}api/json`);
  assert.deepEqual([done['building'], done['result'], done['duration']], [false, 'UNSTABLE', 1000]);
});

test('a left item is forgotten after five minutes', async () => {
  const path = itemPath(await post('/job/broken/build?delay=0sec'));
  assert.equal((await ask(`${path}api/json`)).status, 200);
  await pass(5 * 60_000 + 1);
  assert.equal((await ask(`${path}api/json`)).status, 404);
});

test('a build whose work throws fails and says why in its console', async () => {
  await settle();
  assert.equal((await json('/job/broken/lastBuild/api/json'))['result'], 'FAILURE');
  assert.match(await (await ask('/job/broken/lastBuild/consoleText')).text(), /ERROR: disk full\nFinished: FAILURE\n$/);
});

test('parameters come from query or form; unknown ones are dropped, missing ones take their default', async () => {
  deployed.length = 0;
  itemPath(await post('/job/deploy/buildWithParameters?VERSION=2.14.1&NODES=prod-01&delay=0sec&EVIL=1'));
  await settle();
  finishDeploy(true);
  itemPath(await post('/job/deploy/buildWithParameters', { VERSION: '2.14.1', NODES: 'prod-02', delay: '0sec' }));
  await settle();
  assert.deepEqual(deployed, [
    {
      VERSION: '2.14.1',
      NODES: 'prod-01',
      ENVIRONMENT: 'production',
      CONFIG_DIR: '',
      CONFIGURATION: '',
      BACKSTOP_RUN: '',
    },
    {
      VERSION: '2.14.1',
      NODES: 'prod-02',
      ENVIRONMENT: 'production',
      CONFIG_DIR: '',
      CONFIGURATION: '',
      BACKSTOP_RUN: '',
    },
  ]);
  finishDeploy(false);
  await settle();
  const { builds } = await json<{ builds: { result: string }[] }>('/job/deploy/api/json?tree=builds[result]');
  assert.deepEqual(
    builds.map(({ result }) => result),
    ['FAILURE', 'SUCCESS'],
  );
});

test('identical builds that wait become one item; a parameter of its own keeps them apart', async () => {
  const trigger = (run: string) => post('/job/deploy/buildWithParameters', { VERSION: '1', BACKSTOP_RUN: run });
  const [one, same, other] = [itemPath(await trigger('a')), itemPath(await trigger('a')), itemPath(await trigger('b'))];
  assert.equal(one, same);
  assert.notEqual(one, other);
  for (const path of [one, other])
    assert.equal((await post(`/queue/cancelItem?id=${path.split('/')[3]!}`)).status, 204);
  const cancelled = await json(`${one}api/json`);
  assert.deepEqual([cancelled['cancelled'], cancelled['executable']], [true, null]);
});

test('a job that may not run beside itself blocks the next build', async () => {
  const start = (delay: string, build: string) =>
    post(`/job/storefront/buildWithParameters?VERSION=${build}&delay=${delay}`);
  itemPath(await start('0sec', '3.0.0'));
  const second = itemPath(await start('0sec', '3.0.1'));
  const blocked = await json(`${second}api/json`);
  assert.deepEqual(
    [blocked['_class'], blocked['blocked'], blocked['why']],
    ['hudson.model.Queue$BlockedItem', true, 'Build #6 is already in progress'],
  );
  assert.equal((await json<{ color: string }>('/job/storefront/api/json')).color, 'blue_anime');
  const stopped = await post('/job/storefront/6/stop');
  assert.deepEqual([stopped.status, stopped.headers.get('location')], [302, `${server.url}/job/storefront/6/`]);
  assert.equal((await ask('/job/storefront/6/')).status, 200);
  assert.equal((await json('/job/storefront/6/api/json'))['result'], 'ABORTED');
  assert.match(await (await ask('/job/storefront/6/consoleText')).text(), /Finished: ABORTED\n$/);
  assert.equal((await json<{ executable: { number: number } }>(`${second}api/json`)).executable.number, 7);
  for (let step = 0; step < 5; step++) await pass(600);
  assert.deepEqual(
    (({ result, displayName }) => [result, displayName])(
      (await json('/job/storefront/7/api/json')) as { result: string; displayName: string },
    ),
    ['SUCCESS', '3.0.1'],
  );
});

test(
  'what cannot be built says so: disabled 409, parameters without need 500, none where needed 400, unknown 404, ' +
    'GET 405',
  async () => {
    const statuses = await Promise.all(
      [
        post('/job/off/build'),
        post('/job/broken/buildWithParameters?A=1'),
        post('/job/deploy/build'),
        post('/job/none/build'),
        ask('/job/broken/build'),
      ].map(async response => (await response).status),
    );
    assert.deepEqual(statuses, [409, 500, 400, 404, 405]);
    assert.equal(
      (await post('/job/broken/buildWithParameters?A=1')).headers.get('x-error'),
      'This build is not parameterized!',
    );
    itemPath(
      await post('/job/deploy/build', {
        json: '{"parameter": [{"name": "VERSION", "value": "form"}], "delay": "0sec"}',
      }),
    );
  },
);

test('a password needs a crumb and its cookie for each POST, a token does not', async () => {
  const withPassword = { Authorization: basic('secret') };
  const refused = await ask('/job/broken/build', { method: 'POST', headers: withPassword });
  assert.deepEqual(
    [refused.status, refused.headers.get('x-error')],
    [403, 'No valid crumb was included in the request'],
  );
  const issued = await ask('/crumbIssuer/api/json', { headers: withPassword });
  const { crumb, crumbRequestField, _class } = (await issued.json()) as Record<string, string>;
  assert.deepEqual([_class, crumbRequestField], ['hudson.security.csrf.DefaultCrumbIssuer', 'Jenkins-Crumb']);
  const cookie = issued.headers.get('set-cookie')!.split(';')[0]!;
  assert.equal(
    (
      await ask('/job/broken/build', {
        method: 'POST',
        headers: { ...withPassword, 'Jenkins-Crumb': crumb!, Cookie: cookie },
      })
    ).status,
    201,
  );
  assert.equal(
    (await ask('/job/broken/build', { method: 'POST', headers: { ...withPassword, 'Jenkins-Crumb': crumb! } })).status,
    403,
  );
});

test('a Pipeline that ignores stop ends by term or kill; its stages and its pending input are told', async () => {
  itemPath(await post('/job/stubborn/build?delay=0sec'));
  await settle();
  const describe = () =>
    json<{ status: string; stages: { name: string; status: string }[] }>('/job/stubborn/1/wfapi/describe');
  const paused = await describe();
  assert.deepEqual(
    [paused.status, paused.stages.map(({ name, status }) => [name, status])],
    [
      'PAUSED_PENDING_INPUT',
      [
        ['Build', 'SUCCESS'],
        ['Deploy', 'PAUSED_PENDING_INPUT'],
      ],
    ],
  );
  assert.equal((await json<unknown[]>('/job/stubborn/1/wfapi/pendingInputActions')).length, 1);
  const results: unknown[] = [];
  for (const [force, status] of [
    ['stop', 302],
    ['term', 200],
    ['kill', 200],
  ] as const) {
    assert.equal((await post(`/job/stubborn/1/${force}`)).status, status);
    results.push((await json('/job/stubborn/1/api/json'))['result']);
  }
  assert.deepEqual([...results, (await describe()).status], [null, null, 'ABORTED', 'ABORTED']);
  assert.deepEqual(
    [(await post('/job/storefront/5/term')).status, (await ask('/job/storefront/5/wfapi/describe')).status],
    [404, 404],
  );
});

test('branches of a multibranch job lie below it, their names encoded twice; its build finds branches', async () => {
  const parent = await json<{ _class: string; jobs: { name: string; url: string }[] }>('/job/checkout/api/json');
  assert.match(parent._class, /WorkflowMultiBranchProject$/);
  assert.deepEqual(
    parent.jobs.map(({ name, url }) => [name, url.slice(server.url.length)]),
    [
      ['main', '/job/checkout/job/main/'],
      ['feature%2Finstalments', '/job/checkout/job/feature%252Finstalments/'],
    ],
  );
  assert.equal(
    (await json('/job/checkout/job/feature%252Finstalments/api/json'))['displayName'],
    'feature/instalments',
  );
  assert.deepEqual(
    [
      (await post('/job/checkout/build')).status,
      (await ask('/job/checkout/job/feature%2Finstalments/api/json')).status,
    ],
    [302, 404],
  );
});

test('a file is known by its md5: which build made it, and what was made of it', async () => {
  const {
    fingerprint: [made],
  } = await json<{ fingerprint: { fileName: string; hash: string }[] }>('/job/storefront/4/api/json');
  const found = await json<{ original: { name: string; number: number }; fileName: string }>(
    `/fingerprint/${made!.hash}/api/json`,
  );
  assert.deepEqual(
    [found.original.name, found.original.number, found.fileName, made!.fileName],
    ['storefront', 4, 'storefront-2.13.2.txt', 'storefront-2.13.2.txt'],
  );
  assert.equal((await ask(`/fingerprint/${'0'.repeat(32)}/api/json`)).status, 404);
});

test('a build without a free executor is buildable and waits', async () => {
  const { handle: crowded } = createJenkinsServer({
    sleep,
    faults: createFaults(now),
    user: 'ada',
    token: 't',
    executors: 1,
    jobs: [
      {
        name: 'long',
        description: '',
        parameters: [{ name: 'N', description: '', defaultValue: '' }],
        concurrent: true,
        run: () => new Promise(() => {}),
      },
    ],
  });
  const call = (method: string, path: string) =>
    crowded({
      method,
      ...splitTarget(path),
      headers: { authorization: `Basic ${Buffer.from('ada:t').toString('base64')}` },
      body: '',
    });
  for (const build of ['1', '2']) await call('POST', `/job/long/buildWithParameters?N=${build}&delay=0sec`);
  const { _class, buildable, why } = JSON.parse((await call('GET', '/queue/item/102/api/json')).body) as Record<
    string,
    unknown
  >;
  assert.deepEqual(
    [_class, buildable, why],
    ['hudson.model.Queue$BuildableItem', true, 'Waiting for next available executor'],
  );
});

test('the root lists the jobs, HEAD tells whether one exists, and the user is known', async () => {
  assert.deepEqual(
    (await json<{ jobs: { fullName: string }[] }>('/api/json?tree=jobs[fullName]')).jobs.map(
      ({ fullName }) => fullName,
    ),
    ['storefront', 'checkout', 'deploy', 'check', 'folder', 'stubborn', 'off', 'broken'],
  );
  assert.deepEqual(
    [
      (await ask('/job/storefront/api/json', { method: 'HEAD' })).status,
      (await ask('/job/x/api/json', { method: 'HEAD' })).status,
    ],
    [200, 404],
  );
  assert.equal((await json('/me/api/json'))['fullName'], 'ada');
  assert.equal((await ask('/job/%zz/api/json')).status, 400);
});

test('tree selects members, sub-members and parts of lists; an object without members is its class alone', () => {
  const value = { _class: 'J', a: 1, b: [{ _class: 'B', n: 1, m: 2 }, { n: 2 }, { n: 3 }], c: { _class: 'C', x: 1 } };
  assert.deepEqual(selectTree(value, parseTree('a,b[n]{1,},c')!), {
    _class: 'J',
    a: 1,
    b: [{ n: 2 }, { n: 3 }],
    c: { _class: 'C' },
  });
  assert.deepEqual(selectTree(value, parseTree('b[*]{,1},nothing')!), {
    _class: 'J',
    b: [{ _class: 'B', n: 1, m: 2 }],
  });
  assert.deepEqual(selectTree(value, parseTree('b[n]{2}')!), { _class: 'J', b: [{ n: 3 }] });
  for (const text of ['', 'a[', 'a]', 'a,', 'a[b]c', 'a b']) assert.equal(parseTree(text), undefined, text);
});
