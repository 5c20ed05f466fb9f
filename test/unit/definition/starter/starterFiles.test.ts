// What is written for a repository without a pipeline: files that are valid, whatever was found.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { parsePipeline } from '../../../../src/definition/parsePipeline.ts';
import { composeStarter } from '../../../../src/compose.ts';
import { detect } from '../../../../src/definition/starter/detect.ts';
import { rank, rankSignals } from '../../../../src/definition/starter/signals.ts';
import { starterFiles } from '../../../../src/definition/starter/starterFiles.ts';
import { suggest, withNodes } from '../../../../src/definition/starter/suggest.ts';
import { platforms, type Finding, type FindingKind } from '../../../../src/model/starter.ts';
import { readTextSamples } from '../../../../src/vendors/transport/text/samples.decode.ts';

const endpoint = `# TYPE http_requests_total counter
http_requests_total{code="200"} 12
http_requests_total{code="500"} 1
# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{le="0.5"} 3
http_request_duration_seconds_bucket{le="0.1"} 2
http_request_duration_seconds_bucket{le="+Inf"} 4
# TYPE go_goroutines gauge
go_goroutines 7
# TYPE jobs_queue_length gauge
jobs_queue_length 7
`;
const signals = rankSignals(readTextSamples(endpoint, { zone: 'utc', nowMs: 0 }).samples);

function mistakesOf(text: string): readonly string[] {
  return parsePipeline(text, '.backstop/pipelines/a.yaml').problems.map(({ message }) => message);
}

test('an endpoint is ranked: requests, errors, latency, saturation', () => {
  assert.deepEqual(
    signals.map(({ role, series, kind, bounds }) => [role, series, kind, ...bounds]),
    [
      ['requests', 'http_requests_total', 'count'],
      ['errors', 'http_requests_total{code=~"5.."}', 'count'],
      ['latency', 'http_request_duration_seconds_bucket', 'histogram', 0.1, 0.5],
      ['saturation', 'jobs_queue_length', 'gauge'],
    ],
  );
  assert.deepEqual(rankSignals([]), []);
});

test('the names of other systems are ranked in the same way', () => {
  for (const [names, wanted] of [
    [
      ['RequestCount', 'HTTPCode_Target_5XX_Count', 'TargetResponseTime', 'CPUUtilization', 'HealthyHostCount'],
      ['RequestCount', 'HTTPCode_Target_5XX_Count', 'TargetResponseTime', 'CPUUtilization'],
    ],
    [
      ['trace.http.request.errors', 'trace.http.request.hits', 'trace.http.request.duration', 'jvm.heap_memory'],
      ['trace.http.request.hits', 'trace.http.request.errors', 'trace.http.request.duration'],
    ],
    [
      ['requests.count', 'requests.failed', 'response_time.mean', 'response_time.upper_95', 'queue.size'],
      ['requests.count', 'response_time.upper_95', 'queue.size'],
    ],
    [['timestamp', 'note', 'go_threads'], []],
  ] as const)
    assert.deepEqual(
      rank(names.map(name => ({ name, labels: new Map() }))).map(({ candidate }) => candidate.name),
      wanted,
    );
});

test('a connection is a kind, one with an address, or what the file has; another is refused with what there is', () => {
  const { connect } = composeStarter({});
  const textOf = (typed: string): string | undefined => {
    const read = connect(typed, 'shop');
    return read.ok ? read.value.text : read.failure.hint;
  };
  assert.equal(textOf('datadog'), '{ datadog: { credential: datadog } }');
  assert.equal(textOf('graphite=http://127.0.0.1:8080'), "{ graphite: { url: 'http://127.0.0.1:8080' } }");
  assert.equal(textOf('{ graphite: { url: http://a } }'), '{ graphite: { url: http://a } }');
  for (const typed of [
    '{ graphite: { port: 1 } }',
    'loki=http://a',
    'http://a',
    '{ graphite: { url: http://a } }\nx: 1',
  ])
    assert.match(textOf(typed) ?? '', /^Write a kind \(newRelic, prometheus, /, typed);
  assert.match(textOf('{ loki: { url: http://a } }') ?? '', /^These can: newRelic, prometheus, /);
});

test('the pipeline reads without a mistake, and the stubs fail with a message, on every platform', () => {
  for (const platform of platforms) {
    const choices = {
      ...suggest([], 'shop'),
      platform,
      signals,
      logs: 'logs/{node}/*.log',
      metrics: ['1', '2', '3', '4', '5'].map(port => `http://127.0.0.1:800${port}/metrics`),
      prometheus: 'https://prometheus.example.com',
      configuration: ['config/shop.json'],
    };
    const [pipeline, ...scripts] = starterFiles(choices);
    assert.deepEqual(mistakesOf(pipeline!.text), [], pipeline!.text);
    assert.deepEqual(
      scripts.map(({ path, isExecutable }) => [path, isExecutable]),
      [
        ['scripts/deploy.sh', true],
        ['scripts/check.sh', true],
        ['scripts/address.sh', true],
        ['scripts/metrics.sh', true],
      ],
    );
    if (process.platform === 'win32') continue;
    for (const { text } of scripts) execFileSync('/bin/sh', ['-n'], { input: text });
    const env = { ...process.env, BACKSTOP_NODES: 'a,b', BACKSTOP_VERSION: '2', BACKSTOP_CONFIG_DIGEST: '-' };
    // Nodes that are processes of this machine are checked without anything to fill in.
    for (const { text, path } of scripts.slice(0, platform === 'script' ? 1 : 2))
      assert.throws(
        () => execFileSync('/bin/sh', ['-s'], { input: text, env, stdio: ['pipe', 'pipe', 'pipe'] }),
        (error: { stderr: Buffer; status: number }) =>
          error.status === 1 && String(error.stderr).includes(`${path} is a stub`),
      );
  }
});

test('of processes, the scripts find address, log and port by the node', () => {
  const textOf = (metrics: readonly string[], logs?: string): string =>
    starterFiles({ ...suggest([], 'shop'), metrics, ...(logs !== undefined && { logs }) })
      .map(({ text }) => text)
      .join('\n');
  const byPort = textOf(['http://localhost:{node}/metrics'], 'log/{node}.log');
  assert.match(byPort, /\n {2}address="http:\/\/localhost:\$node\/metrics"\n/);
  assert.match(byPort, /\n {2}start >> "log\/\$node\.log" 2>&1 &\n/);
  const byName = textOf(['http://127.0.0.1:1/m', 'http://127.0.0.1:2/m'], 'var/logs/{node}/*.log');
  assert.match(byName, /\n {2}start >> "var\/logs\/\$node\/shop\.log" 2>&1 &\n/);
  assert.doesNotMatch(textOf(['http://web:1/m', 'http://127.0.0.1:2/m']), /start\(\)/);
});

test('a script that deploys already is found, and what is written says how it is called', () => {
  const names = ['a/deploy.py', 'deploy.sh', 'docs/deploy.md', 'scripts/deploy.sh'];
  const choices = suggest(detect({ names, texts: new Map() }), 'shop');
  assert.equal(choices.ownScript, 'deploy.sh');
  const scriptOf = (metrics: readonly string[]): string => starterFiles({ ...choices, metrics })[1]!.text;
  assert.match(scriptOf([]), /\n {2}# \.\/deploy\.sh "\$node" "\$BACKSTOP_VERSION"\n/);
  assert.match(scriptOf(['http://127.0.0.1:{node}/m']), /\n# {5}\.\/deploy\.sh "\$node" "\$BACKSTOP_VERSION"\n/);
});

test('names of nodes that nobody gave are called made up, and others are not', () => {
  const choices = suggest([], 'shop');
  const textOf = (nodes: readonly string[]) => starterFiles(withNodes(choices, nodes))[0]!.text;
  assert.match(textOf(choices.nodes), /\n {2}# These names are made up\./);
  assert.doesNotMatch(textOf(['web-1', 'web-2']), /made up/);
  assert.doesNotMatch(textOf(choices.nodes), /Pods/);
  const pods = starterFiles({ ...choices, platform: 'kubernetes' })[0]!.text;
  assert.match(pods, /Pods have new names with each release/);
  assert.deepEqual(mistakesOf(pods), mistakesOf(textOf(['web-1'])));
});

test('a repository without logs and metrics gets a pipeline that says that nothing is verified', () => {
  const [pipeline] = starterFiles(suggest([], 'shop'));
  assert.match(mistakesOf(pipeline!.text).join(), /^This canary has no `verification`/);
  assert.match(pipeline!.text, /Nothing is verified yet/);
});

test('whatever is found, the pipeline reads without a mistake', () => {
  const kind = fc.constantFrom<FindingKind>('service', 'replicas', 'node', 'phase', 'wait', 'port', 'health', 'query');
  const finding = fc.record({
    kind,
    value: fc.oneof(fc.string({ maxLength: 70, unit: 'binary' }), fc.integer({ max: 200 }).map(String)),
    file: fc.string({ maxLength: 20, unit: 'binary' }),
    line: fc.nat(),
  });
  const connected = composeStarter({}).connect('prometheus=https://prometheus.example.com', 'shop');
  assert.ok(connected.ok);
  const { value: backend } = connected;
  fc.assert(
    fc.property(fc.array(finding, { maxLength: 8 }), fc.string({ maxLength: 70 }), (findings: Finding[], folder) => {
      const [pipeline] = starterFiles({ ...suggest(findings, folder), backend });
      assert.deepEqual(mistakesOf(pipeline!.text), [], pipeline!.text);
    }),
    { numRuns: 60 },
  );
});
