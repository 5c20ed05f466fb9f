// What people express in other tools: a pause between two weights, and a threshold on a share.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePipeline } from '../../../src/definition/parsePipeline.ts';

const file = `version: 1
service: podinfo
environments: { production: { nodes: [p-1, p-2, p-3, p-4] } }
hooks: { deploy: { command: [./deploy.sh] } }
healthSources:
  performance:
    command:
      values: [./metrics.sh]
      metrics:
        requests: { kind: count }
        errors: { kind: count, per: requests, floor: 0.1%, limit: { above: 1%, times: 5 } }
        duration: { unit: s, limit: { above: 0.5 }, ignore: { to: 0.2 }, onFailure: hold }
stages:
  - stage: Production
    environment: production
    canary:
      deploy: deploy
      rollback: deploy
      check: deploy
      phases:
        - { nodes: 25%, approval: { message: Go on?, by: [jonas, sara], notTheStarter: true } }
        - { nodes: 100% }
    verification: { duration: 5m }
`;

test('an approval between phases, a limit as a percentage, and a metric that holds', () => {
  const { pipeline, problems } = parsePipeline(file, 'podinfo.yaml');
  assert.deepEqual(problems, []);
  const source = pipeline?.healthSources['performance'];
  assert.ok(source?.kind === 'metrics');
  assert.deepEqual(
    source.metrics.map(({ floor, limit, onFailure }) => ({ floor, above: limit?.above, onFailure })),
    [
      { floor: undefined, above: undefined, onFailure: undefined },
      { floor: 0.001, above: 0.01, onFailure: undefined },
      { floor: undefined, above: 0.5, onFailure: 'hold' },
    ],
  );
  const stage = pipeline?.stages[0]?.[0];
  assert.ok(stage?.kind === 'canary');
  assert.deepEqual(
    stage.phases.map(({ approval }) => approval),
    [
      {
        message: 'Go on?',
        approvers: ['jonas', 'sara'],
        minimum: 1,
        starterMayApprove: false,
        commentRequired: false,
        timeoutMs: 4 * 3_600_000,
        inputs: [],
        onTimeout: 'rollback',
      },
      undefined,
    ],
  );
});
