// One run per environment at a time, and nobody waits for a dead one.
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { keepLeases, type Leases } from '../../../../src/adapters/store/historyLeases.ts';
import { keepRuns } from '../../../../src/adapters/store/historyRuns.ts';
import { openStore } from '../../../../src/adapters/store/file/historyStore.ts';
import { processStart } from '../../../../src/adapters/process.ts';
import { newHistory, openOrThrow, someRun, temporaryFolder } from './historyFixture.ts';

/** The same store seen by several owners: this process on this host unless told otherwise. */
function leasesOf(
  context: Parameters<typeof temporaryFolder>[0],
  now: () => number,
  steady = now,
): (owner?: Parameters<typeof keepLeases>[2]) => Leases {
  const opened = openStore(join(temporaryFolder(context), 'history.db'));
  assert(opened.ok);
  context.after(() => opened.value.close());
  keepRuns(opened.value).createRun(someRun('a'));
  return owner => keepLeases(opened.value, now, owner, steady);
}

test('a held environment is refused with the run and the person that hold it, until it is given back', context => {
  const history = newHistory(context);
  history.createRun(someRun('a'));
  assert.deepEqual(history.acquireLease('prod', 'a', 1_000), { held: true, generation: 1 });
  assert.deepEqual(history.acquireLease('prod', 'b', 1_000), {
    held: false,
    by: `run 1, started by Ann (process ${process.pid})`,
  });
  assert.deepEqual(history.acquireLease('test', 'b', 1_000), { held: true, generation: 1 });
  history.releaseLease('prod', 'b');
  assert.deepEqual(history.acquireLease('prod', 'b', 1_000).held, false);
  assert.deepEqual(history.acquireLease('prod', 'a', 1_000), { held: true, generation: 1 });
  history.releaseLease('prod', 'a');
  assert.deepEqual(history.acquireLease('prod', 'b', 1_000), { held: true, generation: 2 });
});

test('a lease that is not renewed in time may be taken, and its old holder learns it', context => {
  let now = 0;
  const leases = leasesOf(context, () => now)();
  leases.acquireLease('prod', 'a', 1_000);
  now = 900;
  assert.equal(leases.renewLease('prod', 'a'), true);
  now = 1_800;
  assert.equal(leases.acquireLease('prod', 'b', 1_000).held, false);
  now = 1_900;
  assert.deepEqual(leases.acquireLease('prod', 'b', 1_000), {
    held: false,
    silent: true,
    by: `run 1, started by Ann (process ${process.pid})`,
  });
  now = 2_300;
  assert.equal(leases.acquireLease('prod', 'b', 1_000).held, true);
  assert.equal(leases.renewLease('prod', 'a'), false);
  leases.releaseLease('prod', 'a');
  assert.equal(leases.renewLease('prod', 'b'), true);
});

test('a clock that was set back does not hold an environment for ever', context => {
  let now = 10_000_000;
  const leases = leasesOf(context, () => now)();
  leases.acquireLease('prod', 'a', 1_000);
  now = 5_000;
  assert.equal(leases.acquireLease('prod', 'b', 1_000).held, false);
  now = 5_400;
  assert.equal(leases.acquireLease('prod', 'b', 1_000).held, true);
});

test('a clock that is set forward takes nothing from a holder that goes on renewing', context => {
  let now = 0,
    steady = 0;
  const leases = leasesOf(
    context,
    () => now,
    () => steady,
  )();
  leases.acquireLease('prod', 'a', 1_000);
  now = 3_600_000;
  assert.equal(leases.acquireLease('prod', 'b', 1_000).held, false);
  steady = 300;
  leases.renewLease('prod', 'a');
  for (; steady < 5_000; steady += 100, now += 100) {
    if (steady % 300 === 0) leases.renewLease('prod', 'a');
    assert.equal(leases.acquireLease('prod', 'b', 1_000).held, false, `after ${steady} ms`);
  }
});

test('each that takes a lease gets a greater generation, and the one before holds nothing any more', context => {
  const leasesFor = leasesOf(context, () => 0);
  const dead = leasesFor({ host: hostname(), pid: 999_999_999 });
  const first = dead.acquireLease('prod', 'a', 1_000);
  assert.deepEqual(first, { held: true, generation: 1 });
  const old = { name: 'prod', generation: 1 };
  assert.equal(leasesFor().holds(old), true, 'its process is gone, and nobody has taken it yet');
  assert.deepEqual(leasesFor().acquireLease('prod', 'b', 1_000), { held: true, generation: 2 });
  leasesFor().releaseLease('prod', 'b');
  assert.equal(dead.holds(old), false);
  assert.equal(dead.lastHolder('prod'), 'b');
});

test('who waits is served in the order of coming, but for a dead one; the last holder comes back first', context => {
  const leasesFor = leasesOf(context, () => 0);
  const leases = leasesFor(),
    dead = leasesFor({ host: hostname(), pid: 999_999_999 });
  const queue = { queue: true };
  leases.acquireLease('prod', 'a', 1_000);
  dead.acquireLease('prod', 'gone', 1_000, queue);
  leases.acquireLease('prod', 'c', 1_000, queue);
  leases.acquireLease('prod', 'b', 1_000, queue);
  leases.releaseLease('prod', 'a');
  assert.equal(leases.acquireLease('prod', 'b', 1_000, queue).held, false);
  assert.equal(leases.acquireLease('prod', 'a', 1_000, queue).held, true, 'it was there last');
  leases.releaseLease('prod', 'a');
  assert.equal(leases.acquireLease('prod', 'd', 1_000, queue).held, false);
  assert.equal(leases.acquireLease('prod', 'c', 1_000, queue).held, true);
  leases.releaseLease('prod', 'c');
  leases.releaseLease('prod', 'b');
  assert.equal(leases.acquireLease('prod', 'd', 1_000, queue).held, true, 'who gave up waiting holds nobody up');
});

test('why not yet is asked only of whoever could take it, and changes no generation', context => {
  const leases = leasesOf(context, () => 0)();
  leases.acquireLease('prod', 'a', 1_000);
  const unasked = leases.acquireLease('prod', 'b', 1_000, { refuse: () => assert.fail('it is held') });
  assert.equal(unasked.held, false);
  leases.releaseLease('prod', 'a');
  assert.deepEqual(leases.acquireLease('prod', 'b', 1_000, { refuse: () => 'a hook' }), { held: false, by: 'a hook' });
  assert.equal(leases.lastHolder('prod'), 'a');
});

test('another process with the same run is another owner', context => {
  const leasesFor = leasesOf(context, () => 0);
  const own = leasesFor();
  const elsewhere = leasesFor({ host: 'far-away', pid: process.pid });
  own.acquireLease('prod', 'a', 1_000);
  assert.equal(elsewhere.renewLease('prod', 'a'), false);
  elsewhere.releaseLease('prod', 'a');
  assert.deepEqual(elsewhere.acquireLease('prod', 'a', 1_000), {
    held: false,
    by: `run 1, started by Ann (process ${process.pid} on ${hostname()})`,
  });
});

test('only the time tells whether a holder on another machine is gone', context => {
  let now = 0;
  const leasesFor = leasesOf(context, () => now);
  leasesFor({ host: 'far-away', pid: 999_999_999 }).acquireLease('prod', 'b', 1_000);
  assert.deepEqual(leasesFor().acquireLease('prod', 'a', 1_000), {
    held: false,
    by: 'run b (process 999999999 on far-away)',
  });
  now = 1_000;
  const leases = leasesFor();
  assert.equal(leases.acquireLease('prod', 'a', 1_000).held, false);
  now = 1_400;
  assert.equal(leases.acquireLease('prod', 'a', 1_000).held, true);
});

test(
  'a later process with the pid of a dead holder does not hold its lease',
  { skip: processStart(process.pid) === undefined },
  context => {
    const leasesFor = leasesOf(context, () => 0);
    leasesFor({ host: hostname(), pid: process.pid, start: 'an earlier boot/1' }).acquireLease('prod', 'b', 1_000_000);
    assert.equal(leasesFor().acquireLease('prod', 'a', 1_000_000).held, true);
  },
);

test('a killed process loses its lease at once', async context => {
  const path = join(temporaryFolder(context), 'history.db');
  const victim: ChildProcess = spawn(
    process.execPath,
    [join(import.meta.dirname, 'historyWriter.ts'), path, 'victim', '1000000'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await once(createInterface(victim.stdout!), 'line');
  const history = openOrThrow(path);
  context.after(() => history.close());
  const refused = history.acquireLease('environment of victim', 'b', 3_600_000);
  victim.kill('SIGKILL');
  await once(victim, 'exit');
  assert.deepEqual(refused, { held: false, by: `run 1, started by Ann (process ${victim.pid})` });
  assert.equal(history.acquireLease('environment of victim', 'b', 3_600_000).held, true);
});
