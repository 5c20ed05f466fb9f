// Which nodes each phase takes.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { CanaryPhase, Pipeline, Stage } from '../../../src/model/pipeline.ts';
import type { PlannedPhase } from '../../../src/model/runs/plan.ts';
import { layOutRun } from '../../../src/plan/layOut.ts';

const retry = { attempts: 1, delayMs: 0, factor: 1, maxDelayMs: 0 };
const verification = {
  sources: ['logs'],
  durationMs: 600_000,
  intervalMs: 15_000,
  sensitivity: 'medium',
  historyMs: 0,
  missingData: 'hold',
  holdForMs: 0,
  proofMs: 0,
} as const;

function pipelineOf(nodes: readonly string[], stages: readonly (readonly Stage[])[]): Pipeline {
  return {
    name: 'p',
    file: 'p.yaml',
    service: 's',
    artifact: { kind: 'version' },
    inputs: [],
    configuration: { files: [], variables: {} },
    connections: {},
    environments: { production: { name: 'production', nodes, whenBusy: 'queue' } },
    hooks: {},
    healthSources: {},
    stages,
  };
}

function canary(
  phases: readonly CanaryPhase['nodes'][],
  verify: CanaryPhase['verify'] = { durationMs: 1_000, sensitivity: 'high' },
): Stage {
  return {
    kind: 'canary',
    name: 'Production',
    environment: 'production',
    timeoutMs: 0,
    deploy: 'd',
    rollback: 'r',
    watchMs: 0,
    verification,
    onFailure: { kind: 'rollback' },
    phases: phases.map(nodes => ({ nodes, settleMs: 30, verify })),
  };
}

function phasesFor(total: number, phases: readonly CanaryPhase['nodes'][]): readonly PlannedPhase[] {
  const nodes = Array.from({ length: total }, (_, index) => `n${index + 1}`);
  return layOutRun(pipelineOf(nodes, [[canary(phases)]])).groups[0]?.[0]?.phases ?? [];
}

describe('layOutRun', () => {
  test('takes nodes in order, and compares with those that are left', () => {
    assert.deepEqual(
      phasesFor(5, [{ share: 0.2 }, { count: 3 }, { share: 1 }]),
      [
        { number: 1, of: 3, newNodes: ['n1'], canaryNodes: ['n1'], baselineNodes: ['n2', 'n3', 'n4', 'n5'] },
        { number: 2, of: 3, newNodes: ['n2', 'n3'], canaryNodes: ['n1', 'n2', 'n3'], baselineNodes: ['n4', 'n5'] },
        { number: 3, of: 3, newNodes: ['n4', 'n5'], canaryNodes: ['n1', 'n2', 'n3', 'n4', 'n5'], baselineNodes: [] },
      ].map(phase => ({
        ...phase,
        settleMs: 30,
        verification: { ...verification, durationMs: 1_000, sensitivity: 'high' },
      })),
    );
  });

  const counts: readonly [number, number, number][] = [
    [10, 0.2, 2],
    [10, 0.01, 1],
    [3, 0.5, 2],
    [3, 0.99, 2],
    [2, 0.99, 1],
    [1, 0.2, 1],
    [1, 1, 1],
    [100, 0.07, 7],
    [10, 0.3, 3],
    [1_000, 0.29, 290],
  ];
  for (const [total, share, expected] of counts) {
    test(`${share * 100} % of ${total} nodes is ${expected}`, () => {
      assert.equal(phasesFor(total, [{ share }])[0]?.canaryNodes.length, expected);
    });
  }

  test('a phase without verification has none in the plan', () => {
    const plan = layOutRun(pipelineOf(['a', 'b'], [[canary([{ count: 1 }], false)]]));
    assert.equal(plan.groups[0]?.[0]?.phases[0]?.verification, undefined);
  });

  test('deploy stages have nodes and no phases, approvals neither; groups keep their order', () => {
    const deploy: Stage = {
      kind: 'deploy',
      name: 'Dev',
      environment: 'production',
      timeoutMs: 0,
      steps: ['d'],
      retry,
      onFailure: { kind: 'stop' },
    };
    const approval: Stage = {
      kind: 'approval',
      name: 'Approval',
      timeoutMs: 0,
      message: 'Ship?',
      approvers: [],
      minimum: 1,
      starterMayApprove: true,
      commentRequired: false,
      inputs: [],
      onTimeout: 'reject',
    };
    const plan = layOutRun(pipelineOf(['a', 'b'], [[deploy, { ...deploy, name: 'Test' }], [approval]]));
    assert.deepEqual(
      plan.groups.map(group => group.map(({ stage, nodes, phases }) => [stage.name, nodes.length, phases.length])),
      [
        [
          ['Dev', 2, 0],
          ['Test', 2, 0],
        ],
        [['Approval', 0, 0]],
      ],
    );
  });

  test('whatever the phases: canary and baseline are all nodes, no node is in both, and each is upgraded once', () => {
    const share = fc.integer({ min: 1, max: 100 }).map(percent => ({ share: percent / 100 }));
    const count = fc.integer({ min: 1, max: 60 }).map(number => ({ count: number }));
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.array(fc.oneof(share, count), { minLength: 1, maxLength: 6 }),
        (total, drawn) => {
          const ordered = drawn.toSorted((left, right) => nodesOf(left, total) - nodesOf(right, total));
          const phases = phasesFor(total, ordered);
          const upgraded = phases.flatMap(phase => phase.newNodes);
          assert.equal(new Set(upgraded).size, upgraded.length);
          for (const [index, phase] of phases.entries()) {
            assert.equal(phase.canaryNodes.length + phase.baselineNodes.length, total);
            assert.equal(new Set([...phase.canaryNodes, ...phase.baselineNodes]).size, total);
            assert.deepEqual(
              phase.canaryNodes,
              phases.slice(0, index + 1).flatMap(one => one.newNodes),
            );
            assert.ok(phase.canaryNodes.length >= 1);
            const wanted = ordered[index];
            if (wanted && 'share' in wanted && wanted.share < 1 && total > 1 && phase.newNodes.length > 0)
              assert.ok(phase.baselineNodes.length >= 1);
          }
        },
      ),
      { numRuns: 500, seed: 7 },
    );
  });
});

function nodesOf(nodes: NonNullable<CanaryPhase['nodes']>, total: number): number {
  return 'count' in nodes ? nodes.count : nodes.share * total;
}
