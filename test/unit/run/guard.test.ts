// No blind gap: what the canary shows while other nodes are upgraded, while people are waited for and between two
// stages is acted on.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CanaryStage } from '../../../src/model/pipeline.ts';
import type { RunEvent } from '../../../src/model/runs/runEvents.ts';
import { tell } from './runLines.ts';
import { createWorld, jonas, maria, type Script, type World } from './worldFixture.ts';
import { canaryStage, newRelease, oldRelease, pipelineOf } from './worldPipeline.ts';

const failsNow: Script = { looks: ['fail'], overAt: 100 };
const allOld = (world: World): boolean => [...world.nodes.values()].every(id => id === oldRelease.id);
const decided = (events: readonly RunEvent[]): readonly string[] =>
  events.flatMap(event => (event.type === 'decided' ? [`${event.decision} by ${event.by.name}`] : []));

test(
  'a canary that fails while the other nodes are upgraded stops them, ' + 'and all of them are brought back',
  async context => {
    const world = createWorld(context);
    world.hookOutcomes.set(/Production\/2\/deploy/, 60_000);
    world.scripts.set('guard 2+0', { looks: ['inconclusive', 'inconclusive', 'fail'], overAt: 100 });
    const state = await world.run();
    assert.equal(state.outcome, 'rolled-back');
    assert.ok(allOld(world));
    assert.deepEqual(tell(world.events()).slice(-6), [
      'decided rollback by policy',
      'rollback 2.0 -> 1.0 on p1 p2 p3 p4 p5 p6 p7 p8 p9 p10',
      'ledger production rolled-back',
      'proven',
      'stage Production rolled-back',
      'run rolled-back',
    ]);
    assert.match(state.failure!.message, /Production failed its verification while its next nodes were upgraded/);
  },
);

test('its evidence begins where that of the phase before ended', async context => {
  const world = createWorld(context);
  await world.run();
  const end = world.events().find(event => event.type === 'phase-finished');
  const [guard] = world.guards;
  assert.ok(end && guard);
  assert.ok(guard.canarySinceMs <= end.at, 'no gap');
  assert.deepEqual([guard.canaryNodes, guard.baselineNodes], [['p1', 'p2'], []]);
  assert.ok(guard.canarySinceMs >= world.told[0]!.canarySinceMs, 'nor what was before the canary settled');
});

test('one that fails while the next phase settles or verifies rolls back too', async context => {
  for (const looks of [3, 4, 5]) {
    const world = createWorld(context);
    world.scripts.set('guard 2+0', {
      looks: [...Array.from({ length: looks }, () => 'inconclusive' as const), 'fail'],
      overAt: 100,
    });
    world.scripts.set('10+0', { looks: ['inconclusive'], overAt: 1_000 });
    const state = await world.run();
    assert.equal(state.outcome, 'rolled-back', `at look ${looks}`);
    assert.ok(allOld(world));
  }
});

test('a person who is to be asked is asked when the nodes are whole, and what is said counts', async context => {
  const asking: CanaryStage = { ...canaryStage, onFailure: { kind: 'ask', forMs: 60_000 } };
  for (const word of ['promote', 'rollback'] as const) {
    const world = createWorld(context);
    world.scripts.set('guard 2+0', failsNow);
    world.when(
      event => event.type === 'asked',
      runId => world.instruct(runId, { type: word, by: jonas }),
    );
    const state = await world.run({ pipeline: pipelineOf(asking) });
    assert.equal(state.outcome, word === 'promote' ? 'promoted' : 'rolled-back');
    const unknown = world.history.nodes('shop', 'production').filter(node => node.release === null);
    assert.deepEqual(unknown, [], 'no node is left half-way');
    assert.ok(decided(world.events()).includes(`${word === 'promote' ? 'continue' : 'rollback'} by jonas`));
  }
});

test('where failures are to be ignored, or the canary to stop where it is, no upgrade is broken off', async context => {
  for (const [kind, outcome] of [
    ['ignore', 'promoted'],
    ['stop', 'failed'],
  ] as const) {
    const world = createWorld(context);
    world.scripts.set('guard 2+0', failsNow);
    const state = await world.run({ pipeline: pipelineOf({ ...canaryStage, onFailure: { kind } }) });
    assert.equal(state.outcome, outcome);
    assert.ok([...world.nodes].filter(([node]) => node.startsWith('p')).every(([, id]) => id === newRelease.id));
  }
});

test('a load test has no load between its phases, and is not judged there', async context => {
  const world = createWorld(context);
  const verification = { ...canaryStage.verification, baseline: 'pinned' as const };
  await world.run({ pipeline: pipelineOf({ ...canaryStage, verification }) });
  assert.deepEqual(world.guards, []);
});

const first: CanaryStage = { ...canaryStage, name: 'First', phases: canaryStage.phases.slice(0, 1) };
const second: CanaryStage = { ...canaryStage, name: 'Second', phases: canaryStage.phases.slice(1) };
const gate = {
  kind: 'approval',
  name: 'Go?',
  message: 'Go?',
  approvers: [],
  minimum: 1,
  starterMayApprove: true,
  commentRequired: false,
  inputs: [],
  timeoutMs: 600_000,
  onTimeout: 'reject',
} as const;

test('rejecting after an earlier canary stage brings its nodes back, and says so', async context => {
  for (const say of [true, false]) {
    const world = createWorld(context);
    if (say)
      world.when(
        event => event.type === 'asked',
        runId => world.instruct(runId, { type: 'reject', by: maria }),
      );
    const state = await world.run({ pipeline: pipelineOf(first, gate, second) });
    assert.equal(state.outcome, 'rejected', say ? 'by a person' : 'by silence');
    assert.ok(allOld(world));
    assert.deepEqual(
      state.groups.map(([stage]) => stage!.status),
      ['rolled-back', 'rejected', 'pending'],
    );
    assert.ok(state.groups[0]![0]!.rollback?.provenAtMs);
  }
});

test('cancelling while it waits between two canary stages brings the nodes of the first back', async context => {
  const world = createWorld(context);
  world.when(
    event => event.type === 'asked',
    runId => world.instruct(runId, { type: 'cancel', by: maria }),
  );
  const state = await world.run({ pipeline: pipelineOf(first, gate, second) });
  assert.equal(state.outcome, 'cancelled');
  assert.ok(allOld(world));
});

test(
  'a canary that fails while a person is waited for is brought back at once, ' + 'and nobody is asked any more',
  async context => {
    const world = createWorld(context);
    world.scripts.set('guard 2+8', { looks: ['inconclusive', 'inconclusive', 'fail'], overAt: 100 });
    const state = await world.run({ pipeline: pipelineOf(first, gate, second) });
    assert.equal(state.outcome, 'rolled-back');
    assert.ok(allOld(world));
    const asked = world.events().find(event => event.type === 'asked')!.at,
      back = world.events().find(event => event.type === 'rollback-finished')!.at;
    assert.ok(back - asked < 10_000, 'within seconds, not when the approval ends');
    assert.ok(tell(world.events()).includes('closed overtaken'));
  },
);

test('an approved second stage takes all nodes, and the environment is nobody else’s meanwhile', async context => {
  const world = createWorld(context);
  world.when(
    event => event.type === 'asked',
    runId => {
      assert.equal(world.history.acquireLease('shop/production', 'other', 30_000).held, false);
      void world.clock.sleep(120_000).then(() => {
        assert.equal(world.history.acquireLease('shop/production', 'other', 30_000).held, false);
        world.instruct(runId, { type: 'approve', by: maria });
      });
    },
  );
  const state = await world.run({ pipeline: pipelineOf(first, gate, second) });
  assert.equal(state.outcome, 'promoted');
  assert.ok([...world.nodes].filter(([node]) => node.startsWith('p')).every(([, id]) => id === newRelease.id));
  assert.equal(world.history.acquireLease('shop/production', 'other', 30_000).held, true, 'given back at the end');
});

test(
  'killed after any event of a story that is rejected between two canary stages, ' + 'the nodes are brought back',
  async context => {
    const pipeline = pipelineOf(first, gate, second);
    const small = {
      ...pipeline,
      environments: {
        ...pipeline.environments,
        production: { name: 'production', nodes: ['p1', 'p2', 'p3'], whenBusy: 'queue' as const },
      },
    };
    const play = async (crashAfter?: number): Promise<World> => {
      const world = createWorld(context);
      world.when(
        event => event.type === 'asked',
        runId => world.instruct(runId, { type: 'reject', by: maria }),
      );
      const run = world.run({ runId: 'run-1', pipeline: small, ...(crashAfter !== undefined && { crashAfter }) });
      if (crashAfter === undefined) await run;
      else await assert.rejects(run, /This process/);
      return world;
    };
    const whole = await play();
    const total = whole.events().length;
    for (let crashAfter = 1; crashAfter < total; crashAfter++) {
      const world = await play(crashAfter);
      const state = await world.run({ runId: 'run-1', pipeline: small, resumed: true });
      assert.equal(state.outcome, 'rejected', `killed after ${crashAfter} of ${total} events`);
      assert.ok(allOld(world), `killed after ${crashAfter} of ${total} events`);
      assert.deepEqual([...world.started].sort(), [...whole.started].sort(), `killed after ${crashAfter} events`);
    }
  },
);
