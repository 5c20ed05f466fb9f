// A vendor's limits hold whatever the callers do.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPacer, pacerPerHost } from '../../../src/adapters/httpPacing.ts';
import { createVirtualClock } from '../../fakes/virtualClock.ts';

test('never more than so many starts in any second, and in the order of the calls', async () => {
  const clock = createVirtualClock();
  const pacer = createPacer(clock, { perSecond: 4, concurrent: 8 });
  const startMs = clock.now();
  const starts: number[] = [], order: number[] = [];
  await clock.drive(Promise.all(Array.from({ length: 11 }, (_, index) => pacer.run(async () => { starts.push(clock.now() - startMs); order.push(index); }))));
  assert.deepEqual(starts, [0, 0, 0, 0, 1000, 1000, 1000, 1000, 2000, 2000, 2000]);
  assert.deepEqual(order, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test('never more than so many at once, also after one has failed', async () => {
  const clock = createVirtualClock();
  const pacer = createPacer(clock, { concurrent: 3 });
  let active = 0, most = 0;
  const task = async (fails: boolean): Promise<void> => {
    most = Math.max(most, ++active);
    await clock.sleep(10);
    active -= 1;
    if (fails) throw new Error('no');
  };
  const settled = await clock.drive(Promise.allSettled(Array.from({ length: 10 }, (_, index) => pacer.run(() => task(index === 1)))));
  assert.deepEqual([most, settled.filter(one => one.status === 'rejected').length], [3, 1]);
});

test('an aborted caller does not wait for its turn in the rate', async () => {
  const clock = createVirtualClock();
  const pacer = createPacer(clock, { perSecond: 1, concurrent: 8 });
  const startMs = clock.now();
  await pacer.run(async () => undefined);
  await clock.drive(pacer.run(async () => undefined, AbortSignal.abort()));
  assert.equal(clock.now(), startMs);
});

test('one host has one pacer', () => {
  const pacerOf = pacerPerHost(() => createPacer(createVirtualClock(), { concurrent: 1 }));
  assert.equal(pacerOf('https://api.host/a'), pacerOf('https://api.host/b'));
  assert.notEqual(pacerOf('https://api.host/a'), pacerOf('https://api.other/a'));
});
