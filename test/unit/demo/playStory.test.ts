// Whether a played run ended as its scenario must: judged from hand-made runs that are right, and wrong in every way
// that matters.
import assert from 'node:assert/strict';
import test from 'node:test';
import { writeLine, type LogStatement } from '../../../src/demo/fleet/logText.ts';
import { createRandom } from '../../../src/demo/fleet/random.ts';
import { createScenario, type ScenarioName } from '../../../src/demo/story/scenarios.ts';
import { summariseStory, type PlayedRun } from '../../../src/demo/story/story.ts';
import { compareExceptions, findProblems } from '../../../src/demo/story/storyProblems.ts';
import { tellEnding, tellEvent } from '../../../src/demo/story/storyLines.ts';
import type { Release } from '../../../src/model/release.ts';
import type { HookCall, RunEvent, RunEventBody, RunOutcome } from '../../../src/model/runs/runEvents.ts';
import type { Check, ClusterReport, VerificationReport } from '../../../src/model/evidence/verdict.ts';

const good = { version: '2.13.2', configuration: 'a'.repeat(64) };
const fresh = { version: '2.14.0', configuration: 'b'.repeat(64) };
const releases = { good, fresh };
const release = (version: string): Release => ({
  id: version,
  service: 'storefront',
  artifact: { version },
  configuration: { digest: 'd'.repeat(64), files: [], variables: {} },
  createdAt: 0,
});
const nodes = Array.from({ length: 10 }, (_, index) => `prod-${String(index + 1).padStart(2, '0')}`);

/** As an engine would show it: variable parts as `<*>`, one line for a whole trace. */
function templateOf(statement: LogStatement): string {
  return [statement.message, ...(statement.trace ?? [])].join(' ').replaceAll(/\{[^}]+\}/g, '<*>');
}
function cluster(template: string, type: ClusterReport['class'], ratio: number | null = null): ClusterReport {
  return {
    key: template,
    class: type,
    template,
    severity: 'error',
    baselineCount: 0,
    canaryCount: 3,
    ratio,
    firstSeenMs: 0,
    lastSeenMs: 0,
    nodes: { 'prod-01': 2, 'prod-02': 1 },
    samples: { canary: [], baseline: [] },
    x: 0,
    y: 0,
    deployments: 0,
    evidence: 30,
  };
}
function report(clusters: readonly ClusterReport[], failedMetrics: readonly string[] = []): VerificationReport {
  const checks: Check[] = [
    {
      kind: 'logs',
      source: 'quality',
      name: 'quality',
      outcome: clusters.length > 0 ? 'fail' : 'pass',
      reasons: [],
      clusters,
      hiddenClusters: 0,
      canaryLines: 1,
      baselineLines: 1,
      learnedDeployments: 1,
      evidence: 1,
      threshold: 20,
    },
    ...['p95 latency', 'errors'].map((name): Check => ({
      kind: 'metric',
      source: 'performance',
      name,
      outcome: failedMetrics.includes(name) ? 'fail' : 'pass',
      reasons: [],
      canary: 1,
      baseline: 1,
      change: 0,
      evidence: 1,
      threshold: 20,
    })),
  ];
  return { outcome: 'fail', checks, startedAtMs: 0, lookedAtMs: 0, looks: 1 };
}
/** Every check says that nothing comes from the canary any more. */
function silent(told: VerificationReport): VerificationReport {
  const values = { source: 'quality', side: 'canary', nodes: 'prod-01, prod-02', count: 2, sinceMs: 0 };
  return { ...told, checks: told.checks.map(check => ({ ...check, reasons: [{ code: 'silent', values }] })) };
}
const call = (purpose: HookCall['purpose'], key: string): HookCall => ({
  key,
  hook: purpose,
  purpose,
  stage: 'Production',
  environment: 'production',
  nodes: ['prod-01'],
  phase: 1,
  attempt: 1,
  release: 'x',
  version: 'x',
  configurationDigest: 'x',
});

function playRun(
  name: ScenarioName,
  outcome: RunOutcome,
  seen: VerificationReport,
  more: { rolledBack?: boolean; proven?: boolean; learned?: boolean; fleet?: PlayedRun['fleet'] } = {},
): PlayedRun {
  const { rolledBack = outcome === 'rolled-back', proven = true, learned = true } = more;
  const rollback: [number, RunEventBody][] = rolledBack
    ? [
        [
          8000,
          {
            type: 'decided',
            stage: 'Production',
            decision: 'rollback',
            by: { name: 'policy', via: 'policy' },
            reasons: [],
          },
        ],
        [
          8010,
          {
            type: 'rollback-started',
            stage: 'Production',
            environment: 'production',
            from: release('2.14.0'),
            to: release('2.13.2'),
            difference: { files: [], variables: [] },
            nodes: ['prod-01', 'prod-02'],
          },
        ],
        [8020, { type: 'hook-intended', call: call('rollback', 'back-1') }],
        [8025, { type: 'hook-intended', call: call('rollback', 'back-2') }],
        [9800, { type: 'hook-finished', key: 'back-1', outcome: { kind: 'succeeded', durationMs: 1780 } }],
        [9900, { type: 'hook-finished', key: 'back-2', outcome: { kind: 'succeeded', durationMs: 1875 } }],
        [9950, { type: 'rollback-finished', stage: 'Production', failedNodes: [] }],
        [
          9960,
          {
            type: 'verification-started',
            key: 'proof',
            stage: 'Production',
            phase: 0,
            purpose: 'proof',
            sinceMs: 0,
            canaryNodes: [],
            baselineNodes: [],
          },
        ],
        [14_000, { type: 'verification-finished', key: 'proof', report: report([]) }],
        ...(proven ? [[15_000, { type: 'rollback-proven', stage: 'Production' }] as [number, RunEventBody]] : []),
      ]
    : [];
  const bodies: [number, RunEventBody][] = [
    [
      0,
      {
        type: 'run-started',
        pipeline: 'storefront',
        file: 'f',
        service: 'storefront',
        by: { name: 'maria', via: 'cli' },
        artifact: { version: '2.14.0' },
        inputs: {},
        release: release('2.14.0'),
        stages: [['Production']],
      },
    ],
    [
      5000,
      {
        type: 'verification-started',
        key: 'canary',
        stage: 'Production',
        phase: 1,
        purpose: 'canary',
        sinceMs: 0,
        canaryNodes: [],
        baselineNodes: [],
      },
    ],
    [7000, { type: 'looked', key: 'canary', report: report([]), queries: [] }],
    [7900, { type: 'looked', key: 'canary', report: seen, queries: [] }],
    ...rollback,
    ...(learned
      ? [
          [
            15_100,
            { type: 'baseline-learned', environment: 'production', source: 'quality', clusters: 60, deployments: 2 },
          ] as [number, RunEventBody],
        ]
      : []),
    [15_200, { type: 'run-finished', outcome }],
  ];
  const runs = outcome === 'promoted' ? fresh : good;
  return {
    scenario: createScenario(name, 1),
    firstAnomalyMs: 6000,
    fleet: more.fleet ?? nodes.map(node => ({ node, ...runs })),
    events: bodies.map(([at, body], index): RunEvent => ({ seq: index + 1, at, ...body })),
  };
}
const judge = (run: PlayedRun) => findProblems(run, summariseStory(run), releases);
const four = createScenario('quality-regression', 1).exceptions.map(({ exception }) =>
  cluster(templateOf(exception), 'unknown'),
);
const frequent = cluster(
  templateOf(createScenario('frequency-regression', 1).frequent!.statement),
  'unexpected-frequency',
  6,
);

const held = nodes.map((node, index) => ({ node, ...(index < 2 ? fresh : good) }));

test('a story that ended as it must has no problem', () => {
  assert.deepEqual(judge(playRun('quality-regression', 'rolled-back', report(four))), []);
  assert.deepEqual(judge(playRun('healthy', 'promoted', report([]))), []);
  assert.deepEqual(judge(playRun('performance-regression', 'rolled-back', report([], ['p95 latency']))), []);
  assert.deepEqual(judge(playRun('frequency-regression', 'rolled-back', report([frequent]))), []);
  assert.deepEqual(judge(playRun('no-data', 'held', silent(report([])), { fleet: held })), []);
  assert.deepEqual(judge(playRun('backend-down', 'held', report([]), { fleet: held })), []);
});

test('each way of going wrong is a problem', () => {
  const halfBack = nodes.map((node, index) => ({
    node,
    ...good,
    ...(index === 1 && { configuration: fresh.configuration }),
  }));
  const wrong: [string, PlayedRun][] = [
    ['promoted', playRun('quality-regression', 'promoted', report(four))],
    ['three of four', playRun('quality-regression', 'rolled-back', report(four.slice(1)))],
    [
      'a fifth',
      playRun(
        'quality-regression',
        'rolled-back',
        report([...four, cluster('printer <*> of warehouse <*> is slow: <*> s for a label', 'unknown')]),
      ),
    ],
    ['one twice', playRun('quality-regression', 'rolled-back', report([...four, four[0]!]))],
    ['a failed metric', playRun('quality-regression', 'rolled-back', report(four, ['errors']))],
    ['new configuration left', playRun('quality-regression', 'rolled-back', report(four), { fleet: halfBack })],
    ['unproven', playRun('quality-regression', 'rolled-back', report(four), { proven: false })],
    ['healthy but rolled back', playRun('healthy', 'rolled-back', report([]))],
    ['nothing learned', playRun('healthy', 'promoted', report([]), { learned: false })],
    ['another metric', playRun('performance-regression', 'rolled-back', report([], ['errors']))],
    [
      'another line',
      playRun(
        'frequency-regression',
        'rolled-back',
        report([cluster('heartbeat <*>, uptime <*> s, heap <*> MB', 'unexpected-frequency', 6)]),
      ),
    ],
    ['no-data passes', playRun('no-data', 'promoted', silent(report([])))],
    ['silence that is not said', playRun('no-data', 'held', report([]), { fleet: held })],
    ['silence where the vendors are down', playRun('backend-down', 'held', silent(report([])), { fleet: held })],
    [
      'held too late',
      playRun('backend-down', 'held', report([]), {
        fleet: nodes.map((node, index) => ({ node, ...(index < 5 ? fresh : good) })),
      }),
    ],
  ];
  for (const [what, run] of wrong) assert.ok(judge(run).length > 0, what);
});

test('the figures are those of the last canary report and of the rollback, not of its verification', () => {
  const { events, ...rest } = summariseStory(playRun('quality-regression', 'rolled-back', report(four)));
  assert.deepEqual(rest, {
    scenario: 'quality-regression',
    seed: 1,
    outcome: 'rolled-back',
    unknownClusters: four.map(({ template }) => ({ template, lines: 3, nodes: ['prod-01', 'prod-02'] })),
    frequencyClusters: [],
    failedMetrics: [],
    silentNodes: [],
    secondsToDetect: 2,
    secondsToRollBack: 1.95,
    secondsToProve: 7,
    engineOverheadMs: 1950 - (9900 - 8020),
    fleet: nodes.map(node => ({ node, ...good })),
  });
  assert.ok(events.every(event => !('report' in event) && !('queries' in event)));
});

test('a metric that fails only while the nodes restart for the rollback is not held against the release', () => {
  const run = playRun('quality-regression', 'rolled-back', report(four));
  const decided = run.events.findIndex(event => event.type === 'decided');
  const later: RunEvent = {
    seq: 99,
    at: 9000,
    type: 'looked',
    key: 'canary',
    report: report(four, ['errors']),
    queries: [],
  };
  assert.deepEqual(judge({ ...run, events: run.events.toSpliced(decided + 1, 0, later) }), []);
  assert.equal(judge({ ...run, events: run.events.toSpliced(decided, 0, later) }).length, 1);
});

test('a run without a rollback has no such moments', () => {
  const { secondsToDetect, secondsToRollBack, secondsToProve, engineOverheadMs } = summariseStory(
    playRun('healthy', 'promoted', report([])),
  );
  assert.deepEqual([secondsToDetect, secondsToRollBack, secondsToProve, engineOverheadMs], [null, null, null, null]);
});

test(
  'exceptions are recognised by whole lines, by their message alone, by their trace alone, ' +
    'and with level and logger before them',
  () => {
    const random = createRandom(1, 'test');
    for (let seed = 0; seed < 40; seed++) {
      const drawn = createScenario('quality-regression', seed).exceptions.map(one => one.exception);
      const forms: ((one: LogStatement) => string)[] = [
        templateOf,
        one => writeLine(one, 0, random).slice(24),
        one => one.message,
        one => one.trace![0]!,
      ];
      for (const form of forms)
        assert.deepEqual(compareExceptions(drawn.map(form), drawn), [], drawn.map(form).join('\n'));
    }
  },
);

test('the ending names what was found and closes with the timeline', () => {
  const run = playRun('quality-regression', 'rolled-back', report(four));
  const told = tellEnding(summariseStory(run), run.events, run.firstAnomalyMs).join('\n');
  assert.equal(told.match(/unknown: /g)!.length, 4);
  assert.match(
    told,
    /first anomaly emitted +0\.0 s\n.*detected.* 2\.0 s\n.*rollback started +2\.0 s\n.*last node restored +4\.0 s\n.*rollback verified +9\.0 s/,
  );
  assert.match(told, /10 of 10 nodes run 2\.13\.2/);
  assert.ok(run.events.flatMap(tellEvent).length > 5);
});
