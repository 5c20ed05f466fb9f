// The parts of the runs in stories.ts: people, releases, nodes, checks and reports.
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

export const nodes = Array.from({ length: 10 }, (_, index) => `prod-${String(index + 1).padStart(2, '0')}`);
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
