// Which release a rollback by hand restores, and on which nodes, where they run several releases.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planRollback } from '../../../src/run/releases/rollbackRun.ts';
import { createWorld } from './worldFixture.ts';
import { canaryStage, newRelease, oldRelease, pipelineOf } from './worldPipeline.ts';

test('what a rollback left is finished, instead of saying that nothing earlier worked', context => {
  const { history } = createWorld(context);
  const pipeline = pipelineOf(canaryStage);
  const nodes = pipeline.environments['production']!.nodes!;
  history.saveRelease(newRelease);
  // The fixture's fleet runs the old release, which is the only one known to work.
  history.setNodes('shop', 'production', nodes.slice(0, 2), newRelease.id, 1);
  const planned = planRollback(history, pipeline, 'production');
  assert.ok(planned.ok, JSON.stringify(planned));
  const { from, to, nodes: groups } = planned.value;
  assert.deepEqual([from.id, to.id, groups.flat()], [newRelease.id, oldRelease.id, nodes.slice(0, 2)]);
});

test('where all nodes run the only working release, what can be done is said', context => {
  const { history } = createWorld(context);
  const planned = planRollback(history, pipelineOf(canaryStage), 'production');
  assert.ok(!planned.ok);
  assert.match(planned.failure.message, /no earlier working release/);
  assert.match(planned.failure.hint ?? '', /--to VERSION/);
});
