// The feed: runs of whatever process are seen, and nothing is read where nobody looks.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunSummary } from '../../../src/model/history.ts';
import type { RunEvent } from '../../../src/model/runs/runEvents.ts';
import { createRunFeed, neighbourOf, neighboursOf } from '../../../src/host/panel/runFeed.ts';
import { createVirtualClock } from '../../fakes/virtualClock.ts';
import { maria, rolledBackStory, startMs } from '../terminal/stories.ts';

/** The store counts from 1. */
const events: readonly RunEvent[] = rolledBackStory.map((event, index) => ({ ...event, seq: index + 1 }));

function openStore() {
  let shown = 0,
    looks = 0;
  const summary: RunSummary = {
    id: 'run-1',
    number: 1,
    pipeline: 'storefront',
    service: 'storefront',
    by: maria,
    version: '2.14.0',
    inputs: {},
    startedAtMs: startMs,
  };
  return {
    show(count: number): void {
      shown = count;
    },
    looks: () => looks,
    history: {
      isRunning: () => true,
      runs: () => {
        looks += 1;
        return shown === 0
          ? []
          : shown < events.length
            ? [summary]
            : [{ ...summary, outcome: 'rolled-back' as const, finishedAtMs: startMs }];
      },
      events: (_: string, after = 0) => events.slice(after, shown),
    },
  };
}

test('a run of another process appears, moves on and ends, told once for each change', async () => {
  const store = openStore(),
    clock = createVirtualClock();
  let told = 0;
  const feed = createRunFeed({
    history: () => store.history,
    clock,
    isWatched: () => true,
    onBroken: error => assert.fail(String(error)),
  });
  feed.onChange(() => {
    told += 1;
  });
  store.show(3);
  await clock.drive(clock.sleep(2500));
  assert.equal(told, 1);
  assert.equal(feed.openStates()[0]?.lastSeq, 3);
  store.show(events.length);
  await clock.drive(clock.sleep(2500));
  assert.equal(told, 2);
  assert.deepEqual(feed.openStates(), []);
  assert.equal(feed.state('run-1')?.outcome, 'rolled-back');
  feed.dispose();
});

test('without a visible view and an open run the store is left alone', async () => {
  const store = openStore(),
    clock = createVirtualClock();
  const feed = createRunFeed({
    history: () => store.history,
    clock,
    isWatched: () => false,
    onBroken: error => assert.fail(String(error)),
  });
  await clock.drive(clock.sleep(300_000));
  assert.equal(store.looks(), 0);
  feed.dispose();
});

test('an open run is followed even when no view is visible', async () => {
  const store = openStore(),
    clock = createVirtualClock();
  const feed = createRunFeed({
    history: () => store.history,
    clock,
    isWatched: () => false,
    onBroken: error => assert.fail(String(error)),
  });
  store.show(2);
  feed.poke();
  store.show(4);
  await clock.drive(clock.sleep(2500));
  assert.equal(feed.openStates()[0]?.lastSeq, 4);
  feed.dispose();
});

test('a store that breaks is told, and looked at again', async () => {
  const store = openStore(),
    clock = createVirtualClock();
  let broken = 0,
    isBroken = true;
  const feed = createRunFeed({
    clock,
    isWatched: () => true,
    onBroken: () => {
      broken += 1;
    },
    history: () => ({
      ...store.history,
      runs: () => {
        if (isBroken) throw new Error('disk');
        return store.history.runs();
      },
    }),
  });
  store.show(2);
  await clock.drive(clock.sleep(1500));
  isBroken = false;
  await clock.drive(clock.sleep(2500));
  assert.ok(broken >= 1);
  assert.equal(feed.runs().length, 1);
  feed.dispose();
});

test('the next and the previous run are those of the same pipeline of the same repository', () => {
  const run = (id: string, pipeline = 'storefront', identity = 'a'): RunSummary => ({
    id,
    number: 1,
    pipeline,
    service: 'storefront',
    identity,
    by: { name: 'maria', via: 'editor' },
    version: '1',
    inputs: {},
    startedAtMs: 0,
  });
  const runs = [run('4'), run('3', 'other'), run('2', 'storefront', 'b'), run('1')];
  assert.equal(neighbourOf(runs, '4', 1)?.id, '1');
  assert.equal(neighbourOf(runs, '1', -1)?.id, '4');
  assert.equal(neighbourOf(runs, '1', 1), undefined);
  assert.equal(neighbourOf(runs, '4', -1), undefined);
  assert.equal(neighbourOf(runs, 'not listed', 1), undefined);
  const ids = (runId: string) =>
    Object.fromEntries(Object.entries(neighboursOf(runs, runId)).map(([name, run]) => [name, run.id]));
  assert.deepEqual([ids('1'), ids('4'), ids('not listed')], [{ next: '4', latest: '4' }, { previous: '1' }, {}]);
});
