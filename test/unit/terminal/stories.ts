// Runs made by hand, event by event, as the engine would journal them, to test the terminal and the timeline with.
import type { RunEventBody } from '../../../src/model/runs/runEvents.ts';
import {
  baselineNodes,
  call,
  canaryNodes,
  hookOk,
  jonas,
  latency,
  maria,
  newRelease,
  nodes,
  oldRelease,
  policy,
  quality,
  report,
  sevenStages,
  stage,
  startMs,
  started,
  story,
} from './storyParts.ts';

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
