// Programs as a health source: real ones that print log lines and metrics, and those that fail in every way.
import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { MetricPoint } from '../../../src/model/evidence/evidence.ts';
import { redactHealthSources } from '../../../src/adapters/redactedPorts.ts';
import { succeed } from '../../../src/model/failure.ts';
import { connectionOf } from '../../../src/model/pipeline.ts';
import { createRedactor } from '../../../src/model/redact.ts';
import { createHealthSources } from '../../../src/vendors/healthSources.ts';
import { setStage, type Stage } from './stage.ts';

/** A small program in the workspace folder. */
function program(stage: Stage, body: string): void {
  writeFileSync(join(stage.folder, 'program.mjs'), `#!${process.execPath}\n${body}\n`);
  chmodSync(join(stage.folder, 'program.mjs'), 0o755);
}
const logs = "{ command: { logs: [./program.mjs, '{node}', '${BACKSTOP_FROM_MS}'], timeout: 2s } }";
const values = (metrics: string, more = ''): string =>
  `{ command: { values: [./program.mjs, '{node}'], metrics: ${metrics}${more} } }`;
const known = (points: readonly MetricPoint[]): readonly unknown[] =>
  points.filter(({ value }) => value !== null).map(({ metric, node, value }) => [metric, node, value]);

test('it runs once for each node, and is told the node and the time', async context => {
  const stage = setStage(context, logs, {
    env: { PATH: process.env['PATH'], SECRET_OF_CI: 'x', BACKSTOP_CREDENTIAL_KNOWN: 'y' },
  });
  program(
    stage,
    `const { BACKSTOP_NODE, BACKSTOP_FROM, BACKSTOP_TO, BACKSTOP_TO_MS } = process.env;
    const { SECRET_OF_CI, BACKSTOP_CREDENTIAL_KNOWN } = process.env;
    console.log(BACKSTOP_FROM, JSON.stringify([process.argv.slice(2), BACKSTOP_NODE, BACKSTOP_TO, BACKSTOP_TO_MS,
      SECRET_OF_CI ?? 'none', BACKSTOP_CREDENTIAL_KNOWN ?? 'none']));
    console.log('    a second line');`,
  );
  const { lines, failure } = await stage.read();
  assert.equal(failure, undefined);
  const from = '2026-01-30T11:59:00.000Z',
    to = '2026-01-30T12:00:00.000Z';
  assert.deepEqual(
    lines.map(({ node, text }) => `${node}: ${text}`).sort(),
    ['node-1', 'node-2'].flatMap(node => [
      `${node}:     a second line`,
      `${node}: ${from} ${JSON.stringify([
        [node, String(Date.parse(from))],
        node,
        to,
        String(Date.parse(to)),
        'none',
        'none',
      ])}`,
    ]),
  );
});

test('it runs once for all nodes, and a pattern says whose a line is', async context => {
  const stage = setStage(
    context,
    "{ command: { logs: [./program.mjs], nodes: together, nodePattern: '\\[pod/([^/]+)/', stderr: true } }",
  );
  program(
    stage,
    `console.log('[pod/node-1/app] 2026-01-30T11:59:30Z INFO one\\n[pod/other/app] 2026-01-30T11:59:31Z INFO two');
    console.error('[pod/node-2/app] 2026-01-30T11:59:32Z WARN three\\n  more of it');`,
  );
  const { lines, failure } = await stage.read();
  assert.equal(failure, undefined);
  assert.deepEqual(
    lines.map(({ node, text }) => [node, text.slice(-8).trim()]),
    [
      ['node-1', 'INFO one'],
      ['node-2', 'RN three'],
      ['node-2', 're of it'],
    ],
  );
});

test('counters of the text format are counted from one reading to the next, and restarts are known', async context => {
  const stage = setStage(
    context,
    values(
      '{ requests: { series: http_requests_total, kind: count }, ' +
        'errors: { series: "http_requests_total{code=~\\"5..\\"}", kind: count, per: requests }, ' +
        'rate: { series: http_requests_total }, heap: { series: heap_bytes } }',
    ),
  );
  const tell = (ok: number, failed: number | undefined): void =>
    program(
      stage,
      `console.log(\`# HELP http_requests_total All of them.
# TYPE http_requests_total counter
http_requests_total{code="200"} ${ok}
${failed === undefined ? '' : `http_requests_total{code="500"} ${failed}`}
# TYPE heap_bytes gauge
heap_bytes \${process.env.BACKSTOP_NODE === 'node-1' ? 1.5e6 : 'NaN'}\`);`,
    );
  const seen: unknown[] = [];
  for (const [ok, failed] of [
    [1_000, undefined],
    [1_040, 2],
    [30, 1],
  ] as const) {
    tell(ok, failed);
    const { points, failure } = await stage.read({ fromMs: stage.now - 10_000 });
    assert.equal(failure, undefined);
    seen.push(known(points.filter(({ node }) => node === 'node-1')));
    stage.now += 10_000;
  }
  assert.deepEqual(seen[0], [['heap', 'node-1', 1.5e6]]);
  assert.deepEqual(seen[1], [
    ['requests', 'node-1', 42],
    ['errors', 'node-1', 2],
    ['rate', 'node-1', 4.2],
    ['heap', 'node-1', 1.5e6],
    ['heap', 'node-1', 1.5e6],
  ]);
  assert.deepEqual(seen[2], [
    ['requests', 'node-1', 42],
    ['requests', 'node-1', 31],
    ['errors', 'node-1', 2],
    ['errors', 'node-1', 1],
    ['rate', 'node-1', 4.2],
    ['rate', 'node-1', 3.1],
    ['heap', 'node-1', 1.5e6],
    ['heap', 'node-1', 1.5e6],
    ['heap', 'node-1', 1.5e6],
  ]);
});

test('a histogram of the text format gives the counts above its bounds', async context => {
  const stage = setStage(
    context,
    values('{ latency: { series: latency_bucket, kind: histogram, bounds: [0.1, 0.5], unit: s } }'),
  );
  const all: MetricPoint[] = [];
  for (const factor of [1, 3]) {
    program(
      stage,
      `console.log(\`# TYPE latency histogram
latency_bucket{le="0.1"} ${5 * factor}
latency_bucket{le="0.5"} ${8 * factor}
latency_bucket{le="+Inf"} ${10 * factor}
latency_sum 3
latency_count ${10 * factor}\`);`,
    );
    all.push(...(await stage.read({ fromMs: stage.now - 10_000 })).points);
    stage.now += 10_000;
  }
  assert.deepEqual(
    all
      .filter(({ node, value }) => node === 'node-1' && value !== null)
      .map(({ over, value }) => [over ?? 'all', value]),
    [
      ['all', 20],
      [0, 10],
      [1, 4],
    ],
  );
});

test('JSON, and plain names with values, for all nodes together', async context => {
  const stage = setStage(
    context,
    '{ command: { values: [./program.mjs], nodes: together, keys: { node: pod }, ' +
      'metrics: { cpu: {}, orders: { kind: count } } } }',
  );
  program(
    stage,
    `console.log(JSON.stringify([{ pod: 'node-1', name: 'cpu', value: 7 }, { pod: 'x', name: 'cpu', value: 9 }]))`,
  );
  assert.deepEqual(known((await stage.read()).points), [['cpu', 'node-1', 7]]);
  program(
    stage,
    `console.log(\`cpu{pod="node-2"} 8
orders{pod="node-2"} 3 2026-01-30T11:59:41Z
orders{pod="node-2"} 4 2026-01-30T11:59:42Z\`)`,
  );
  const points = known((await stage.read()).points);
  assert.deepEqual(points.toSorted(), [
    ['cpu', 'node-1', 7],
    ['cpu', 'node-2', 8],
    ['orders', 'node-2', 7],
  ]);
});

async function failureOf(context: TestContext, source: string, body: string | undefined): Promise<string> {
  const stage = setStage(context, source);
  if (body !== undefined) program(stage, body);
  const { failure } = await stage.read();
  // Both nodes fail, and either may be the first.
  return failure ? `${failure.kind}: ${failure.message.replace('node-2', 'node-1')}` : 'none';
}

test('what goes wrong is said with the program and what it said', async context => {
  const title = 'Health source "local", node node-1';
  assert.equal(
    await failureOf(context, logs, "console.error('first'); console.error('no such pod'); process.exit(3)"),
    `bad-answer: ${title}: its program "./program.mjs" ended with exit code 3: no such pod.`,
  );
  assert.equal(
    await failureOf(context, logs, 'setInterval(() => {}, 1000)'),
    `timeout: ${title}: its program "./program.mjs" took longer than 2 s.`,
  );
  assert.equal(
    await failureOf(context, logs, undefined),
    `not-found: ${title} could not be started: there is no program "./program.mjs".`,
  );
  assert.equal(
    await failureOf(context, logs, "console.log('lines without'); console.log('any time')"),
    'bad-answer: Health source "local": no line that "./program.mjs" prints has a time.',
  );
  assert.equal(
    await failureOf(context, logs, 'process.stdout.write(Buffer.alloc(5000))'),
    'bad-answer: Health source "local": its program "./program.mjs" prints no text.',
  );
  assert.equal(
    await failureOf(context, values('{ cpu: {} }'), "console.log('garbage in\\ngarbage out')"),
    'bad-answer: Health source "local": "./program.mjs" prints no value that can be read.',
  );
  assert.equal(
    await failureOf(context, values('{ cpu: {} }', ', variables: { TOKEN: "${credential:unknown}" }'), ''),
    `unauthorized: ${title} could not be started: No unknown.`,
  );
  assert.equal(await failureOf(context, logs, ''), 'none');
});

test('a program gets the credentials that its variables name, and what it says is redacted', async context => {
  const stage = setStage(context, values('{ cpu: {} }', ", variables: { TOKEN: '${credential:known}' }"));
  program(stage, 'console.error(`refused ${process.env.TOKEN}`); process.exit(1)');
  const source = stage.pipeline.healthSources['local']!;
  const request = { source, connection: connectionOf(stage.pipeline, source), nodes: ['node-1'] };
  const window = { fromMs: stage.now - 60_000, toMs: stage.now, intervalMs: 10_000 };
  const sources = redactHealthSources(createHealthSources(stage.outside), createRedactor(['s3cret-value']));
  const deliver = () => Promise.resolve(succeed({ rows: 0 }));
  const read = await sources.read({ ...request, ...window }, deliver, new AbortController().signal);
  assert.equal(
    read.ok ? '' : read.failure.message,
    'Health source "local", node node-1: its program "./program.mjs" ended with exit code 1: refused [redacted].',
  );
});

test('a reading that is given up ends its programs', async context => {
  const stage = setStage(context, logs);
  program(stage, 'setInterval(() => {}, 1000)');
  const source = stage.pipeline.healthSources['local']!;
  const request = { source, connection: connectionOf(stage.pipeline, source), nodes: ['node-1'] };
  const window = { fromMs: stage.now - 60_000, toMs: stage.now, intervalMs: 10_000 };
  const deliver = () => Promise.resolve(succeed({ rows: 0 }));
  const read = await createHealthSources(stage.outside).read(
    { ...request, ...window },
    deliver,
    AbortSignal.timeout(100),
  );
  assert.equal(read.ok ? '' : read.failure.kind, 'cancelled');
});

test('of much output the last lines are read, and it is said that there were more', async context => {
  const stage = setStage(context, logs.replace('2s', '20s'));
  program(
    stage,
    `const line = k => \`2026-01-30T11:59:30Z INFO \${k} \${'x'.repeat(1000)}\\n\`;
    process.stdout.write(Array.from({ length: 20_000 }, (_, k) => line(k)).join(''));`,
  );
  const { lines, summary } = await stage.read();
  const texts = lines.filter(({ node }) => node === 'node-1').map(({ text }) => text.slice(0, 31).trimEnd());
  assert.match(texts.at(-1) ?? '', /^2026-01-30T11:59:30Z INFO 19999/);
  assert.ok(texts.every(text => text.startsWith('2026-01-30T11:59:30Z INFO')));
  assert.equal(summary?.partial?.read, lines.length);
  assert.ok(Math.abs((summary?.partial?.total ?? 0) - 40_000) < 200, `${summary?.partial?.total}`);
});
