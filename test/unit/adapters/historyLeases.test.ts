// One run per environment at a time, and nobody waits for a dead one.
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { keepLeases, type Leases } from '../../../src/adapters/historyLeases.ts';
import { keepRuns } from '../../../src/adapters/historyRuns.ts';
import { openStore } from '../../../src/adapters/historyStore.ts';
import { processStart } from '../../../src/adapters/process.ts';
import { newHistory, openOrThrow, someRun, temporaryFolder } from './historyFixture.ts';

/** The same store seen by several owners: this process on this host unless told otherwise. */
function leasesOf(
  context: Parameters<typeof temporaryFolder>[0],
  now: () => number,
): (owner?: Parameters<typeof keepLeases>[2]) => Leases {
  const opened = openStore(join(temporaryFolder(context), 'history.db'));
  assert(opened.ok);
  context.after(() => opened.value.close());
  keepRuns(opened.value).createRun(someRun('a'));
  return owner => keepLeases(opened.value, now, owner);
}

test('a held environment is refused with the run and the person that hold it, until it is given back', context => {
  const history = newHistory(context);
  history.createRun(someRun('a'));
  assert.deepEqual(history.acquireLease('prod', 'a', 1_000), { held: true });
  assert.deepEqual(history.acquireLease('prod', 'b', 1_000), {
    held: false,
    by: `run 1, started by Ann (process ${process.pid})`,
  });
  assert.deepEqual(history.acquireLease('test', 'b', 1_000), { held: true });
  history.releaseLease('prod', 'b');
  assert.deepEqual(history.acquireLease('prod', 'b', 1_000).held, false);
  assert.deepEqual(history.acquireLease('prod', 'a', 1_000), { held: true });
  history.releaseLease('prod', 'a');
  assert.deepEqual(history.acquireLease('prod', 'b', 1_000), { held: true });
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
  assert.equal(leases.acquireLease('prod', 'b', 1_000).held, true);
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
  assert.equal(leasesFor().acquireLease('prod', 'a', 1_000).held, true);
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
