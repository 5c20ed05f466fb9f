// A clock that is set, a machine that sleeps: it is told, it costs evidence, and it never gives any.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tellJumps, watchClock } from '../../../src/run/ownership/clockWatch.ts';
import { startVerification } from '../../../src/verify/loop.ts';
import { succeed } from '../../../src/model/failure.ts';
import { createVirtualClock } from '../../fakes/virtualClock.ts';
import { tell } from './runLines.ts';
import { createWorld, failsAtOnce, maria, passes } from './worldFixture.ts';
import { canaryStage, newRelease, oldRelease, pipelineOf } from './worldPipeline.ts';

const hourMs = 3_600_000;

for (const [what, byMs] of [
  ['set forward by an hour', hourMs],
  ['set back by ten minutes', -600_000],
  ['stopped by a sleep of ten seconds', 10_000],
] as const)
  test(`a clock that is ${what} in a verification is told, and the verification begins anew`, async context => {
    const world = createWorld(context);
    world.when(
      event => event.type === 'looked' && event.key === 'Production/1',
      () => world.clock.set(byMs),
    );
    const state = await world.run();
    assert.equal(state.outcome, 'promoted');
    const events = world.events();
    const jump = events.find(event => event.type === 'clock-jumped');
    assert.ok(jump?.type === 'clock-jumped' && Math.abs(jump.byMs - byMs) < 10);
    const looks = events.flatMap(event => (event.type === 'looked' ? [[event.key, event.report.outcome]] : []));
    const first = looks.filter(([key]) => key === 'Production/1').map(([, outcome]) => outcome);
    assert.deepEqual(new Set(first), new Set(['inconclusive']), 'what was seen across the jump decides nothing');
    const again = looks.filter(([key]) => key === 'Production/1/again-1');
    assert.ok(again.length >= passes.looks.length, 'the whole window once more');
    assert.equal(world.told.length, 3, 'phase 1 twice, phase 2 once');
    assert.ok(world.told[1]!.canarySinceMs >= jump.at - 2_000, 'with a window that begins after the jump');
  });

test('a clock that is set between two looks never lets the second one pass', async context => {
  const world = createWorld(context);
  world.scripts.set('2+8', { looks: ['inconclusive', 'pass'], overAt: 2 });
  world.when(
    event => event.type === 'looked' && event.key === 'Production/1',
    () => world.clock.set(hourMs),
  );
  await world.run();
  const decided = world.events().find(event => event.type === 'decided');
  const passed = world
    .events()
    .find(
      event =>
        event.type === 'looked' &&
        event.key.startsWith('Production/1') &&
        event.key !== 'Production/1/start-up' &&
        event.report.outcome === 'pass',
    );
  assert.ok(passed?.type === 'looked' && passed.key === 'Production/1/again-1');
  assert.ok(decided && decided.seq > passed.seq);
});

test('a failure that is measured after the jump rolls back all the same', async context => {
  const world = createWorld(context);
  world.scripts.set('2+8', failsAtOnce);
  world.when(
    event => event.type === 'looked' && event.key === 'Production/1',
    () => world.clock.set(-600_000),
  );
  const state = await world.run();
  assert.equal(state.outcome, 'rolled-back');
  assert.ok([...world.nodes.values()].every(id => id === oldRelease.id));
});

test('a clock set back does not make a person unheard', async context => {
  const world = createWorld(context);
  world.scripts.set('2+8', { looks: ['inconclusive'], overAt: 1_000 });
  world.when(
    event => event.type === 'looked' && event.key === 'Production/1',
    runId => {
      world.clock.set(-hourMs);
      void world.clock.sleep(500).then(() => world.instruct(runId, { type: 'rollback', by: maria }));
    },
  );
  const state = await world.run();
  assert.equal(state.outcome, 'rolled-back');
  assert.ok(tell(world.events()).includes('decided rollback by maria'));
});

test('a proof across a jump is taken anew, and proves nothing by itself', async context => {
  const world = createWorld(context);
  world.scripts.set('2+8', failsAtOnce);
  world.when(
    event => event.type === 'looked' && event.key === 'Production/proof',
    () => world.clock.set(hourMs),
  );
  await world.run();
  const finished = world
    .events()
    .flatMap(event => (event.type === 'verification-finished' ? [`${event.key} ${event.report.outcome}`] : []));
  assert.ok(finished.includes('Production/proof inconclusive'), finished.join());
  assert.ok(finished.includes('Production/proof/again-1 pass'), finished.join());
});

test('nothing is learned or kept of a verification across a jump', async context => {
  const world = createWorld(context);
  const pipeline = pipelineOf({ ...canaryStage, phases: canaryStage.phases.slice(0, 1) });
  world.when(
    event => event.type === 'decided' && event.decision === 'promote',
    () => world.clock.set(hourMs),
  );
  await world.run({ pipeline });
  assert.equal(world.history.evidence('run-1', 'production', 'Production/1'), undefined);
  assert.equal(world.nodes.get('p1'), newRelease.id);
});

test('what a clock is slewed by is no jump, a step of five seconds is', async () => {
  const clock = createVirtualClock();
  const watch = watchClock(clock);
  await clock.drive(clock.sleep(hourMs));
  clock.set(2_500);
  assert.equal(watch.jumpedByMs(), 0, 'an hour at 700 in a million');
  clock.set(5_000);
  assert.equal(watch.jumpedByMs(), 7_500);
});

test('each jump is told once', async () => {
  const clock = createVirtualClock();
  const told: number[] = [],
    end = new AbortController();
  const telling = tellJumps(clock, end.signal, byMs => told.push(byMs));
  await clock.drive(clock.sleep(10_500));
  clock.set(60_000);
  await clock.drive(clock.sleep(10_000));
  clock.set(-60_000);
  await clock.drive(clock.sleep(10_000));
  end.abort();
  await clock.drive(telling);
  assert.deepEqual(told, [60_000, -60_000]);
});

test('the loop looks on at its interval and ends after its window, however the clock is set', async () => {
  for (const byMs of [hourMs, -600_000]) {
    const clock = createVirtualClock();
    const looks: { readonly atMs: number; readonly over: boolean }[] = [];
    const fromMs = clock.monotonicMs();
    const settings = {
      sensitivity: 'medium',
      canaryNodes: ['c'],
      baselineNodes: ['b'],
      baselineKind: 'existing',
      canarySinceMs: clock.now() + 1_000,
      beforeFromMs: 0,
      beforeToMs: 0,
      intervalMs: 1_000,
      durationMs: 20_000,
      trafficWeight: 1,
      sources: [],
    } as const;
    const session = {
      ingest: () => Promise.resolve(succeed({ rows: 0 })),
      look: ({ atMs }: { readonly atMs: number }) =>
        Promise.resolve(
          succeed({
            report: { outcome: 'inconclusive' as const, checks: [], startedAtMs: 0, lookedAtMs: atMs, looks: 0 },
            pages: [],
          }),
        ),
      setFeedback: () => Promise.resolve(succeed(undefined)),
      learn: () => Promise.resolve(succeed({})),
      keep: () => Promise.resolve(succeed(new Uint8Array())),
      close: () => undefined,
    };
    const running = await startVerification(
      {
        settings,
        sources: [],
        feedback: () => [],
        onLook: ({ over }) => looks.push({ atMs: clock.monotonicMs() - fromMs, over }),
      },
      {
        clock,
        healthSources: { describe: () => [], read: () => Promise.resolve(succeed({ queries: [] })) },
        analysis: { close: () => Promise.resolve(), open: () => Promise.resolve(succeed(session as never)) },
      },
      new AbortController().signal,
    );
    assert.ok(running.ok);
    await clock.drive(clock.sleep(5_500));
    clock.set(byMs);
    await clock.drive(clock.sleep(20_000));
    const gaps = looks.slice(1).map(({ atMs }, index) => atMs - looks[index]!.atMs);
    assert.ok(Math.max(...gaps) <= 1_100, `no look for ${Math.max(...gaps)} ms`);
    const overAt = looks.find(({ over }) => over)?.atMs ?? 0;
    assert.ok(overAt >= 21_000, `over after ${overAt} ms`);
    await clock.drive(running.value.finish({ learn: false, keep: false }));
  }
});
