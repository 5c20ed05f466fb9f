// Runs made by hand, event by event, as the engine would tell them: what the terminal and the timeline are tried on.
import type { Configuration, Release } from '../../../src/model/release.ts';
import type { HookCall, Person, RunEvent, RunEventBody } from '../../../src/model/runs/runEvents.ts';
import type {
  ClusterReport,
  LogsCheck,
  MetricCheck,
  Outcome,
  VerificationReport,
} from '../../../src/model/evidence/verdict.ts';

export const startMs = Date.UTC(2026, 10, 23, 14, 2, 0);
export const maria: Person = { name: 'maria', via: 'cli' };
export const jonas: Person = { name: 'jonas', via: 'editor' };
export const policy: Person = { name: 'policy', via: 'policy' };

const oldConfiguration: Configuration = {
  digest: 'c0ffee00c0ffee00',
  variables: { LOG_LEVEL: 'info', POOL_SIZE: '20' },
  files: [
    { path: 'config/app.yaml', digest: '1111111111111111', sizeBytes: 1200 },
    { path: 'config/flags.json', digest: '2222222222222222', sizeBytes: 300 },
  ],
};
const newConfiguration: Configuration = {
  digest: 'deadbeefdeadbeef',
  variables: { LOG_LEVEL: 'info', POOL_SIZE: '40' },
  files: [
    { path: 'config/app.yaml', digest: '3333333333333333', sizeBytes: 1250 },
    { path: 'config/flags.json', digest: '2222222222222222', sizeBytes: 300 },
  ],
};
export const oldRelease: Release = {
  id: 'aaaaaaaaaaaaaaaa',
  service: 'storefront',
  artifact: { version: '2.13.2' },
  configuration: oldConfiguration,
  createdAt: startMs - 86_400_000,
};
export const newRelease: Release = {
  id: 'bbbbbbbbbbbbbbbb',
  service: 'storefront',
  artifact: { version: '2.14.0' },
  configuration: newConfiguration,
  createdAt: startMs,
};

const nodes = Array.from({ length: 10 }, (_, index) => `prod-${String(index + 1).padStart(2, '0')}`);
export const canaryNodes = nodes.slice(0, 2);
export const baselineNodes = nodes.slice(2);

/** Writes events with growing numbers and times. */
export function story(...steps: readonly (readonly [atSeconds: number, event: RunEventBody])[]): readonly RunEvent[] {
  return steps
    .toSorted(([left], [right]) => left - right)
    .map(([at, event], seq) => ({ seq, at: startMs + Math.round(at * 1000), ...event }));
}

export function started(stages: readonly (readonly string[])[]): RunEventBody {
  return {
    type: 'run-started',
    pipeline: 'storefront',
    file: '.backstop/pipelines/storefront.yaml',
    service: 'storefront',
    by: maria,
    artifact: newRelease.artifact,
    inputs: {},
    release: newRelease,
    stages,
  };
}

export function call(stage: string, hook: string, on: readonly string[], more: Partial<HookCall> = {}): HookCall {
  return {
    key: `${stage}/${more.phase ?? 0}/${more.purpose ?? 'step'}/${hook}/${on.join('+')}#${more.attempt ?? 1}`,
    hook,
    purpose: 'step',
    stage,
    environment: stage.toLowerCase(),
    nodes: on,
    phase: 0,
    attempt: 1,
    release: newRelease.id,
    version: newRelease.artifact.version,
    configurationDigest: newConfiguration.digest,
    ...more,
  };
}

export function hookOk(
  one: HookCall,
  fromSeconds: number,
  forSeconds: number,
): readonly (readonly [number, RunEventBody])[] {
  return [
    [fromSeconds, { type: 'hook-intended', call: one }],
    [
      fromSeconds + forSeconds,
      { type: 'hook-finished', key: one.key, outcome: { kind: 'succeeded', durationMs: forSeconds * 1000 } },
    ],
  ];
}

export function stage(
  name: string,
  fromSeconds: number,
  forSeconds: number,
): readonly (readonly [number, RunEventBody])[] {
  return [
    [fromSeconds, { type: 'stage-started', stage: name, environment: name.toLowerCase() }],
    ...hookOk(call(name, 'deploy', [`${name.toLowerCase()}-01`]), fromSeconds, forSeconds),
    [fromSeconds + forSeconds, { type: 'stage-finished', stage: name, outcome: 'passed' }],
  ];
}

export const sevenStages = [['Dev', 'Test'], ['Edu', 'Sandbox', 'Staging'], ['Approval'], ['Production']];

export function cluster(template: string, more: Partial<ClusterReport> = {}): ClusterReport {
  return {
    key: template,
    class: 'unknown',
    template,
    severity: 'error',
    baselineCount: 0,
    canaryCount: 3,
    ratio: null,
    firstSeenMs: startMs + 501_000,
    lastSeenMs: startMs + 660_000,
    nodes: { 'prod-01': 1, 'prod-02': 2 },
    samples: { canary: [`ERROR ${template}\n\tat shop.Checkout.pay(Checkout.java:88)`], baseline: [] },
    x: 0,
    y: 0,
    deployments: 0,
    evidence: 6,
    ...more,
  };
}

export const fourExceptions = [
  cluster('InventoryReservationException: no stock row for sku <*> in warehouse <*>', { canaryCount: 5 }),
  cluster('NullPointerException: Cannot invoke "Zone.code()" because "zone" is null', { canaryCount: 4 }),
  cluster('SQLSyntaxErrorException: column "warehouse_zone" does not exist', { canaryCount: 2 }),
  cluster('CompletionException: price rule <*> rejected currency <*>', { canaryCount: 1 }),
];

export function quality(outcome: Outcome, evidence: number): LogsCheck {
  return {
    kind: 'logs',
    source: 'Sumo Logic',
    name: 'quality',
    outcome,
    evidence,
    threshold: 20,
    canaryLines: 1284,
    baselineLines: 9870,
    learnedDeployments: 31,
    hiddenClusters: 0,
    comparison: { mode: 'canary' },
    clusters:
      outcome === 'fail'
        ? [
            ...fourExceptions,
            cluster('GET <*> 200 <*> ms', {
              class: 'known',
              severity: 'info',
              baselineCount: 2431,
              canaryCount: 604,
              deployments: 31,
            }),
          ]
        : [],
    reasons: [
      outcome === 'fail'
        ? { code: 'unknown-clusters', values: { clusters: 4, lines: 12, nodes: 2, deployments: 31 } }
        : outcome === 'pass'
          ? { code: 'logs-clean', values: { canaryLines: 1284, baselineLines: 9870, clusters: 220, deployments: 31 } }
          : { code: 'could-not-read', values: { source: 'Sumo Logic', failure: 'no answer within 30 s' } },
    ],
  };
}

export const latency: MetricCheck = {
  kind: 'metric',
  source: 'New Relic',
  name: 'p95 latency',
  outcome: 'pass',
  canary: 212,
  baseline: 208,
  unit: 'ms',
  change: 0.019,
  evidence: 0.4,
  threshold: 20,
  comparison: { mode: 'canary' },
  reasons: [
    {
      code: 'metric-in-band',
      values: { metric: 'p95 latency', canary: 212, baseline: 208, change: 0.019, tolerance: 0.1, unit: 'ms' },
    },
  ],
};

export function report(outcome: Outcome, evidence: number, looks = 25): VerificationReport {
  return {
    outcome,
    checks: [latency, quality(outcome, evidence)],
    startedAtMs: startMs + 320_000,
    lookedAtMs: startMs + 684_200,
    looks,
  };
}

const beforeProduction = [
  [0, started(sevenStages)] as const,
  ...stage('Dev', 0, 34),
  ...stage('Test', 0.1, 41),
  ...stage('Edu', 41, 58),
  ...stage('Sandbox', 41, 72),
  ...stage('Staging', 41.2, 69),
  [113, { type: 'stage-started', stage: 'Approval' }],
  [113, approvalAsked()],
  [
    298,
    {
      type: 'answered',
      question: 'q1',
      answer: { type: 'approve', by: jonas, at: startMs + 298_000, comment: 'Reviewed' },
    },
  ],
  [298, { type: 'question-closed', question: 'q1', result: 'approved' }],
  [298, { type: 'stage-finished', stage: 'Approval', outcome: 'passed' }],
] as const satisfies readonly (readonly [number, RunEventBody])[];

export function approvalAsked(): RunEventBody {
  return {
    type: 'asked',
    question: {
      id: 'q1',
      kind: 'approval',
      stage: 'Approval',
      message: 'Deploy to production?',
      approvers: ['jonas', 'lena'],
      minimum: 1,
      starterMayAnswer: false,
      commentRequired: false,
      deadlineMs: startMs + 3_713_000,
      otherwise: 'reject',
    },
  };
}

const verifyKey = 'Production/1/verify';
const phaseOne = [
  [299, { type: 'stage-started', stage: 'Production', environment: 'production' }],
  [
    299,
    { type: 'phase-started', stage: 'Production', phase: 1, of: 3, nodes: canaryNodes, canaryNodes, baselineNodes },
  ],
  ...hookOk(call('Production', 'deploy', canaryNodes, { phase: 1, purpose: 'deploy' }), 299, 18),
  [317, { type: 'nodes-changed', environment: 'production', nodes: canaryNodes, release: newRelease.id }],
  [318, { type: 'marker-intended', key: 'm1', connection: 'newRelic', version: '2.14.0', purpose: 'canary' }],
  [318.4, { type: 'marker-finished', key: 'm1', id: 'x' }],
  [
    319,
    {
      type: 'verification-started',
      key: verifyKey,
      stage: 'Production',
      phase: 1,
      purpose: 'canary',
      sinceMs: startMs + 319_000,
      canaryNodes,
      baselineNodes,
    },
  ],
] as const satisfies readonly (readonly [number, RunEventBody])[];

const query = {
  source: 'Sumo Logic',
  text: '_sourceCategory=storefront | fields _raw, node',
  atMs: startMs + 684_000,
  durationMs: 600,
  bytes: 41_000,
  rows: 1284,
};

export const rolledBackStory = story(
  ...beforeProduction,
  ...phaseOne,
  [
    600,
    {
      type: 'looked',
      key: verifyKey,
      report: {
        ...report('inconclusive', 13.6),
        checks: [
          latency,
          {
            ...quality('inconclusive', 13.6),
            reasons: [{ code: 'not-enough-data', values: { have: 281, need: 600, what: 's' } }],
          },
        ],
      },
      queries: [query],
    },
  ],
  [684.2, { type: 'looked', key: verifyKey, report: report('fail', 24.6), queries: [query] }],
  [
    684.2,
    { type: 'verification-finished', key: verifyKey, report: report('fail', 24.6), firstAnomalyMs: startMs + 501_000 },
  ],
  [
    684.2,
    {
      type: 'decided',
      stage: 'Production',
      decision: 'rollback',
      by: policy,
      reasons: quality('fail', 24.6).reasons,
      strategy: 'rollback',
    },
  ],
  [
    684.3,
    {
      type: 'rollback-started',
      stage: 'Production',
      environment: 'production',
      from: newRelease,
      to: oldRelease,
      nodes: canaryNodes,
      difference: {
        version: { from: '2.14.0', to: '2.13.2' },
        files: [{ path: 'config/app.yaml', change: 'changed' }],
        variables: [{ name: 'POOL_SIZE', from: '40', to: '20' }],
      },
    },
  ],
  ...hookOk(call('Production', 'rollback', canaryNodes, { phase: 1, purpose: 'rollback' }), 684.3, 6),
  [690.6, { type: 'nodes-changed', environment: 'production', nodes: canaryNodes, release: oldRelease.id }],
  [690.6, { type: 'rollback-finished', stage: 'Production', failedNodes: [] }],
  [
    690.7,
    {
      type: 'verification-started',
      key: 'Production/1/proof',
      stage: 'Production',
      phase: 1,
      purpose: 'proof',
      sinceMs: startMs + 690_600,
      canaryNodes,
      baselineNodes,
    },
  ],
  [705.2, { type: 'verification-finished', key: 'Production/1/proof', report: report('pass', 0.2) }],
  [705.2, { type: 'rollback-proven', stage: 'Production', report: report('pass', 0.2) }],
  [705.2, { type: 'ledger-recorded', environment: 'production', release: newRelease.id, standing: 'rolled-back' }],
  [705.3, { type: 'stage-finished', stage: 'Production', outcome: 'rolled-back' }],
  [705.3, { type: 'run-finished', outcome: 'rolled-back' }],
);

export const promotedStory = story(
  ...beforeProduction,
  ...phaseOne.filter(([, event]) => event.type !== 'phase-started'),
  [299, { type: 'phase-started', stage: 'Production', phase: 3, of: 3, nodes, canaryNodes: nodes, baselineNodes: [] }],
  [900, { type: 'verification-finished', key: verifyKey, report: report('pass', 0.6) }],
  [900, { type: 'decided', stage: 'Production', decision: 'promote', by: policy, reasons: [] }],
  [901, { type: 'ledger-recorded', environment: 'production', release: newRelease.id, standing: 'verified' }],
  [901, { type: 'baseline-learned', environment: 'production', source: 'Sumo Logic', clusters: 220, deployments: 32 }],
  [902, { type: 'stage-finished', stage: 'Production', outcome: 'passed' }],
  [902, { type: 'run-finished', outcome: 'promoted' }],
);

export const heldStory = story(
  ...beforeProduction,
  ...phaseOne,
  [919, { type: 'verification-finished', key: verifyKey, report: report('inconclusive', 1) }],
  [
    919,
    { type: 'decided', stage: 'Production', decision: 'hold', by: policy, reasons: quality('inconclusive', 1).reasons },
  ],
  [
    919,
    {
      type: 'asked',
      question: {
        id: 'q2',
        kind: 'hold',
        stage: 'Production',
        message: 'Promote, hold or roll back?',
        approvers: [],
        minimum: 1,
        starterMayAnswer: true,
        commentRequired: false,
        deadlineMs: 0,
        otherwise: 'hold',
      },
    },
  ],
  [1819, { type: 'question-closed', question: 'q2', result: 'timed-out' }],
  [1819, { type: 'stage-finished', stage: 'Production', outcome: 'held' }],
  [1819, { type: 'run-finished', outcome: 'held' }],
);

const failing = call('Test', 'deploy', ['test-01'], { attempt: 2 });
export const failedHookStory = story(
  [0, started([['Dev', 'Test'], ['Production']])],
  ...stage('Dev', 0, 34),
  [0, { type: 'stage-started', stage: 'Test', environment: 'test' }],
  [0, { type: 'hook-intended', call: call('Test', 'deploy', ['test-01']) }],
  [
    2,
    {
      type: 'hook-finished',
      key: call('Test', 'deploy', ['test-01']).key,
      outcome: {
        kind: 'failed',
        durationMs: 2000,
        failure: { kind: 'hook-failed', message: 'Hook deploy ended with exit status 1.' },
      },
    },
  ],
  [2, { type: 'retry-scheduled', key: call('Test', 'deploy', ['test-01']).key, afterMs: 5000 }],
  [7, { type: 'hook-intended', call: failing }],
  [
    9,
    {
      type: 'hook-finished',
      key: failing.key,
      outcome: {
        kind: 'failed',
        durationMs: 2000,
        failure: { kind: 'hook-failed', message: 'Hook deploy ended with exit status 1.', cause: 'disk full' },
      },
    },
  ],
  [
    34,
    {
      type: 'stage-finished',
      stage: 'Test',
      outcome: 'failed',
      failure: { kind: 'hook-failed', message: 'Hook deploy ended with exit status 1.', cause: 'disk full' },
    },
  ],
  [34, { type: 'run-finished', outcome: 'failed' }],
);
export const failingHookKey = failing.key;

export const waitingStory = story(
  ...beforeProduction.slice(0, beforeProduction.findIndex(([, event]) => event.type === 'asked') + 1),
);

export const cancelledStory = story(
  ...beforeProduction,
  ...phaseOne.slice(0, 2),
  [310, { type: 'cancel-asked', by: maria }],
  [311, { type: 'stage-finished', stage: 'Production', outcome: 'cancelled' }],
  [311, { type: 'run-finished', outcome: 'cancelled' }],
);
