// The noise of a start never rolls back; a fatal line and a crash loop are judged.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeStartUp } from '../../../src/decide/startUp.ts';
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
  ['the same fatal line again and again on a node', [{ severity: 'fatal', nodes: { n1: 3 } }], 'fail', 'fail'],
  ['a fatal line on each of three nodes', [{ severity: 'fatal', nodes: { a: 1, b: 1, c: 1 } }], 'inconclusive', 'fail'],
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
