// A real Prometheus that scrapes three nodes: what the vendor's ports read from it, and how a healthy and a bad release
// compare on it.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../../../src/adapters/time.ts';
import { rank } from '../../../src/definition/starter/signals.ts';
import { parsePipeline } from '../../../src/definition/parsePipeline.ts';
import { listen, textResponse } from '../../../src/demo/servers/httpServer.ts';
import type { MetricPoint } from '../../../src/model/evidence/evidence.ts';
import type { EvidencePage } from '../../../src/model/evidence/analysis.ts';
import type { Outside } from '../../../src/model/outside.ts';
import type { Pipeline } from '../../../src/model/pipeline.ts';
import { createRedactor } from '../../../src/model/redact.ts';
import { discoverPrometheus } from '../../../src/vendors/prometheus/discover.ts';
import { decoders } from '../../../src/vendors/decoders.decode.ts';
import { createHealthSources } from '../../../src/vendors/healthSources.ts';
import { createMarkers } from '../../../src/vendors/markers.ts';
import { createSourceChecks } from '../../../src/vendors/sourceChecks.ts';
import { createHttp } from '../../../src/vendors/transport/http.ts';
import { createEvidenceSession } from '../../../src/verify/session.ts';
import { createLocalBudget } from '../../fakes/localBudget.ts';
import { temporaryFolder } from '../../unit/adapters/store/historyFixture.ts';
import { credentials } from '../faults/vendors.ts';

const missing =
  process.platform !== 'linux'
    ? 'Prometheus is taken from a package of Debian'
    : spawnSync('prometheus', ['--version']).status === 0
      ? false
      : 'Prometheus is not installed';
const intervalMs = 1_000;
const nodes = ['web-1', 'web-2', 'web-3'] as const;

const pipelineOf = (url: string, nodeKeys = ''): Pipeline => {
  const { pipeline, problems } = parsePipeline(
    `version: 1
service: shop
connections:
  metrics: { prometheus: { url: '${url}' } }
environments:
  production: { nodes: [${nodes.join(', ')}] }
hooks:
  deploy: { command: [./deploy.sh] }
healthSources:
  quality:
    prometheus:
      connection: metrics
      ${nodeKeys}
      packs: [golden]
      where: job="shop"
      scrape: 1s
      delay: 0s
      metrics:
        queue: { query: 'queue_length{job="shop"}' }
        size: { query: response_bytes_bucket, kind: histogram, bounds: [100] }
        none: { query: '0 * queue_length / 0' }
stages:
  - { stage: Production, environment: production, steps: [deploy] }
`,
    'shop.yaml',
  );
  assert.deepEqual(problems, []);
  return pipeline!;
};

/** What a node has counted, in the words of an exporter: 100 requests a second, of which so many fail. */
function exposition(sinceMs: number, { failing, slow }: { readonly failing: number; readonly slow: number }): string {
  const requests = Math.floor(sinceMs / 10),
    failed = Math.floor(requests * failing);
  const histogram = (status: string, count: number): readonly string[] => {
    const name = `http_server_request_duration_seconds`,
      labels = `http_response_status_code="${status}"`;
    const within = (le: string, share: number) => `${name}_bucket{${labels},le="${le}"} ${Math.floor(count * share)}`;
    return [
      within('0.1', 1 - slow),
      within('0.5', 1),
      within('+Inf', 1),
      `${name}_sum{${labels}} ${count * 0.05}`,
      `${name}_count{${labels}} ${count}`,
    ];
  };
  return [
    '# TYPE http_server_request_duration_seconds histogram',
    ...histogram('200', requests - failed),
    // As exporters do: there is no such series before something fails.
    ...(failed > 0 ? histogram('500', failed) : []),
    '# TYPE queue_length gauge',
    'queue_length 7',
    '# TYPE response_bytes histogram',
    `response_bytes_bucket{le="100"} ${Math.floor(requests / 4)}`,
    `response_bytes_bucket{le="+Inf"} ${requests}`,
    `response_bytes_sum ${requests}`,
    `response_bytes_count ${requests}`,
    '',
  ].join('\n');
}

interface Node {
  readonly failing: number;
  readonly slow: number;
  startedMs: number;
  isGone?: boolean;
}

async function startFleet(context: TestContext, fleet: Readonly<Record<string, Node>>): Promise<readonly string[]> {
  return Promise.all(
    Object.values(fleet).map(async node => {
      const server = await listen(() =>
        Promise.resolve(
          node.isGone ? textResponse(503, 'gone') : textResponse(200, exposition(Date.now() - node.startedMs, node)),
        ),
      );
      context.after(() => server.close());
      return server.url.replace('http://', '');
    }),
  );
}

/** Scrapes twice a second. */
async function startPrometheus(context: TestContext, targets: readonly string[]): Promise<string> {
  const folder = temporaryFolder(context);
  const free = await listen(() => Promise.resolve(textResponse(200, '')));
  await free.close();
  const target = (address: string, k: number) =>
    `      - { targets: ['${address}'], labels: { instance: '${nodes[k]}:8080' } }`;
  writeFileSync(
    join(folder, 'prometheus.yml'),
    ['global: { scrape_interval: 500ms }', 'scrape_configs:', '  - job_name: shop', '    static_configs:']
      .concat(targets.map(target))
      .join('\n'),
  );
  const server = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${free.url.replace('http://', '')}`,
    ],
    { stdio: 'ignore' },
  );
  const ended = new Promise(resolve => server.once('exit', resolve));
  context.after(async () => {
    server.kill('SIGKILL');
    await ended;
  });
  // Every node was scraped.
  await until(async () => {
    const answer = await fetch(`${free.url}/api/v1/query?query=count(queue_length)`).catch(() => undefined);
    return answer?.ok === true && (await answer.text()).includes(`"${targets.length}"`);
  });
  return free.url;
}

async function until(look: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (await look()) return;
    await wait(50);
  }
  throw new Error('it did not come');
}

async function readPages(outside: Outside, pipeline: Pipeline, fromMs: number, toMs: number) {
  const pages: EvidencePage[] = [];
  const points: MetricPoint[] = [];
  const read = await createHealthSources(outside).read(
    {
      source: pipeline.healthSources['quality']!,
      connection: pipeline.connections['metrics']!,
      nodes,
      fromMs,
      toMs,
      intervalMs,
    },
    page => {
      pages.push(page);
      const decoded = decoders[page.decoder]!(page.bytes, page.context);
      if (decoded.ok) points.push(...(decoded.value.points ?? []));
      return Promise.resolve(decoded);
    },
    new AbortController().signal,
  );
  assert.ok(read.ok, JSON.stringify(read));
  const valuesOf = (metric: string, node: string, over?: number) =>
    points
      .filter(point => point.metric === metric && point.node === node && point.over === over && point.atMs >= fromMs)
      .map(({ value }) => value);
  return { pages, valuesOf };
}

/** The report on one canary node, beside web-1. */
function compare(pipeline: Pipeline, pages: readonly EvidencePage[], canary: string, fromMs: number, toMs: number) {
  const source = pipeline.healthSources['quality']!;
  assert.ok(source.kind === 'metrics');
  const session = createEvidenceSession(
    {
      sensitivity: 'medium',
      canaryNodes: [canary],
      baselineNodes: ['web-1'],
      baselineKind: 'fresh',
      canarySinceMs: fromMs,
      beforeFromMs: fromMs,
      beforeToMs: fromMs,
      intervalMs,
      durationMs: toMs - fromMs,
      trafficWeight: 1,
      sources: [
        {
          kind: 'metrics',
          name: 'quality',
          delayMs: 0,
          metrics: source.metrics.filter(({ name }) => name !== 'none'),
        },
      ],
    },
    decoders,
    createRedactor([]),
  );
  for (const page of pages) assert.ok(session.ingest(page).ok);
  return session.look({ atMs: toMs, unread: {}, partial: {}, final: true });
}

test(
  'a real Prometheus: counters, buckets, quantiles, a restart, a node that is gone, and two comparisons',
  { skip: missing, timeout: 60_000 },
  async context => {
    const startedMs = Date.now();
    const fleet: Record<(typeof nodes)[number], Node> = {
      'web-1': { failing: 0, slow: 0.02, startedMs },
      'web-2': { failing: 0, slow: 0.02, startedMs: startedMs - 60_000 },
      'web-3': { failing: 0.2, slow: 0.4, startedMs },
    };
    const url = await startPrometheus(context, await startFleet(context, fleet));
    const outside: Outside = {
      http: createHttp(),
      clock: systemClock,
      credentials,
      budget: createLocalBudget(context, systemClock),
    };
    const pipeline = pipelineOf(url);
    await wait(5_000);
    const look = { connection: pipeline.connections['metrics']!, service: 'shop', nodes, rank };
    const discovered = await discoverPrometheus(outside, look, new AbortController().signal);
    assert.ok(discovered.ok, 'its job is found');
    const { where, signals } = discovered.value;
    assert.equal(where, 'job="shop"');
    const [requests] = signals;
    assert.match(requests?.sample ?? '', /^http_server_request_duration_seconds_count\{.*\} \d{3,}$/);
    // Its process begins anew: the counters fall from thousands to nothing.
    fleet['web-2'].startedMs = Date.now();
    await wait(5_000);
    const toMs = Math.floor(Date.now() / intervalMs) * intervalMs,
      fromMs = toMs - 8_000;
    const { pages, valuesOf } = await readPages(outside, pipeline, fromMs, toMs);

    assert.deepEqual(valuesOf('queue', 'web-1'), new Array(8).fill(7));
    assert.deepEqual(valuesOf('none', 'web-1'), new Array(8).fill(null));
    for (const node of nodes) {
      const requests = valuesOf('requests', node).reduce((sum, value) => sum! + (value ?? 0), 0)!;
      assert.ok(requests > 680 && requests < 920, `${node}: ${requests} requests in 8 s`);
      const large = valuesOf('size', node, 0).reduce((sum, value) => sum! + (value ?? 0), 0)!;
      assert.ok(large > 480 && large < 720, `${node}: ${large} large answers in 8 s`);
    }
    assert.deepEqual(valuesOf('errors', 'web-1'), new Array(8).fill(0));
    assert.ok(valuesOf('p95 latency', 'web-1').every(value => value! < 0.1));
    assert.ok(valuesOf('p95 latency', 'web-3').every(value => value! > 0.1));

    const [healthy, bad] = ['web-2', 'web-3'].map(canary => compare(pipeline, pages, canary, fromMs, toMs));
    assert.notEqual(healthy!.outcome, 'fail', JSON.stringify(healthy));
    assert.equal(bad!.outcome, 'fail', JSON.stringify(bad));
    const failed = bad!.checks.filter(({ outcome }) => outcome === 'fail').map(check => JSON.stringify(check));
    for (const metric of ['errors', 'p95 latency']) assert.match(failed.join(), new RegExp(metric));
    context.diagnostic(`healthy: ${healthy!.outcome}, bad: ${bad!.outcome}`);

    const checks = createSourceChecks({
      ...outside,
      healthSources: createHealthSources(outside),
      markers: createMarkers(outside),
    });
    const hintOf = async (nodeKeys: string): Promise<readonly (string | undefined)[]> => {
      const request = { pipeline: pipelineOf(url, nodeKeys), isNew: () => false };
      const found = await checks.check(request, () => undefined, new AbortController().signal);
      return found.flatMap(({ problems }) => problems.map(({ failure }) => failure.hint));
    };
    // A series ends with the scrape that fails; its last value is not held.
    fleet['web-3'].isGone = true;
    const hints = Promise.all([hintOf("nodePattern: 'x-(.*)'"), hintOf('node: pod')]);
    await wait(3_000);
    const goneMs = Math.floor(Date.now() / intervalMs) * intervalMs;
    const after = await readPages(outside, pipeline, goneMs - 1_000, goneMs);
    assert.deepEqual([after.valuesOf('queue', 'web-1'), after.valuesOf('queue', 'web-3')], [[7], [null]]);

    const [[named], [labelled]] = await hints;
    assert.match(named ?? '', /^`instance` has web-1:8080, web-2:8080/);
    assert.match(labelled ?? '', /has no label `pod`, but .*instance, job/);
  },
);
