// `backstop init` in a real folder: what it finds, what it writes, and what it leaves alone.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { parsePipeline } from '../../../src/definition/parsePipeline.ts';
import { readAddresses } from '../../../src/terminal/addressList.ts';
import { temporaryFolder } from '../adapters/store/historyFixture.ts';
import { backstop, FakeStream, type Session } from './fakes.ts';

const pipelineFile = '.backstop/pipelines/shop.yaml';

interface Repository {
  readonly folder: string;
  init(...words: string[]): Promise<Session>;
  read(path: string): string;
}

function repository(context: TestContext, files: Readonly<Record<string, string>>): Repository {
  const folder = temporaryFolder(context);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return {
    folder,
    init: (...words) => backstop(['init', ...words], { cwd: folder }),
    read: path => readFileSync(join(folder, path), 'utf8'),
  };
}

test('nodes, logs, port and health come from the files, and the pipeline reads without a mistake', async context => {
  const { folder, init, read } = repository(context, {
    'compose.yaml': 'services:\n  shop:\n    image: shop\n    ports: ["9000:9000"]\n',
    Dockerfile: 'FROM node:24\nHEALTHCHECK CMD curl -f http://localhost:9000/healthz\n',
    'logs/shop-1/app.log': '2026-11-30T07:00:00Z INFO started\n',
    'logs/shop-2/app.log': '2026-11-30T07:00:00Z INFO started\n',
  });
  const { out, status } = await init('--yes');
  assert.equal(status, 0);
  assert.match(out, /found service shop {2}compose\.yaml:2\n/);
  assert.match(out, /wrote \.backstop\/pipelines\/shop\.yaml\nwrote scripts\/deploy\.sh\nwrote scripts\/check\.sh\n/);
  const { pipeline, problems } = parsePipeline(read(pipelineFile), pipelineFile);
  assert.deepEqual(problems, []);
  assert.deepEqual(pipeline?.environments['production']?.nodes, ['shop-1', 'shop-2']);
  assert.match(read('scripts/check.sh'), /http:\/\/\$node:9000\/healthz/);
  assert.equal(statSync(join(folder, 'scripts/deploy.sh')).mode & 0o111, 0o111);
});

test('an endpoint that is named is asked once, and its requests, errors and latency become checks', async context => {
  const metrics = ['http_requests_total 12', 'http_errors_total 1'].map(
    sample => `# TYPE ${sample.split(' ')[0]} counter\n${sample}\n`,
  );
  const server = createServer((_, answer) => answer.end(metrics.join(''))).listen(0, '127.0.0.1');
  context.after(() => server.close());
  await new Promise<void>(resolve => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const { init, read } = repository(context, {});
  const words = ['--service', 'shop', '--nodes', 'a,b', '--metrics', `http://127.0.0.1:${port}/metrics`];
  const { out, status } = await init('--yes', ...words);
  assert.equal(status, 0);
  assert.match(out, /requests: .*http_requests_total/);
  assert.match(read(pipelineFile), /http_errors_total/);
  assert.deepEqual(parsePipeline(read(pipelineFile), pipelineFile).problems, []);
});

test('a range in an address stands for one address each, and other words stay as they are', () => {
  for (const [typed, wanted] of [
    ['http://a:{8..10}/m, b', ['http://a:8/m', 'http://a:9/m', 'http://a:10/m', 'b']],
    ['http://web-{08..09}/m', ['http://web-08/m', 'http://web-09/m']],
    ['http://{node}:1/m', ['http://{node}:1/m']],
    ['{9..8} {1..999999}', ['{9..8}', '{1..999999}']],
  ] as const)
    assert.deepEqual(readAddresses(typed), wanted);
});

/** Five series of the service `shop`, found by the label `app`. */
async function startServer(context: TestContext): Promise<string> {
  const series = [
    ['http_requests_total', { instance: 'web-1:80', code: '200' }, '12'],
    ['http_requests_total', { instance: 'web-2:80', code: '500' }, '1'],
    ['http_request_duration_seconds_bucket', { instance: 'web-1:80', le: '0.5' }, '11'],
    ['http_request_duration_seconds_bucket', { instance: 'web-1:80', le: '+Inf' }, '12'],
    ['queue_length', { instance: 'web-1:80' }, '7'],
  ] as const;
  const server = createServer((request, answer) => {
    const query = new URL(request.url!, 'http://server').searchParams.get('query') ?? '';
    const result = series.map(([__name__, labels, value]) => ({ metric: { __name__, ...labels }, value: [0, value] }));
    const data = query.startsWith('{app="shop"') ? { result } : query ? { result: [] } : ['till', 'stock'];
    answer.end(JSON.stringify({ status: 'success', data }));
  }).listen(0, '127.0.0.1');
  context.after(() => server.close());
  await new Promise<void>(resolve => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('a server is asked what it has of the service, and what is worth a check is shown and written', async context => {
  const address = await startServer(context);
  const { init, read } = repository(context, {});
  const { out } = await init(
    '--yes',
    '--service',
    'shop',
    '--nodes',
    'web-1,web-2',
    '--backend',
    `prometheus=${address}`,
  );
  assert.match(out, /app="shop" has the labels code, instance and le\ninstance: web-1:80 and web-2:80\n/);
  assert.match(out, /requests: .* 12\nerrors: .*code="500"} 1\nlatency: .*\nsaturation: queue_length.* 7\n/);
  const text = read(pipelineFile);
  assert.deepEqual(parsePipeline(text, pipelineFile).problems, []);
  assert.match(
    text,
    /errors: { query: 'http_requests_total\{app="shop",code=~"5\.\."}', kind: cumulative, per: requests/,
  );

  const stdout = new FakeStream({ tty: true });
  await backstop(['init'], {
    cwd: repository(context, {}).folder,
    input: `shop\nweb-1,web-2\n\n\nprometheus\n{ prometheus: { url: '${address}' } }\n\n`,
    inputIsTerminal: true,
    stdout,
  });
  assert.match(stdout.text, /Connection\? \[{ prometheus: .*requests: .*errors: .*latency: .*saturation: /s);

  const other = await repository(context, {}).init(
    '--yes',
    '--service',
    'cart',
    '--nodes',
    'a',
    '--backend',
    `{ prometheus: { url: '${address}' } }`,
  );
  assert.match(other.err, /No series there has a label .* that is "cart"\.\n {2}The label job has till, stock\.\n/);
});

test('in a terminal it asks, shows what it found, and takes what is typed', async context => {
  const { folder, read } = repository(context, { 'logs/web-1/shop.log': '', 'logs/web-2/shop.log': '' });
  const typed = ['shop', '', '', 'none', '', '60'];
  const stdout = new FakeStream({ tty: true });
  const answer = (input: readonly string[]): Promise<Session> =>
    backstop(['init'], { cwd: folder, input: `${input.join('\n')}\n`, inputIsTerminal: true, stdout });
  const { status } = await answer(typed);
  assert.equal(status, 0);
  assert.match(stdout.text, /Nodes in production, separated by commas\? \[web-1,web-2\] /);
  assert.match(stdout.text, /Log files, with {node} for the node\? \[logs\/{node}\/\*\.log\] /);
  const { pipeline } = parsePipeline(read(pipelineFile), pipelineFile);
  assert.deepEqual(pipeline?.environments['production']?.nodes, ['web-1', 'web-2']);
  assert.match(read(pipelineFile), /verification: { duration: 60s, interval: 3s, proof: 30s }/);
  assert.equal((await answer([...typed.slice(0, 5), 'soon'])).status, 3);
  assert.equal((await answer(typed.slice(0, 2))).status, 130, 'the terminal was closed');
});

test('it says what is not verified, and what a script of one’s own gets', async context => {
  const { init } = repository(context, { 'scripts/deploy.sh': '# mine\n', 'logs/web-1/shop.log': '' });
  const bare = await init('--yes', '--service', 'shop');
  assert.match(bare.out, /\nNo metrics are verified\. Give the address of an endpoint with --metrics/);
  assert.doesNotMatch(bare.out, /no logs are verified/);
  assert.match(bare.out, /\nKept: scripts\/deploy\.sh\. Backstop passes the version and the nodes in BACKSTOP_VERSION/);
  assert.match(bare.out, /\nNext: fill in scripts\/check\.sh, then\n/);
  assert.match(
    (await repository(context, {}).init('--yes')).out,
    /\nNo log files were found, so no logs are verified\./,
  );
});

test('what is there already stays as it is', async context => {
  const { init, read } = repository(context, { [pipelineFile]: '# mine\n', 'scripts/deploy.sh': '# mine too\n' });
  const { out, status } = await init('--yes', '--service', 'shop', '--nodes', 'a,b');
  assert.equal(status, 0);
  assert.match(out, /kept {2}\.backstop\/pipelines\/shop\.yaml \(it already existed\)/);
  assert.deepEqual([read(pipelineFile), read('scripts/deploy.sh')], ['# mine\n', '# mine too\n']);
});

test('nothing is written, and no folder made, through a link', async context => {
  const { folder, init } = repository(context, {}),
    outside = temporaryFolder(context);
  symlinkSync(outside, join(folder, '.backstop'));
  const { err, status } = await init('--yes', '--service', 'shop', '--nodes', 'a,b');
  assert.equal(status, 3);
  assert.match(err, /\.backstop is a link: nothing is written through it\./);
  assert.deepEqual(readdirSync(outside), []);
});

for (const [what, words] of [
  ['a service that is a path', ['--service', '../shop']],
  ['a node with a quote', ['--nodes', "a,b'$(id)"]],
  ['log files outside of the folder', ['--logs', '../../var/log/{node}.log']],
  ['an address with a command in it', ['--metrics', 'http://a/$(id)`id`']],
] as const)
  test(`${what} is refused, and nothing is written`, async context => {
    const { init, read } = repository(context, {});
    const { err, status } = await init('--yes', ...words);
    assert.equal(status, 3);
    assert.match(err, /found "/);
    assert.throws(() => read(pipelineFile));
  });
