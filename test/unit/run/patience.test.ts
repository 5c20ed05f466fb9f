// A store that is locked for a while holds a run up without blocking anything; one that stays locked stops it, with its
// nodes named.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngine } from '../../../src/engine.ts';
import { StoreError, succeed, type Result } from '../../../src/model/failure.ts';
import type { History } from '../../../src/model/history.ts';
import type { RunEvent } from '../../../src/model/runs/runEvents.ts';
import { createWorld, maria, type World } from './worldFixture.ts';
import { canaryStage, newRelease, pipelineOf } from './worldPipeline.ts';

const writing = [
  'append',
  'record',
  'setNodes',
  'saveReport',
  'saveEvidence',
  'saveLearned',
  'saveRelease',
  'createRun',
  'claim',
  'acquireLease',
  'renewLease',
  'releaseLease',
  'instruct',
  'pin',
  'unpin',
  'takeOver',
] as const satisfies readonly (keyof History)[];

/** From now on another process writes; what is read meanwhile is what was there before. */
function lock(world: World): { unlock(): void; readonly refused: () => number } {
  const { history } = world.ports;
  const own = Object.fromEntries(writing.map(name => [name, history[name]]));
  let refused = 0;
  const isLocked = (): never => {
    refused++;
    throw new StoreError({ kind: 'store', message: 'The history is locked.', hint: 'End the other process.' }, true);
  };
  Object.assign(history, Object.fromEntries(writing.map(name => [name, isLocked])));
  return { unlock: () => Object.assign(history, own), refused: () => refused };
}

/** At each kind of event for so long. */
async function lockAt(
  context: Parameters<typeof createWorld>[0],
  type: RunEvent['type'],
  forMs: number,
): Promise<{ readonly world: World; readonly outcome: string | undefined; readonly refused: number }> {
  const world = createWorld(context);
  let held: ReturnType<typeof lock> | undefined;
  world.when(
    event => event.type === type,
    () => {
      held = lock(world);
      void world.clock.sleep(forMs).then(held.unlock);
    },
  );
  const { outcome } = await world.run();
  return { world, outcome, refused: held?.refused() ?? 0 };
}

for (const type of ['stage-started', 'hook-intended', 'nodes-changed', 'verification-started', 'decided'] as const)
  test(`a store that is locked for ten seconds after '${type}' costs ten seconds and nothing else`, async context => {
    const { world, outcome, refused } = await lockAt(context, type, 10_000);
    assert.equal(outcome, 'promoted');
    assert.ok(refused > 3, 'it was tried again and again');
    assert.ok([...world.nodes.entries()].every(([node, id]) => !node.startsWith('p') || id === newRelease.id));
    const events = world.events();
    assert.deepEqual(
      events.map(({ seq }) => seq),
      events.map((_, index) => index + 1),
    );
    assert.equal(new Set(world.started).size, world.started.length, 'no hook ran twice');
  });

test('no hook begins before its intent is in the store', async context => {
  const world = createWorld(context);
  const begun: string[] = [];
  world.when(
    event => event.type === 'phase-started',
    () => {
      const held = lock(world);
      void world.clock.sleep(5_000).then(() => {
        begun.push(...world.started);
        held.unlock();
      });
    },
  );
  assert.equal((await world.run()).outcome, 'promoted');
  assert.deepEqual(begun, []);
});

test('a store that stays locked stops the run after half a minute, with its nodes named', async context => {
  const world = createWorld(context);
  let held: ReturnType<typeof lock> | undefined;
  world.when(
    event => event.type === 'verification-started' && event.key === 'Production/1',
    () => {
      held = lock(world);
    },
  );
  const sinceMs = world.clock.now();
  const stopped = await world.run();
  assert.equal(stopped.outcome, undefined);
  assert.match(stopped.stopped!.message, /The history is locked\. Version 2\.0 stays on p1 and p2\.$/);
  assert.match(stopped.stopped!.hint!, /^End the other process\. Then resume the run: backstop resume \d+$/);
  assert.ok(world.clock.now() - sinceMs < 120_000);
  held?.unlock();
  const ended = await world.run({ runId: 'run-1', resumed: true });
  assert.equal(ended.outcome, 'promoted');
});

test('a run whose first event could not be stored never began, and nobody is told to resume it', async context => {
  const world = createWorld(context);
  const engine = createEngine(world.ports);
  const { history } = world.ports;
  const { append } = history;
  Object.assign(history, {
    append() {
      throw new StoreError({ kind: 'store', message: 'The disk is full.', hint: 'Free some space.' }, true);
    },
  });
  const started = await world.clock.drive(
    engine.start({ pipeline: pipelineOf(canaryStage), inputs: {}, version: '2.0', by: maria }),
  );
  assert.ok(started.ok);
  const { stopped } = await world.clock.drive(started.value.done);
  assert.match(stopped!.message, /The disk is full\. No node was changed by this run\.$/);
  assert.equal(stopped!.hint, 'Free some space. Then start a new run: backstop run');
  Object.assign(history, { append });
  const resumed = await engine.resume(started.value.runId, undefined, maria);
  assert.ok(!resumed.ok);
  assert.equal(resumed.failure.message, 'Run #1 never began: nothing was done for it.');
  assert.deepEqual(world.started, []);
});

test('a run whose last events wait for room in the journal gives its environment to nobody before', async context => {
  const world = createWorld(context);
  const { history } = world.ports;
  const { append } = history;
  const passed = (event: RunEvent): boolean => event.type === 'verification-finished' && event.key === 'Production/2';
  world.when(passed, () => {
    Object.assign(history, {
      append(...given: Parameters<typeof append>) {
        if (given[0] === 'run-1') throw new StoreError({ kind: 'store', message: 'The disk is full.' }, true);
        append(...given);
      },
    });
    void world.clock.sleep(10_000).then(() => Object.assign(history, { append }));
  });
  const [first, second] = await Promise.all([world.run(), world.run()]);
  assert.deepEqual([first.outcome, second.outcome], ['promoted', 'promoted']);
  const [ended, began] = [world.events('run-1'), world.events('run-2')].map(events =>
    events.map(event => `${event.type} ${event.at}`),
  );
  assert.match(ended!.at(-1)!, /^run-finished/);
  const takenAt = world.events('run-2').find(event => event.type === 'stage-started')!.at;
  assert.ok(takenAt >= world.events('run-1').find(passed)!.at + 10_000, began!.slice(0, 4).join());
});

test('a run is started and told something while the store is locked for a moment', async context => {
  const world = createWorld(context);
  const engine = createEngine(world.ports);
  const whileLocked = <T>(asked: () => Promise<T>): Promise<T> => {
    const held = lock(world);
    void world.clock.sleep(2_000).then(held.unlock);
    return world.clock.drive(asked());
  };
  const started = await whileLocked(() =>
    engine.start({ pipeline: pipelineOf(canaryStage), inputs: {}, version: '2.0', by: maria }),
  );
  assert.ok(started.ok);
  assert.equal(started.value.number, 1);
  const told = await whileLocked(() =>
    engine.instruct(started.value.runId, { type: 'cancel', by: maria, at: world.clock.now() }),
  );
  assert.ok(told.ok, JSON.stringify(told));
  assert.equal((await world.clock.drive(started.value.done)).outcome, 'cancelled');
});

test('pins, marks and instructions wait for a locked store; one that stays locked is the answer', async context => {
  const world = createWorld(context);
  const { history } = world.ports;
  let text: string | undefined;
  const feedback = {
    read: () => succeed(text),
    replace: (_: string | undefined, changed: string | undefined) => {
      text = changed;
      return succeed(undefined);
    },
  };
  const engine = createEngine({ ...world.ports, feedback });
  await world.run();
  Object.assign(history, { keptEnvironments: () => ['production'] });
  await world.run({ runId: 'run-2', crashAfter: 4 }).catch(() => undefined);
  const asks: Readonly<Record<string, () => Promise<Result<unknown>>>> = {
    pin: () => engine.pin({ runId: 'run-1', by: maria }),
    unpin: () => engine.unpin({ runId: 'run-1', by: maria }),
    mark: () =>
      engine.mark({
        runId: 'run-1',
        cluster: { key: 'k', template: 'a' },
        mark: 'risk',
        reason: 'Data loss',
        by: maria,
      }),
    unmark: () => engine.unmark({ runId: 'run-1', cluster: { key: 'k', template: 'a' }, by: maria }),
    hold: () => engine.instruct('run-2', { type: 'hold', by: maria, at: world.clock.now() }),
  };
  for (const [name, ask] of Object.entries(asks)) {
    const held = lock(world);
    void world.clock.sleep(5_000).then(held.unlock);
    const answer = await world.clock.drive(ask());
    assert.ok(answer.ok, `${name}: ${JSON.stringify(answer)}`);
    assert.ok(held.refused() > 3, `${name} was tried again and again`);
  }
  const told = world.events().flatMap(event => (event.type === 'feedback-given' ? [event.mark] : []));
  assert.deepEqual(told, ['risk', undefined]);
  const held = lock(world);
  const answers = await Promise.all([asks['pin']!, asks['mark']!, asks['hold']!].map(ask => world.clock.drive(ask())));
  held.unlock();
  assert.deepEqual(
    answers.map(answer => (answer.ok ? 'ok' : answer.failure.message)),
    [
      'The history is locked.',
      '.backstop/feedback.yaml was changed, but the run has no record of it: The history is locked.',
      'The history is locked.',
    ],
  );
});

test('what people say while the store cannot be read is heard once it can', async context => {
  const world = createWorld(context);
  const { history } = world.ports;
  const { instructions } = history;
  world.when(
    event => event.type === 'verification-started' && event.key === 'Production/1',
    runId => {
      world.instruct(runId, { type: 'rollback', by: maria });
      Object.assign(history, {
        instructions() {
          throw new StoreError({ kind: 'store', message: 'The history is locked.' }, true);
        },
      });
      void world.clock.sleep(2_000).then(() => Object.assign(history, { instructions }));
    },
  );
  assert.equal((await world.run()).outcome, 'rolled-back');
});
