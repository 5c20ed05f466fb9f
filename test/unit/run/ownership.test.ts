// An environment belongs to what still acts in it: whoever died, slept or was overtaken, no two runs ever act there at
// once, and an old one never again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngine } from '../../../src/engine.ts';
import type { CanaryStage, Pipeline, Stage } from '../../../src/model/pipeline.ts';
import type { Ports } from '../../../src/model/ports.ts';
import { TakenOver } from '../../../src/model/runs/takenOver.ts';
import { mortal, sleepy } from './processPorts.ts';
import { tell } from './runLines.ts';
import { createWorld, failsAtOnce, maria, type World } from './worldFixture.ts';
import { canaryStage, deployStage, newRelease, oldRelease, pipelineOf, release } from './worldPipeline.ts';

const third = release('3.0', { mode: 'third' });
const threeNodes = { name: 'production', nodes: ['p1', 'p2', 'p3'], whenBusy: 'queue' } as const;

function small(...stages: readonly Stage[]): Pipeline {
  const pipeline = pipelineOf(...stages);
  return {
    ...pipeline,
    environments: {
      ...pipeline.environments,
      production: threeNodes,
      dev: { name: 'dev', nodes: ['d1'], whenBusy: 'queue' },
    },
  };
}
const runsOn = (world: World): readonly (string | undefined)[] => threeNodes.nodes.map(node => world.nodes.get(node));
const openRights = (world: World, runId: string): readonly string[] =>
  world.ended.filter(hook => hook.runId === runId).map(({ key }) => key);

test('killed after any event and overtaken by another run, it is never acted on again, and ends', async context => {
  const pipeline = small(deployStage, canaryStage);
  const whole = createWorld(context);
  await whole.run({ pipeline });
  const total = whole.events().length;
  for (let crashAfter = 1; crashAfter < total; crashAfter++) {
    const world = createWorld(context);
    await assert.rejects(world.run({ runId: 'run-1', pipeline, crashAfter }), /This process/);
    const other = await world.run({ runId: 'run-2', pipeline, release: third });
    assert.equal(other.outcome, 'promoted', `killed after ${crashAfter} of ${total} events`);
    const before = openRights(world, 'run-1');
    const state = await world.run({ runId: 'run-1', pipeline, resumed: true });
    const hasEnded = world
      .events('run-1')
      .some(event => event.type === 'stage-finished' && event.outcome === 'passed' && event.stage === 'Production');
    assert.equal(state.outcome, hasEnded ? 'promoted' : 'overtaken', `killed after ${crashAfter} of ${total} events`);
    assert.deepEqual(runsOn(world), [third.id, third.id, third.id], `killed after ${crashAfter} events`);
    assert.deepEqual(openRights(world, 'run-1'), before, `no hook after it was overtaken (${crashAfter})`);
    assert.deepEqual(
      state.groups.flat().flatMap(stage => stage.steps.filter(step => step.status === 'running')),
      [],
      'nothing is shown as running',
    );
  }
});

test('the next run waits for a hook that outlived its process, says whose it is, and only then acts', async context => {
  const world = createWorld(context);
  const pipeline = small(canaryStage);
  world.hookOutcomes.set(/Production\/1\/deploy/, 120_000);
  const process = sleepy(world.ports);
  // It dies just after it has started the hook: it never hears of anything again.
  world.when(
    event => event.type === 'hook-intended',
    () => process.sleep(),
  );
  world.run({ runId: 'run-1', pipeline, ports: process.ports }).catch(() => {
    /* it is never heard of again */
  });
  const state = await world.run({ runId: 'run-2', pipeline, release: third });
  assert.equal(state.outcome, 'promoted');
  const waits = world.events('run-2').flatMap(event => (event.type === 'environment-waited-for' ? [event.heldBy] : []));
  assert.ok(waits.includes('run 1, whose hook deploy on p1 is still running'), waits.join('; '));
  const [left] = world.ended.filter(({ runId }) => runId === 'run-1');
  const first = Math.min(...world.ended.filter(({ runId }) => runId === 'run-2').map(({ fromMs }) => fromMs));
  assert.ok(left && first >= left.toMs, 'its own hooks began after that one had ended');
  assert.deepEqual(runsOn(world), [third.id, third.id, third.id]);
});

for (const [what, at] of [
  ['in its deploy hook', 'hook-intended'],
  ['while it verifies', 'verification-started'],
  ['between two phases', 'phase-finished'],
  ['while it rolls back', 'rollback-started'],
] as const)
  test(`an owner that slept past its lease ${what} touches nothing when it wakes, and ends cleanly`, async context => {
    const world = createWorld(context);
    const pipeline = small(canaryStage);
    if (at === 'rollback-started') world.scripts.set('1+2', failsAtOnce);
    const process = sleepy(world.ports);
    world.when(
      event => event.type === at,
      () => process.sleep(),
    );
    const slept = world.run({ runId: 'run-1', pipeline, ports: process.ports });
    await world.clock.drive(
      (async () => {
        while (!world.events('run-1').some(event => event.type === at)) await world.clock.sleep(100);
      })(),
    );
    world.scripts.clear();
    const other = await world.run({ runId: 'run-2', pipeline, release: third });
    assert.equal(other.outcome, 'promoted');
    const hooks = openRights(world, 'run-1').length,
      ledger = world.history.ledger('shop', 'production').length,
      asleep = world.events('run-1').length;
    process.wake();
    const state = await slept;
    assert.equal(state.outcome, 'overtaken');
    assert.match(state.failure!.message, /took shop\/production while this one did not respond/);
    assert.deepEqual(runsOn(world), [third.id, third.id, third.id]);
    assert.equal(openRights(world, 'run-1').length, hooks);
    assert.equal(world.history.ledger('shop', 'production').length, ledger, 'nothing is told to the ledger');
    const allowed = [
      'hook-finished',
      'question-closed',
      'stage-finished',
      'run-finished',
      'looked',
      'verification-finished',
    ];
    assert.deepEqual(
      world
        .events('run-1')
        .slice(asleep)
        .map(({ type }) => type)
        .filter(type => !allowed.includes(type)),
      [],
    );
  });

test(
  'two processes of one run: the one that slept leaves it to the other, ' + 'and tells nothing of its own',
  async context => {
    const world = createWorld(context);
    const pipeline = small(canaryStage);
    const process = sleepy(world.ports);
    world.when(
      event => event.type === 'verification-started' && event.purpose === 'canary',
      () => process.sleep(),
    );
    const slept = world.run({ runId: 'run-1', pipeline, ports: process.ports });
    await world.clock.drive(
      (async () => {
        while (
          !world.events('run-1').some(event => event.type === 'verification-started' && event.purpose === 'canary')
        )
          await world.clock.sleep(100);
      })(),
    );
    // As another process would: it is not the holder of the lease of the run.
    world.history.releaseLease('run run-1', 'run-1');
    world.history.releaseLease('shop/production', 'run-1');
    const state = await world.run({ runId: 'run-1', pipeline, resumed: true });
    assert.equal(state.outcome, 'promoted');
    const journalled = world.events('run-1').length;
    process.wake();
    assert.equal((await slept).outcome, 'promoted', 'what the other one made of it');
    assert.equal(world.events('run-1').length, journalled);
  },
);

test('a store refuses whatever an owner of before would write, and keeps nothing of it', context => {
  const { history } = createWorld(context);
  history.createRun({ id: 'r', pipeline: 'p', service: 'shop', by: maria, version: '1', inputs: {}, startedAtMs: 1 });
  assert.ok(history.acquireLease('shop/production', 'r', 1).held);
  history.releaseLease('shop/production', 'r');
  assert.ok(history.acquireLease('shop/production', 's', 1).held);
  const old = { name: 'shop/production', generation: 1 };
  const entry = {
    service: 'shop',
    environment: 'production',
    release: 'x',
    standing: 'verified',
    runId: 'r',
    at: 1,
  } as const;
  for (const write of [
    () => history.append('r', [{ type: 'stage-started', stage: 's', seq: 1, at: 1 }], [old]),
    () => history.record(entry, old),
    () => history.setNodes('shop', 'production', ['p1'], 'x', 1, old),
  ])
    assert.throws(write, TakenOver);
  assert.deepEqual(history.events('r'), []);
  assert.equal(history.ledger('shop', 'production').at(-1)?.release, oldRelease.id);
  assert.equal(history.nodes('shop', 'production')[0]?.release, oldRelease.id);
});

test('hooks are told a fence that grows with every run that takes the environment', async context => {
  const world = createWorld(context);
  const told: string[] = [];
  const ports: Ports = {
    ...world.ports,
    hooks: {
      ...world.ports.hooks,
      run(request, signal) {
        told.push(`${request.runId} ${request.variables['BACKSTOP_FENCE']}`);
        return world.ports.hooks.run(request, signal);
      },
    },
  };
  const pipeline = small(canaryStage);
  await world.run({ runId: 'run-1', pipeline, ports });
  await world.run({ runId: 'run-2', pipeline, release: third, ports });
  assert.deepEqual([...new Set(told)], ['run-1 1', 'run-2 2']);
});

/** Without a verification, so that the real engine needs no analysis. */
const plain: CanaryStage = {
  ...canaryStage,
  phases: canaryStage.phases.map(phase => ({ ...phase, verify: false as const })),
};
async function startAndDie(world: World, pipeline: Pipeline, crashAfter: number): Promise<void> {
  const process = mortal(world.ports, crashAfter);
  const started = await createEngine(process.ports).start({ pipeline, inputs: {}, version: '2.0', by: maria });
  assert.ok(started.ok);
  await assert.rejects(world.clock.drive(Promise.race([started.value.done, process.died])), /This process/);
}

test(
  'a run that is taken up goes by the nodes and hooks that it began with, ' + 'and says that the file has changed',
  async context => {
    const pipeline = small(plain);
    const whole = createWorld(context);
    const run = await createEngine(whole.ports).start({ pipeline, inputs: {}, version: '2.0', by: maria });
    assert.ok(run.ok);
    await whole.clock.drive(run.value.done);
    const after = whole.events().findIndex(event => event.type === 'phase-finished') + 1;
    for (const production of [
      { ...threeNodes, nodes: ['p3', 'p2', 'p1'] },
      { ...threeNodes, nodes: ['p2', 'p3'] },
    ]) {
      const world = createWorld(context);
      await startAndDie(world, pipeline, after);
      const today: Pipeline = {
        ...pipeline,
        environments: { ...pipeline.environments, production },
        stages: [[{ ...plain, name: 'Renamed' }]],
      };
      const resumed = await createEngine(world.ports).resume('run-1', today, maria);
      assert.ok(resumed.ok);
      const state = await world.clock.drive(resumed.value.done);
      assert.equal(state.outcome, 'promoted');
      assert.deepEqual(runsOn(world), [newRelease.id, newRelease.id, newRelease.id]);
      assert.match(
        state.notes[0]!.message,
        /shop\.yaml has changed since this run began \(nodes, stages\): the run continues as it began/,
      );
    }
  },
);

test('a run is taken up where its file is gone', async context => {
  const world = createWorld(context);
  await startAndDie(world, small(plain), 8);
  const resumed = await createEngine(world.ports).resume('run-1', undefined, maria);
  assert.ok(resumed.ok);
  assert.equal((await world.clock.drive(resumed.value.done)).outcome, 'promoted');
});

test('a first stage that is called Rollback is a stage like any other', async context => {
  const world = createWorld(context);
  await startAndDie(world, small({ ...plain, name: 'Rollback' }), 8);
  const resumed = await createEngine(world.ports).resume('run-1', undefined, maria);
  assert.ok(resumed.ok);
  const state = await world.clock.drive(resumed.value.done);
  assert.equal(state.outcome, 'promoted');
  assert.deepEqual(
    tell(world.events()).filter(line => line.startsWith('rollback')),
    [],
  );
});

test(
  'a rollback by hand is planned when the environment is its own, ' + 'whatever a run before it did meanwhile',
  async context => {
    const world = createWorld(context);
    const pipeline = small(plain);
    const engine = createEngine(world.ports);
    const first = await engine.start({ pipeline, inputs: {}, version: '2.0', by: maria });
    assert.ok(first.ok);
    await world.clock.drive(world.clock.sleep(1_500));
    const back = await engine.rollBack({ pipeline, environment: 'production', to: oldRelease.id, by: maria });
    assert.ok(back.ok, 'while the canary runs on one node');
    await world.clock.drive(Promise.all([first.value.done, back.value.done]));
    assert.deepEqual(runsOn(world), [oldRelease.id, oldRelease.id, oldRelease.id]);
  },
);

test('a rollback by hand that died is taken up as one, and brings the same nodes back', async context => {
  const pipeline = small(plain);
  const whole = createWorld(context);
  const prepare = async (world: World): Promise<void> => {
    const run = await createEngine(world.ports).start({ pipeline, inputs: {}, version: '2.0', by: maria });
    assert.ok(run.ok);
    await world.clock.drive(run.value.done);
  };
  await prepare(whole);
  const asked = await createEngine(whole.ports).rollBack({ pipeline, environment: 'production', to: '1.0', by: maria });
  assert.ok(asked.ok);
  await whole.clock.drive(asked.value.done);
  const total = whole.events('run-2').length;
  for (let crashAfter = 1; crashAfter < total; crashAfter++) {
    const world = createWorld(context);
    await prepare(world);
    const process = mortal(world.ports, crashAfter);
    await assert.rejects(async () => {
      const begun = await createEngine(process.ports).rollBack({
        pipeline,
        environment: 'production',
        to: '1.0',
        by: maria,
      });
      assert.ok(begun.ok);
      await world.clock.drive(Promise.race([begun.value.done, process.died]));
    }, /This process/);
    const resumed = await createEngine(world.ports).resume('run-2', undefined, maria);
    assert.ok(resumed.ok, `killed after ${crashAfter} of ${total} events`);
    const state = await world.clock.drive(resumed.value.done);
    assert.equal(state.outcome, 'rolled-back', `killed after ${crashAfter} of ${total} events`);
    assert.deepEqual(runsOn(world), [oldRelease.id, oldRelease.id, oldRelease.id]);
  }
});
