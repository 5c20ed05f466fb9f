// The fleet's HTTP API, and the hook program of the demo workspace against it.
import assert from 'node:assert/strict';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { configurationDigest } from '../../../src/adapters/files/configurations.ts';
import { digestConfiguration, type ConfigurationContent } from '../../../src/demo/fleet/configurationDigest.ts';
import { createFaults } from '../../../src/demo/faults/faults.ts';
import { createFleet } from '../../../src/demo/fleet/fleet.ts';
import { createFleetHandler } from '../../../src/demo/fleet/fleetServer.ts';
import { runHook } from '../../../src/demo/fleet/hook.ts';
import { listen, splitTarget } from '../../../src/demo/servers/httpServer.ts';
import { createTelemetry } from '../../../src/demo/fleet/telemetry.ts';
import { createHash } from 'node:crypto';

const startMs = Date.parse('2026-11-23T14:00:00Z');
const good = { version: '2.13.2', configuration: 'a'.repeat(64) };
const content: ConfigurationContent = {
  files: { 'config/shop.json': '{"a": 1}\n', 'b.txt': 'ä' },
  variables: { PROFILE: 'autumn', A: '1' },
};

/** A fleet whose clock jumps when somebody sleeps. */
function createServer() {
  let nowMs = startMs;
  const telemetry = createTelemetry();
  const faults = createFaults(() => nowMs);
  const fleet = createFleet({ seed: 1, telemetry, startMs, release: good });
  const handler = createFleetHandler({
    fleet,
    faults,
    now: () => nowMs,
    sleep: durationMs => {
      nowMs += durationMs;
      return Promise.resolve();
    },
  });
  const ask = async (method: string, target: string, body?: unknown) => {
    const answer = await handler({
      method,
      ...splitTarget(target),
      headers: {},
      body: typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body),
    });
    return { status: answer.status, value: JSON.parse(answer.body) as Record<string, unknown> };
  };
  return { fleet, telemetry, faults, handler, ask };
}

test('nodes are listed by environment, production first of all', async () => {
  const { ask } = createServer();
  const { status, value } = await ask('GET', '/nodes');
  assert.equal(status, 200);
  assert.equal((value as unknown as unknown[]).length, 10);
  assert.deepEqual((value as unknown as unknown[])[0], { node: 'prod-01', ...good });
  assert.deepEqual((await ask('GET', '/nodes?environment=dev')).value, [{ node: 'dev-01', ...good }]);
  assert.equal((await ask('GET', '/nodes?environment=moon')).status, 404);
});

test('a deploy answers when the node serves, and the node then says what it runs', async () => {
  const { ask } = createServer();
  const digest = digestConfiguration(content);
  const { status, value } = await ask('POST', '/deploy', {
    node: 'prod-03',
    version: '2.14.0',
    configuration: content,
  });
  assert.equal(status, 200);
  assert.equal(value['configuration'], digest);
  const took = Number(value['servingFromMs']) - startMs;
  assert.ok(took >= 1000 && took <= 2000);
  const nodes = (await ask('GET', '/nodes')).value as unknown as { node: string }[];
  assert.deepEqual(
    nodes.find(one => one.node === 'prod-03'),
    { node: 'prod-03', version: '2.14.0', configuration: digest },
  );
  assert.equal(nodes.filter(one => JSON.stringify(one).includes('2.13.2')).length, 9);
});

test('an injected line is kept as it is', async () => {
  const { ask, telemetry } = createServer();
  const line = 'not a log line at all \u0000 <script>\n\tat somewhere';
  assert.equal((await ask('POST', '/lines', { node: 'prod-04', line })).status, 200);
  assert.deepEqual(
    telemetry.logs(0, Infinity).map(({ node, text, category }) => ({ node, text, category })),
    [{ node: 'prod-04', text: line, category: 'prod/storefront' }],
  );
});

test('backends go down when the first production node gets the new release, not before', async () => {
  const { ask, faults } = createServer();
  const request = { method: 'POST', path: '/graphql', query: new URLSearchParams(), headers: {}, body: '' };
  const isDown = () =>
    faults.take('newRelic', 'status', request) !== undefined && faults.take('sumoLogic', 'down', request) !== undefined;
  await ask('POST', '/scenario', { name: 'backend-down', seed: 3 });
  await ask('POST', '/deploy', { node: 'dev-01', version: '2.14.0', configuration: content });
  await ask('POST', '/deploy', { node: 'prod-01', version: '2.13.2', configuration: content });
  assert.equal(isDown(), false);
  await ask('POST', '/deploy', { node: 'prod-01', version: '2.14.0', configuration: content });
  assert.equal(isDown(), true);
  await ask('POST', '/scenario', { name: 'healthy', seed: 3 });
  assert.equal(isDown(), false);
});

test('the first anomaly is told once there is one', async () => {
  const { ask, fleet } = createServer();
  await ask('POST', '/scenario', { name: 'quality-regression', seed: 5 });
  assert.deepEqual((await ask('GET', '/anomaly')).value, {
    scenario: 'quality-regression',
    seed: 5,
    firstAnomalyMs: null,
  });
  const { value } = await ask('POST', '/deploy', { node: 'prod-01', version: '2.14.0', configuration: content });
  fleet.advance(Number(value['servingFromMs']) + 13_000);
  const { firstAnomalyMs } = (await ask('GET', '/anomaly')).value as { firstAnomalyMs: number };
  assert.ok(firstAnomalyMs > Number(value['servingFromMs']));
});

test('what is wrong is said, with a status that fits', async () => {
  const { ask } = createServer();
  const answers = await Promise.all([
    ask('GET', '/nowhere'),
    ask('DELETE', '/nodes'),
    ask('POST', '/deploy', 'no json'),
    ask('POST', '/deploy', [1]),
    ask('POST', '/deploy', { node: 'prod-99', version: '1', configuration: content }),
    ask('POST', '/deploy', { node: 'prod-01', version: '', configuration: content }),
    ask('POST', '/deploy', { node: 'prod-01', version: '1', configuration: { files: { a: 1 }, variables: {} } }),
    ask('POST', '/scenario', { name: 'doomsday' }),
    ask('POST', '/scenario', { name: 'healthy', seed: 1.5 }),
    ask('POST', '/lines', { node: 'prod-01' }),
    ask('POST', '/lines', { node: 'x', line: 'y' }),
    ask('POST', '/faults', { moon: [] }),
  ]);
  assert.deepEqual(
    answers.map(answer => answer.status),
    [404, 405, 400, 400, 404, 400, 400, 400, 400, 400, 404, 400],
  );
  for (const { value } of answers) assert.ok(String(value['error']).length > 10);
});

test('the digest is the one that the engine gives to hooks', () => {
  const sha = (text: string) => createHash('sha256').update(text).digest('hex');
  const files = Object.entries(content.files).map(([path, text]) => ({
    path,
    digest: sha(text),
    sizeBytes: text.length,
  }));
  assert.equal(digestConfiguration(content), configurationDigest(files, content.variables));
});

async function withHook(
  work: (
    call: (
      action: string | undefined,
      more?: Record<string, string>,
    ) => Promise<{ status: number; out: string; err: string }>,
    server: ReturnType<typeof createServer>,
  ) => Promise<void>,
): Promise<void> {
  const server = createServer();
  const { url, close } = await listen(server.handler);
  const folder = mkdtempSync(join(tmpdir(), 'backstop-hook-'));
  try {
    mkdirSync(join(folder, 'config'));
    for (const [path, text] of Object.entries(content.files)) writeFileSync(join(folder, path), text);
    writeFileSync(join(folder, 'variables.json'), JSON.stringify(content.variables));
    await work(async (action, more = {}) => {
      const out: string[] = [],
        err: string[] = [];
      const status = await runHook(
        action,
        {
          DEMO_FLEET_URL: url,
          BACKSTOP_ENVIRONMENT: 'production',
          BACKSTOP_NODES: 'prod-01,prod-02',
          BACKSTOP_VERSION: '2.14.0',
          BACKSTOP_CONFIG_DIR: folder,
          BACKSTOP_CONFIG_DIGEST: digestConfiguration(content),
          ...more,
        },
        line => out.push(line),
        line => err.push(line),
      );
      return { status, out: out.join('\n'), err: err.join('\n') };
    }, server);
  } finally {
    await close();
    rmSync(folder, { recursive: true });
  }
}

test('the deploy hook brings version and configuration to every node, and the check hook finds them there', () =>
  withHook(async (call, { fleet }) => {
    const early = await call('check');
    assert.equal(early.status, 1);
    assert.match(
      early.err,
      /Expected 2\.14\.0, .* but prod-01 runs 2\.13\.2, configuration aaaaaaaaaaaa; prod-02 runs 2\.13\.2/,
    );
    const deployed = await call('deploy');
    assert.deepEqual([deployed.status, deployed.err], [0, '']);
    assert.match(deployed.out, /prod-01: serves 2\.14\.0 after/);
    assert.deepEqual(
      fleet
        .nodes('production', startMs + 60_000)
        .filter(node => node.version === '2.14.0')
        .map(node => node.node),
      ['prod-01', 'prod-02'],
    );
    assert.equal((await call('check')).status, 0);
  }));

test('the check hook is not content with the right version under another configuration', () =>
  withHook(async (call, { ask }) => {
    for (const node of ['prod-01', 'prod-02'])
      await ask('POST', '/deploy', { node, version: '2.14.0', configuration: 'b'.repeat(64) });
    assert.equal((await call('check')).status, 1);
  }));

test(
  'hooks fail with a sentence: unknown nodes, no fleet, a folder that is not the release, missing variables, ' +
    'no such action',
  () =>
    withHook(async call => {
      const cases: [string | undefined, Record<string, string>, number, RegExp][] = [
        [
          'deploy',
          { BACKSTOP_NODES: 'prod-01,prod-77' },
          1,
          /^prod-77: the fleet answered 404: There is no node "prod-77"\.$/,
        ],
        ['check', { BACKSTOP_NODES: 'prod-77' }, 1, /the fleet does not know it/],
        ['deploy', { DEMO_FLEET_URL: 'http://127.0.0.1:1' }, 1, /did not answer/],
        ['rollback', { BACKSTOP_CONFIG_DIGEST: 'f'.repeat(64) }, 1, /holds configuration .*, not ffffffffffff/],
        ['check', { BACKSTOP_CONFIG_DIR: '/nowhere/at/all', BACKSTOP_CONFIG_DIGEST: '' }, 1, /cannot be read/],
        ['deploy', { BACKSTOP_VERSION: '', BACKSTOP_NODES: '' }, 1, /Not set: BACKSTOP_NODES, BACKSTOP_VERSION/],
        [undefined, {}, 3, /Usage: hook/],
      ];
      for (const [action, more, status, said] of cases) {
        const answer = await call(action, more);
        assert.equal(answer.status, status, answer.err);
        assert.match(answer.err, said);
      }
    }),
);
