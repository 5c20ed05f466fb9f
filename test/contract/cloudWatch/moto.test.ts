// moto, a stand-in for AWS that others wrote: what is read of its logs and metrics is what was put there.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test, type TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../../../src/adapters/time.ts';
import { listen, textResponse } from '../../../src/demo/servers/httpServer.ts';
import type { LogLine, MetricPoint } from '../../../src/model/evidence/evidence.ts';
import { succeed } from '../../../src/model/failure.ts';
import type { ReadRequest } from '../../../src/model/ports.ts';
import type { CloudWatchLogs, CloudWatchMetrics } from '../../../src/vendors/cloudWatch/options.ts';
import { cloudWatchPorts } from '../../../src/vendors/cloudWatch/ports.ts';
import { sign } from '../../../src/vendors/cloudWatch/signature.ts';
import { decoders } from '../../../src/vendors/decoders.decode.ts';
import { createHealthSources } from '../../../src/vendors/healthSources.ts';
import { createHttp } from '../../../src/vendors/transport/http.ts';
import { createLocalBudget } from '../../fakes/localBudget.ts';
import { credentials } from '../faults/vendors.ts';

/** `.ci/run` installs moto into an environment of its own. */
const own = join(import.meta.dirname, '../../../node_modules/.cache/moto/bin/python');
const python = process.env['BACKSTOP_TEST_MOTO'] ?? (existsSync(own) ? own : 'python3');
const missing =
  process.platform !== 'linux'
    ? 'moto is installed on Linux only'
    : spawnSync(python, ['-c', 'import moto.server, flask']).status === 0
      ? false
      : 'moto is not installed';

const minuteMs = 60_000;
const toMs = Math.floor(Date.now() / minuteMs) * minuteMs,
  fromMs = toMs - 5 * minuteMs;
const logs: CloudWatchLogs = {
  ...{ kind: 'logs', vendor: 'cloudWatch', name: 'lines', connection: 'cloud', delayMs: 0 },
  nodeAttribute: 'logStreamName',
  options: { group: 'shop', prefix: 'shop/', nodePattern: 'shop/([^/]+)/.+' },
};
const counted = (name: string, statistic: string) => ({
  ...({ name, kind: 'count', direction: 'either', unit: '' } as const),
  options: { namespace: 'Shop', metric: name, statistic, dimensions: { Service: 'shop' } },
});
const metrics: CloudWatchMetrics = {
  ...{ kind: 'metrics', vendor: 'cloudWatch', name: 'figures', connection: 'cloud', delayMs: 0 },
  ...{ nodeAttribute: 'InstanceId', versionAttribute: 'Version', options: { resolutionMs: minuteMs } },
  metrics: [
    counted('requests', 'Sum'),
    { ...counted('errors', 'Sum'), denominator: 'requests' },
    { ...counted('latency', 'Average'), kind: 'gauge' },
  ],
};
const versions = ['1.8.0', '1.9.0'];

describe('moto', () => {
  let stop = (): void => undefined;
  const connection = {
    vendor: 'cloudWatch',
    url: '',
    credential: 'cloud',
    options: { region: 'eu-central-1', logsUrl: '' },
  };

  before(async () => {
    if (missing) return;
    const free = await listen(() => Promise.resolve(textResponse(200, '')));
    await free.close();
    Object.assign(connection, { url: free.url, options: { region: 'eu-central-1', logsUrl: free.url } });
    const server = spawn(python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', new URL(free.url).port], {
      stdio: 'ignore',
    });
    stop = () => server.kill('SIGKILL');
    for (let tries = 0; (await fetch(`${free.url}/moto-api/`).catch(() => undefined)) === undefined; tries++) {
      assert.ok(tries < 600, 'it did not start');
      await wait(50);
    }
  });
  after(() => stop());

  async function put(service: 'logs' | 'monitoring', operation: string, question: object): Promise<void> {
    const target = service === 'logs' ? 'Logs_20140328' : 'GraniteServiceVersion20100801';
    const headers = { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': `${target}.${operation}` };
    const request = { method: 'POST', url: `${connection.url}/`, body: JSON.stringify(question), headers };
    const signer = { keyId: 'AKIATESTTESTTESTTEST', secret: 'x', region: 'eu-central-1', service };
    const { method, url, body } = request;
    const answer = await fetch(url, { method, body, headers: { ...headers, ...sign(request, signer, Date.now()) } });
    assert.equal(answer.status, 200, await answer.text());
  }

  const outsideOf = (context: TestContext) => ({
    http: createHttp(),
    clock: systemClock,
    credentials,
    budget: createLocalBudget(context, systemClock),
  });

  async function read(context: TestContext, source: ReadRequest['source'], window: Partial<ReadRequest> = {}) {
    const lines: LogLine[] = [],
      points: MetricPoint[] = [];
    const request = { source, connection, nodes: versions, fromMs, toMs, intervalMs: minuteMs, ...window };
    const result = await createHealthSources(outsideOf(context)).read(
      request,
      page => {
        const decoded = decoders[page.decoder]!(page.bytes, page.context);
        if (!decoded.ok) return Promise.resolve(decoded);
        lines.push(...(decoded.value.lines ?? []));
        points.push(...(decoded.value.points ?? []));
        return Promise.resolve(succeed({ rows: decoded.value.rows }));
      },
      new AbortController().signal,
    );
    return { result, lines, points };
  }

  test(
    'every line of both versions comes once, over several pages, and none of the end of the window',
    { skip: missing },
    async context => {
      await put('logs', 'CreateLogGroup', { logGroupName: 'shop' });
      const expected: string[] = [];
      for (const stream of ['shop/1.8.0/a', 'shop/1.8.0/b', 'shop/1.9.0/c', 'shop/1.7.0/d', 'cron/1.9.0/e']) {
        await put('logs', 'CreateLogStream', { logGroupName: 'shop', logStreamName: stream });
        const events = Array.from({ length: 9_000 }, (_, k) => ({
          timestamp: fromMs + 30 * k,
          message: `INFO ${stream} placed order ${k}`,
        }));
        const late = { timestamp: toMs, message: 'INFO of the next window' };
        await put('logs', 'PutLogEvents', {
          logGroupName: 'shop',
          logStreamName: stream,
          logEvents: [...events, late],
        });
        if (/^shop\/1\.[89]/.test(stream)) expected.push(...events.map(({ message }) => message));
      }
      const { result, lines } = await read(context, logs);
      assert.ok(result.ok, JSON.stringify(result));
      assert.ok(result.value.queries.length > 1);
      assert.deepEqual(lines.map(({ text }) => text).sort(), expected.sort());
      assert.deepEqual([...new Set(lines.map(({ node }) => node))].sort(), versions);
      assert.equal(new Set(lines.map(({ id }) => id)).size, lines.length);
    },
  );

  test(
    'a group that is not there is told as such, and log streams are named where no node is found',
    { skip: missing },
    async context => {
      const { result } = await read(context, { ...logs, options: { ...logs.options, group: 'typo' } });
      assert.ok(!result.ok);
      assert.equal(result.failure.kind, 'not-found');
      const asked = { source: logs, connection, nodes: ['2.0.0'], fromMs, toMs, intervalMs: minuteMs };
      const hint = cloudWatchPorts.source!(outsideOf(context)).hintOfNodes!(asked, new AbortController().signal);
      assert.match((await hint) ?? '', /^The log streams are .*shop\/1\.9\.0\/c/);
    },
  );

  test('counts and means of both versions are those that were put', { skip: missing }, async context => {
    const expected: unknown[] = [];
    for (const [place, version] of versions.entries())
      for (let minute = 0; minute < 5; minute++) {
        const requests = 100 + 10 * minute,
          errors = place * minute;
        const datum = (MetricName: string, Value: number, second: number) => ({
          ...{ MetricName, Value, Timestamp: (fromMs + minute * minuteMs) / 1_000 + second },
          Dimensions: [
            { Name: 'Service', Value: 'shop' },
            { Name: 'Version', Value: version },
          ],
        });
        await put('monitoring', 'PutMetricData', {
          Namespace: 'Shop',
          MetricData: [
            ...[datum('requests', requests - 40, 5), datum('requests', 40, 35), datum('errors', errors, 20)],
            ...[datum('latency', 100, 5), datum('latency', 200 + minute, 35)],
          ],
        });
        const at = minute * minuteMs;
        expected.push(['requests', version, at, requests], ['errors', version, at, errors]);
        expected.push(['latency', version, at, 150 + minute / 2]);
      }
    const { result, points } = await read(context, metrics);
    assert.ok(result.ok, JSON.stringify(result));
    const found = points
      .filter(({ value }) => value !== null)
      .map(({ metric, node, atMs, value }) => [metric, node, atMs - fromMs, value]);
    assert.deepEqual(found.map(String).sort(), expected.map(String).sort());
  });
});
