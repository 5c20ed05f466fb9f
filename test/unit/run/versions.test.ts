// Which versions stand for canary, baseline and the time before, in every kind of verification.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { versionsOf } from '../../../src/run/releases/versions.ts';
import { createWorld } from './worldFixture.ts';
import { newRelease, oldRelease, pipelineOf } from './worldPipeline.ts';

test('a version stands for the nodes that run it; a proof and a last phase look back', context => {
  const { history, ports } = createWorld(context);
  const facts = { ports, pipeline: pipelineOf(), release: newRelease };
  history.saveRelease(newRelease);
  history.setNodes('shop', 'production', ['p1', 'p2'], newRelease.id, 2);
  const of = (
    purpose: 'canary' | 'watch' | 'proof',
    canaryNodes: readonly string[],
    baselineNodes: readonly string[],
  ) => versionsOf(facts, { purpose, environment: 'production', canaryNodes, baselineNodes });
  const [newVersion, oldVersion] = [newRelease.artifact.version, oldRelease.artifact.version];
  assert.deepEqual(of('canary', ['p1', 'p2'], ['p3', 'p4']), {
    canary: [newVersion],
    baseline: [oldVersion],
    before: [],
  });
  assert.deepEqual(of('watch', ['p1', 'p2'], []), { canary: [newVersion], baseline: [], before: [oldVersion] });
  assert.deepEqual(of('proof', ['p3'], ['p4']), { canary: [oldVersion], baseline: [], before: [oldVersion] });
  history.setNodes('shop', 'production', ['p5'], null, 3);
  assert.deepEqual(of('canary', ['p1'], ['p5', 'unheard']), { canary: [newVersion], baseline: [], before: [] });
});
