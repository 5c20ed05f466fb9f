// Another process holds the store's lock: this one's thread is blocked for tens of milliseconds at most, and what it
// writes arrives once the lock is gone.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { test, type TestContext } from 'node:test';
import { join } from 'node:path';
import { openBudgetStore } from '../../../../src/adapters/store/historyBudget.ts';
import { shortPatienceMs } from '../../../../src/adapters/store/file/historyStore.ts';
import { systemClock } from '../../../../src/adapters/time.ts';
import { StoreError } from '../../../../src/model/failure.ts';
import { createPatientHistory, patiently } from '../../../../src/run/ownership/patience.ts';
import { openOrThrow, someEvent, someRun, temporaryFolder } from './historyFixture.ts';

/** Generous, for a machine that is busy with other tests; the wait of old was a thousand times as long. */
const mostBlockedMs = 400;

/** Resolves once the lock is held. */
async function holdLock(
  context: TestContext,
  path: string,
  forMs: number,
): Promise<{ readonly ended: Promise<unknown> }> {
  const holder = spawn(process.execPath, ['-e', holding, path, String(forMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  context.after(() => holder.kill());
  const ended = once(holder, 'exit');
  await once(holder.stdout, 'data');
  return { ended };
}
const holding = `
  const { DatabaseSync } = require('node:sqlite');
  const database = new DatabaseSync(process.argv[1]);
  database.exec('BEGIN IMMEDIATE');
  console.log('held');
  setTimeout(() => database.exec('COMMIT'), Number(process.argv[2]));
`;

test('a locked store blocks the thread for a moment only, and nothing that was written is lost', async context => {
  const path = join(temporaryFolder(context), 'history.db');
  const store = openOrThrow(path, Date.now, { patienceMs: shortPatienceMs });
  context.after(() => store.close());
  store.createRun(someRun('a'));
  store.append('a', [someEvent(1)]);
  const { history, kept } = createPatientHistory(store, systemClock, error => assert.fail(String(error)));
  const { ended } = await holdLock(context, path, 1_500);
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  history.append('a', [someEvent(2)]);
  history.append('a', [someEvent(3)]);
  assert.deepEqual(
    store.events('a').map(({ seq }) => seq),
    [1],
    'what is read is what was there before',
  );
  await kept();
  delay.disable();
  assert.deepEqual(
    store.events('a').map(({ seq }) => seq),
    [1, 2, 3],
  );
  assert.ok(delay.max / 1e6 < mostBlockedMs, `blocked for ${Math.round(delay.max / 1e6)} ms`);
  await ended;
});

test('a call that does not wait says that it may work later; one that waits for it works', async context => {
  const path = join(temporaryFolder(context), 'history.db');
  const store = openOrThrow(path, Date.now, { patienceMs: shortPatienceMs });
  context.after(() => store.close());
  await holdLock(context, path, 700);
  const sinceMs = performance.now();
  assert.throws(
    () => store.createRun(someRun('a')),
    (error: unknown) => error instanceof StoreError && error.passes && /is locked/.test(error.message),
  );
  assert.ok(performance.now() - sinceMs < mostBlockedMs);
  assert.equal(await patiently(systemClock, () => store.createRun(someRun('a'))), 1);
});

test('a request to a vendor waits for its turn while the budget is locked', async context => {
  const path = join(temporaryFolder(context), 'history.db');
  openOrThrow(path).close();
  const budget = openBudgetStore(path, undefined, undefined, { patienceMs: shortPatienceMs });
  assert.ok(budget.ok);
  context.after(() => budget.value.close());
  const { ended } = await holdLock(context, path, 500);
  const account = { key: 'k', limits: { requests: 4, perMs: 1_000, concurrent: 2 } };
  const first = budget.value.enter(account, { weight: 1 });
  assert.equal(first.kind, 'waits');
  await ended;
  const again = budget.value.enter(account, { weight: 1, ...(first.kind === 'waits' && { ticket: first.ticket }) });
  assert.equal(again.kind, 'admitted');
});
