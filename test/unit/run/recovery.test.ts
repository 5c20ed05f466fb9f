// A run taken up again after its process died, at every single event: it ends as it would have, and no hook is started
// twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pipeline, Stage } from '../../../src/model/pipeline.ts';
import { createWorld, failsAtOnce, neverKnows, passes, type Script, type World } from './worldFixture.ts';
import { canaryStage, deployStage, oldRelease, newRelease, pipelineOf } from './worldPipeline.ts';

/** Three nodes, so that a run has few events and every one of them can be the last. */
function small(...stages: readonly (Stage | readonly Stage[])[]): Pipeline {
  const pipeline = pipelineOf(...stages);
  return {
    ...pipeline,
    environments: {
      ...pipeline.environments,
      production: { name: 'production', nodes: ['p1', 'p2', 'p3'], whenBusy: 'queue' },
    },
  };
}

const stories: readonly {
  readonly name: string;
  readonly pipeline: Pipeline;
  readonly script?: Script;
  readonly outcome: string;
  readonly runs: string;
}[] = [
  {
    name: 'promoted',
    pipeline: small([deployStage, { ...deployStage, name: 'Test', environment: 'test' }], canaryStage),
    outcome: 'promoted',
    runs: newRelease.id,
  },
  {
    name: 'rolled back',
    pipeline: small(deployStage, canaryStage),
    script: failsAtOnce,
    outcome: 'rolled-back',
    runs: oldRelease.id,
  },
  { name: 'held', pipeline: small(canaryStage), script: neverKnows, outcome: 'held', runs: newRelease.id },
];

for (const { name, pipeline, script, outcome, runs } of stories) {
  test(`killed after any event, a run that would be ${name} ends ${outcome} all the same`, async context => {
    const prepare = (): World => {
      const world = createWorld(context);
      if (script) world.scripts.set('1+2', script);
      return world;
    };
    const whole = prepare();
    await whole.run({ pipeline });
    const total = whole.events().length;
    assert.ok(total > 15);
    for (let crashAfter = 1; crashAfter < total; crashAfter++) {
      const world = prepare();
      await assert.rejects(
        world.run({ runId: 'run-1', pipeline, crashAfter }),
        /This process/,
        `it does not die after ${crashAfter} of ${total} events`,
      );
      const state = await world.run({ runId: 'run-1', pipeline, resumed: true });
      assert.equal(state.outcome, outcome, `killed after ${crashAfter} of ${total} events`);
      assert.deepEqual(
        [...world.started].sort(),
        [...whole.started].sort(),
        `hooks started when killed after ${crashAfter} events`,
      );
      assert.equal(world.nodes.get('p1'), runs);
    }
  });
}

test('killed after any event, cancelled, and taken up: no hook goes on, and a canary is back', async context => {
  const pipeline = small(canaryStage);
  const whole = createWorld(context);
  await whole.run({ pipeline });
  for (let crashAfter = 1; crashAfter < whole.events().length - 2; crashAfter++) {
    const world = createWorld(context);
    await assert.rejects(world.run({ runId: 'run-1', pipeline, crashAfter }), /This process/);
    world.instruct('run-1', { type: 'cancel', by: { name: 'jonas', via: 'cli' } });
    const state = await world.run({ runId: 'run-1', pipeline, resumed: true });
    const events = world.events('run-1');
    const open = events.flatMap(event =>
      event.type === 'hook-intended' &&
      !events.some(other => other.type === 'hook-finished' && other.key === event.call.key)
        ? [event.call.key]
        : [],
    );
    assert.deepEqual(open, [], `killed after ${crashAfter} events`);
    const promoted = events.some(event => event.type === 'ledger-recorded' && event.standing === 'verified');
    assert.equal(
      state.outcome === 'promoted' || state.outcome === 'cancelled' || state.outcome === 'rolled-back',
      true,
      state.outcome,
    );
    if (!promoted)
      assert.equal(
        world.nodes.get('p1'),
        oldRelease.id,
        `killed after ${crashAfter} of ${whole.events().length} events: ${state.outcome}`,
      );
  }
});

test(
  'killed after the decision to roll back, it is rolled back, ' + 'even where the evidence would look good by now',
  async context => {
    const pipeline = small(canaryStage);
    const whole = createWorld(context);
    whole.scripts.set('1+2', failsAtOnce);
    await whole.run({ pipeline });
    const decided = whole.events().findIndex(event => event.type === 'decided') + 1;
    for (let crashAfter = decided; crashAfter < whole.events().length; crashAfter++) {
      const world = createWorld(context);
      world.scripts.set('1+2', failsAtOnce);
      await assert.rejects(world.run({ runId: 'run-1', pipeline, crashAfter }), /This process/);
      world.scripts.set('1+2', passes);
      const state = await world.run({ runId: 'run-1', pipeline, resumed: true });
      assert.equal(state.outcome, 'rolled-back', `killed after ${crashAfter} events`);
      assert.equal(world.nodes.get('p1'), oldRelease.id);
    }
  },
);
