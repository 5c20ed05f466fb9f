// The noise of a start never rolls back. Fatal lines and crash loops are judged: by earlier good starts, or by people.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeStartUp } from '../../../src/decide/startUp.ts';
import type { LogLine } from '../../../src/model/evidence/evidence.ts';
import { compareLogs } from '../../../src/verify/logs/compareLogs.ts';
import type { ClusterReport, LogsCheck, VerificationReport } from '../../../src/model/evidence/verdict.ts';

const cluster = (more: Partial<ClusterReport>): ClusterReport => ({
  key: 'k',
  class: 'unknown',
  template: 'cannot connect',
  severity: 'error',
  baselineCount: 0,
  canaryCount: 1,
  ratio: null,
  firstSeenMs: 1,
  lastSeenMs: 2,
  nodes: { n1: 1 },
  baselineNodes: {},
  minutes: { startMs: 0, stepMs: 60_000, canary: [], baseline: [] } as unknown as ClusterReport['minutes'],
  samples: { canary: [], baseline: [] },
  x: 0,
  y: 0,
  deployments: 0,
  evidence: 1,
  ...more,
});

function judge(clusters: readonly Partial<ClusterReport>[], startUps: number): VerificationReport {
  const check: LogsCheck = {
    kind: 'logs',
    source: 'quality',
    name: 'quality',
    // As the comparison of rates would have it: a start has more of everything.
    outcome: 'fail',
    reasons: [],
    clusters: clusters.map(cluster),
    hiddenClusters: 0,
    canaryLines: 100,
    baselineLines: 100,
    learnedDeployments: startUps,
    evidence: 1e9,
    threshold: 20,
  };
  return judgeStartUp({ outcome: 'fail', checks: [check], startedAtMs: 0, lookedAtMs: 9, looks: 1 });
}

const cases: readonly (readonly [
  what: string,
  clusters: readonly Partial<ClusterReport>[],
  first: string,
  later: string,
])[] = [
  ['nothing was written', [], 'pass', 'pass'],
  ['lines of a start that nobody has seen before', [{ severity: 'info', evidence: 1e9 }], 'pass', 'pass'],
  ['new warnings', [{ severity: 'warn', evidence: 1e9 }], 'pass', 'pass'],
  ['known errors, more of them', [{ class: 'unexpected-frequency', evidence: 1e9 }], 'pass', 'pass'],
  ['one line of a new error', [{}], 'pass', 'pass'],
  [
    '200 lines of a new error',
    [{ canaryCount: 200, nodes: { n1: 100, n2: 100 }, evidence: 1e9 }],
    'inconclusive',
    'fail',
  ],
  ['one fatal line', [{ severity: 'fatal' }], 'inconclusive', 'fail'],
  ['a crash loop', [{ severity: 'fatal', nodes: { n1: 3 } }], 'inconclusive', 'fail'],
  ['what a reviewer wants to fail', [{ class: 'known', severity: 'info', feedback: 'always-fail' }], 'fail', 'fail'],
];
for (const [what, clusters, first, later] of cases)
  test(`${what}: ${first} at the first start, ${later} with earlier good starts`, () => {
    assert.deepEqual([judge(clusters, 0).outcome, judge(clusters, 3).outcome], [first, later]);
  });

test('what is found is said with its numbers, and what is usual is left out', () => {
  const report = judge([{ severity: 'info' }, { severity: 'fatal', canaryCount: 4, nodes: { n1: 2, n2: 2 } }], 0);
  const [check] = report.checks as readonly LogsCheck[];
  assert.deepEqual(
    [check?.name, check?.clusters.length, check?.hiddenClusters, check?.reasons],
    [
      'quality (start-up)',
      1,
      1,
      [{ code: 'start-up-errors', values: { clusters: 1, lines: 4, nodes: 2, startUps: 0 } }],
    ],
  );
});

test('a start that could not be looked at has no verdict', () => {
  assert.equal(
    judgeStartUp({ outcome: 'inconclusive', checks: [], startedAtMs: 0, lookedAtMs: 0, looks: 0 }).outcome,
    'inconclusive',
  );
});

const startMs = 1_795_000_000_000;
const lines = (texts: readonly string[], everyMs: number, node: string): readonly LogLine[] =>
  texts.map((text, index) => ({ atMs: startMs + index * everyMs, node, text }));
const many = (count: number, text: (at: number) => string): readonly string[] =>
  Array.from({ length: count }, (_, at) => text(at));

/** The comparison of a start with the nodes that stay, as it is. */
async function judgeLines(canary: readonly LogLine[]): Promise<LogsCheck> {
  const steady = lines(
    many(300, at => `INFO order ${at} placed`),
    100,
    'old-1',
  );
  const compared = await compareLogs({
    baseline: inOne(steady),
    canary: inOne(canary),
    sensitivity: 'medium',
    trafficRatio: 1,
  });
  assert.ok(compared.ok);
  const report = { outcome: compared.value.outcome, checks: [compared.value], startedAtMs: 0, lookedAtMs: 1, looks: 1 };
  return judgeStartUp(report).checks[0] as LogsCheck;
}

async function* inOne(all: readonly LogLine[]): AsyncGenerator<readonly LogLine[]> {
  yield all;
}

const healthyStart = [
  'INFO starting shop 2.0 with 4 workers',
  'INFO loaded configuration from /etc/shop.json',
  'WARN the cache is empty and is filled now',
  'INFO connected to the database in 12 ms',
  'INFO listens on port 8080',
];

test('a healthy start passes, however often it is repeated', async () => {
  const check = await judgeLines(
    lines(
      many(50, at => healthyStart[at % healthyStart.length]!),
      20,
      'new-1',
    ),
  );
  assert.deepEqual([check.outcome, check.clusters], ['pass', []]);
});

test('200 lines of an error that was never seen are a finding, at once or over 20 seconds', async () => {
  for (const everyMs of [0, 100]) {
    const errors = many(200, at => `ERROR order ${at} cannot be paid: no price list`);
    const check = await judgeLines(lines([...healthyStart, ...errors], everyMs, 'new-1'));
    assert.equal(check.outcome, 'inconclusive', `every ${everyMs} ms`);
    assert.deepEqual(check.reasons[0]?.values, { clusters: 1, lines: 200, nodes: 1, startUps: 0 });
  }
});

test('a process that dies and starts again and again is a finding, by a single node and three lines', async () => {
  const dies = [...healthyStart, 'FATAL the schema of table orders is too old'];
  const check = await judgeLines(lines([...dies, ...dies, ...dies], 500, 'new-1'));
  assert.deepEqual(
    [check.outcome, check.clusters.map(({ severity, canaryCount }) => `${canaryCount} ${severity}`)],
    ['inconclusive', ['3 fatal']],
  );
});
