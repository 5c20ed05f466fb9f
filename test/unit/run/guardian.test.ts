// Nobody comes back: the guardian of a run waits as long as anybody runs it, and then brings its environment into the
// state that the pipeline says.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { StoreError, type Failure } from '../../../src/model/failure.ts';
import type { Pipeline, Stage, Unattended } from '../../../src/model/pipeline.ts';
import { guardLease, type History } from '../../../src/model/history.ts';
import type { GuardEnd } from '../../../src/model/runs/guard.ts';
import { guardRun } from '../../../src/run/ownership/guardian.ts';
import { createWorld, failsAtOnce, type World } from './worldFixture.ts';
import { canaryStage, deployStage, newRelease, oldRelease, pipelineOf } from './worldPipeline.ts';

const minutes = 60_000;
const unattended: Unattended = { afterMs: 30 * minutes, act: 'rollback' };

function small(...stages: readonly Stage[]): Pipeline {
  const pipeline = pipelineOf(...stages);
  return {
    ...pipeline,
    environments: {
      ...pipeline.environments,
      production: { name: 'production', nodes: ['p1', 'p2', 'p3'], whenBusy: 'queue' },
    },
  };
}

interface Post {
  readonly world: World;
  /** Times at which it acted, ms since it began. */
  readonly acted: number[];
  /** What stands in the history's place, as far as it is told. */
  readonly told: Partial<History>;
  alive: boolean;
  guard(act?: () => Promise<Failure | undefined>): Promise<GuardEnd>;
}

/** A run that died in its first deploy hook, unless told otherwise, and somebody who guards it. */
async function post(context: TestContext, crashAfter = 8): Promise<Post> {
  const world = createWorld(context);
  await assert.rejects(world.run({ runId: 'run-1', pipeline: small(canaryStage), crashAfter }), /This process/);
  const beganMs = world.clock.monotonicMs();
  const acted: number[] = [];
  const told: Partial<History> = {};
  const self: Post = {
    world,
    acted,
    told,
    alive: false,
    guard: (act = () => Promise.resolve(undefined)) =>
      guardRun(
        { clock: world.clock, history: { ...world.history, isRunning: () => self.alive, ...told } },
        {
          runId: 'run-1',
          unattended,
          signal: new AbortController().signal,
          act() {
            acted.push(world.clock.monotonicMs() - beganMs);
            return act();
          },
        },
      ),
  };
  return self;
}

/** Ends it, as whoever resumes it would. */
function endRun({ world }: Post): Promise<undefined> {
  const { history, clock } = world;
  const seq = history.events('run-1').at(-1)!.seq + 1;
  history.append('run-1', [{ type: 'run-finished', outcome: 'rolled-back', seq, at: clock.now() }]);
  return Promise.resolve(undefined);
}

test(
  'it acts once nobody has run the run for the time that the pipeline gives, says until when it waits, ' +
    'and ends with it',
  async context => {
    const guarded = await post(context);
    const { world } = guarded;
    const beganMs = world.clock.now();
    const working = guarded.guard(() => endRun(guarded));
    await world.clock.drive(world.clock.sleep(5_000));
    assert.deepEqual(world.history.guard('run-1'), { ...unattended, dueAtMs: beganMs + unattended.afterMs });
    assert.deepEqual(await world.clock.drive(working), { kind: 'ended' });
    assert.deepEqual(guarded.acted, [unattended.afterMs]);
    assert.equal(world.history.guard('run-1'), undefined);
  },
);

test('it never acts while somebody runs the run, and whoever comes back has the whole time again', async context => {
  const guarded = await post(context);
  const { world } = guarded;
  guarded.alive = true;
  const working = guarded.guard(() => endRun(guarded));
  await world.clock.drive(world.clock.sleep(60 * minutes));
  assert.deepEqual(guarded.acted, []);
  assert.deepEqual(world.history.guard('run-1'), unattended, 'nothing is due');
  guarded.alive = false;
  await world.clock.drive(world.clock.sleep(29 * minutes));
  guarded.alive = true;
  await world.clock.drive(world.clock.sleep(minutes));
  guarded.alive = false;
  await world.clock.drive(world.clock.sleep(29 * minutes));
  assert.deepEqual(guarded.acted, []);
  await world.clock.drive(working);
  assert.equal(guarded.acted.length, 1);
  assert.ok(guarded.acted[0]! >= 120 * minutes);
});

test('a clock that is set, or a machine that sleeps, takes nobody their time', async context => {
  const guarded = await post(context);
  const { world } = guarded;
  const working = guarded.guard(() => endRun(guarded));
  await world.clock.drive(world.clock.sleep(5_000));
  world.clock.set(24 * 60 * minutes);
  await world.clock.drive(world.clock.sleep(5_000));
  assert.deepEqual(guarded.acted, []);
  await world.clock.drive(working);
  assert.deepEqual(guarded.acted, [unattended.afterMs]);
});

test('a run of which nothing is at stake is left to whoever comes back, however late', async context => {
  const untouched = await post(context, 1);
  assert.deepEqual(await untouched.world.clock.drive(untouched.guard()), { kind: 'safe' });
  assert.deepEqual(untouched.acted, []);
});

test('a run has one guardian, and a person can switch it off', async context => {
  const guarded = await post(context);
  const { world } = guarded;
  const other = { ...world.history, acquireLease: () => ({ held: false as const, by: 'another process' }) };
  const second = guardRun(
    { clock: world.clock, history: other },
    { runId: 'run-1', unattended, signal: new AbortController().signal, act: () => assert.fail('it is guarded') },
  );
  assert.deepEqual(await world.clock.drive(second), { kind: 'guarded' });
  const working = guarded.guard();
  await world.clock.drive(world.clock.sleep(5_000));
  world.history.noteGuard('run-1', { act: 'nothing', afterMs: 0 });
  assert.deepEqual(await world.clock.drive(working), { kind: 'guarded' });
  assert.deepEqual(guarded.acted, []);
  assert.equal(world.history.acquireLease(guardLease('run-1'), 'other', 1).held, true, 'its place is free');
});

test('a store that was rebuilt, and does not know of it any more, is told again', async context => {
  const guarded = await post(context);
  const { world } = guarded;
  const working = guarded.guard(() => endRun(guarded));
  await world.clock.drive(world.clock.sleep(5_000));
  world.history.noteGuard('run-1', undefined);
  world.history.releaseLease(guardLease('run-1'), 'run-1');
  await world.clock.drive(world.clock.sleep(5_000));
  assert.equal(world.history.guard('run-1')?.act, 'rollback');
  assert.deepEqual(await world.clock.drive(working), { kind: 'ended' });
});

test('a store that is out of reach is waited for, and one that never comes back ends it', async context => {
  const guarded = await post(context);
  const { world, told } = guarded;
  const failure: Failure = { kind: 'store', message: 'The history is locked.' };
  told.findRun = () => {
    throw new StoreError(failure);
  };
  const lost = guarded.guard();
  assert.deepEqual(await world.clock.drive(lost), { kind: 'lost', failure });
  const untilMs = world.clock.monotonicMs() + 5 * minutes;
  told.findRun = id => {
    if (world.clock.monotonicMs() < untilMs) throw new StoreError(failure);
    return world.history.findRun(id);
  };
  world.history.releaseLease(guardLease('run-1'), 'run-1');
  assert.deepEqual(await world.clock.drive(guarded.guard(() => endRun(guarded))), { kind: 'ended' });
  assert.equal(guarded.acted.length, 1);
});

test(
  'what cannot be resumed is tried again some times; ' + 'what somebody else has resumed is left to them',
  async context => {
    const failure: Failure = { kind: 'not-found', message: 'The pipeline is gone.' };
    const broken = await post(context);
    assert.deepEqual(await broken.world.clock.drive(broken.guard(() => Promise.resolve(failure))), {
      kind: 'failed',
      failure,
    });
    assert.equal(broken.acted.length, 5);
    const taken = await post(context);
    const working = taken.guard(() => {
      taken.alive = true;
      return Promise.resolve({ kind: 'refused', message: 'It is under way in another process.' });
    });
    await taken.world.clock.drive(taken.world.clock.sleep(40 * minutes));
    assert.equal(taken.acted.length, 1);
    await endRun(taken);
    assert.deepEqual(await taken.world.clock.drive(working), { kind: 'ended' });
  },
);

const pipeline = small(deployStage, canaryStage);
/** The world of a run that died after so many events, and one that did not die. */
async function killed(context: TestContext, crashAfter: number, prepare?: (world: World) => void): Promise<World> {
  const world = createWorld(context);
  prepare?.(world);
  await assert.rejects(world.run({ runId: 'run-1', pipeline, crashAfter }), /This process/);
  return world;
}
async function countEvents(context: TestContext): Promise<{ readonly total: number; readonly decided: number }> {
  const whole = createWorld(context);
  await whole.run({ pipeline });
  const events = whole.events();
  return { total: events.length, decided: events.findLastIndex(event => event.type === 'decided') };
}
const production = ['p1', 'p2', 'p3'];
const runsOn = (world: World): readonly (string | undefined)[] => production.map(node => world.nodes.get(node));
const known = (world: World): readonly (string | null)[] =>
  world.history.nodes('shop', 'production').flatMap(one => (production.includes(one.node) ? [one.release] : []));

test(
  'rollback: killed after any event, every node of the environment is on the last working release, ' +
    'and the ledger says so',
  async context => {
    const { total } = await countEvents(context);
    for (let crashAfter = 1; crashAfter < total; crashAfter++) {
      const world = await killed(context, crashAfter);
      const state = await world.run({ runId: 'run-1', pipeline, unattended });
      const at = `killed after ${crashAfter} of ${total} events`;
      const hadEnded = state.groups.flat().every(({ status }) => status === 'passed');
      const expected = hadEnded ? newRelease.id : oldRelease.id;
      assert.deepEqual(runsOn(world), [expected, expected, expected], at);
      assert.deepEqual(known(world), [expected, expected, expected], at);
      assert.match(state.outcome!, hadEnded ? /promoted/ : /rolled-back|cancelled/, at);
      if (!hadEnded) assert.match(state.failure!.message, /^No one resumed this run within 30 min/, at);
      const standing = world.history.ledger('shop', 'production').findLast(one => one.release === newRelease.id);
      assert.notEqual(standing?.standing, 'deploying', at);
    }
  },
);

test('hold: killed after any event, no further node is touched, and the run ends where it stands', async context => {
  const { total, decided } = await countEvents(context);
  for (let crashAfter = 1; crashAfter <= decided; crashAfter++) {
    const world = await killed(context, crashAfter);
    const before = world.started.length;
    const state = await world.run({ runId: 'run-1', pipeline, unattended: { ...unattended, act: 'hold' } });
    const at = `killed after ${crashAfter} of ${total} events`;
    assert.equal(state.outcome, 'held', at);
    // One that was about to be started when the process died is: it was promised.
    const begun = world.events().filter(event => event.type === 'hook-intended');
    const resumedAt = world.events().find(event => event.type === 'run-resumed')!.seq;
    const later = begun.filter(event => event.seq > resumedAt && event.call.purpose !== 'check');
    assert.deepEqual(later, [], at);
    assert.ok(world.started.length - before <= 3, at);
    const nodes = known(world);
    assert.deepEqual(
      nodes.map((release, index) => release === null || release === runsOn(world)[index]),
      [true, true, true],
      at,
    );
  }
});

test(
  'promote-never: what passes is held on the nodes that it runs on, ' + 'and what fails is rolled back',
  async context => {
    const { total, decided } = await countEvents(context);
    for (let crashAfter = 12; crashAfter <= decided; crashAfter += 3) {
      const at = `killed after ${crashAfter} of ${total} events`;
      const act = { ...unattended, act: 'promote-never' } as const;
      const world = await killed(context, crashAfter);
      const phases = world.events().filter(event => event.type === 'phase-started').length;
      const state = await world.run({ runId: 'run-1', pipeline, unattended: act });
      assert.equal(state.outcome, 'held', at);
      assert.equal(world.events().filter(event => event.type === 'phase-started').length, phases, at);
      const failing = await killed(context, crashAfter);
      failing.scripts.set('1+2', failsAtOnce).set('3+0', failsAtOnce);
      const bad = await failing.run({ runId: 'run-1', pipeline, unattended: act });
      if (bad.outcome === 'rolled-back')
        assert.deepEqual(runsOn(failing), [oldRelease.id, oldRelease.id, oldRelease.id]);
      else {
        // Of what was judged already, or was never deployed, there is nothing more to judge.
        const events = failing.events();
        const failed = events.some(event => event.type === 'looked' && event.report.outcome === 'fail');
        assert.ok(bad.outcome === 'held' && !failed, `${at}: ${bad.outcome}`);
      }
    }
  },
);

test(
  'a person who resumes what a guardian had begun is obeyed again, ' + 'but a rollback that was decided is finished',
  async context => {
    const { total } = await countEvents(context);
    const world = await killed(context, Math.floor(total / 2));
    await assert.rejects(
      world.run({ runId: 'run-1', pipeline, unattended: { ...unattended, act: 'hold' }, crashAfter: 1 }),
      /This process/,
    );
    assert.equal((await world.run({ runId: 'run-1', pipeline, resumed: true })).outcome, 'promoted');
    const decided = await killed(context, Math.floor(total / 2));
    await assert.rejects(decided.run({ runId: 'run-1', pipeline, unattended, crashAfter: 6 }), /This process/);
    assert.ok(decided.events().some(event => event.type === 'decided' && event.decision === 'rollback'));
    assert.equal((await decided.run({ runId: 'run-1', pipeline, resumed: true })).outcome, 'rolled-back');
    assert.deepEqual(runsOn(decided), [oldRelease.id, oldRelease.id, oldRelease.id]);
  },
);
