// The shared request budget: within the vendor's limits for everybody together, in order, and never stuck on somebody
// who died.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { createBudget, nameAccount } from '../../../../src/vendors/transport/budget.ts';
import type { Account, Budget } from '../../../../src/model/outside.ts';
import { newStorePath, openLocalBudgetStore } from '../../../fakes/localBudget.ts';
import { createVirtualClock } from '../../../fakes/virtualClock.ts';
import type { VirtualClock } from '../../../fakes/virtualClock.ts';

const account: Account = {
  key: nameAccount('vendor', 'account'),
  limits: { concurrent: 3, requests: 4, perMs: 1_000 },
};

/** Several processes are several connections to one store. */
function openProcesses(
  context: TestContext,
  count: number,
): { readonly clock: VirtualClock; readonly processes: readonly Budget[]; readonly startMs: number } {
  const clock = createVirtualClock();
  const path = newStorePath(context);
  return {
    clock,
    startMs: clock.now(),
    processes: Array.from({ length: count }, () => createBudget(openLocalBudgetStore(context, clock.now, path), clock)),
  };
}

async function exchange(
  clock: VirtualClock,
  budget: Budget,
  durationMs: number,
  arrived: number[] = [],
  turn: { readonly deadlineMs?: number; readonly weight?: number } = {},
): Promise<string> {
  const taken = await budget.take(account, { deadlineMs: Infinity, ...turn });
  if (!taken.ok) return taken.failure.kind;
  await clock.sleep(durationMs);
  arrived.push(clock.now());
  taken.value();
  return 'done';
}

/** The most that fell into any stretch of a second. */
function mostPerSecond(times: readonly number[]): number {
  const sorted = [...times].sort((one, other) => one - other);
  return Math.max(...sorted.map((fromMs, index) => sorted.slice(index).filter(atMs => atMs < fromMs + 1_000).length));
}

test('three processes together keep to the rate, whenever their requests arrive, and use it', async context => {
  const { clock, processes, startMs } = openProcesses(context, 3);
  const arrived: number[] = [];
  const all = processes.flatMap((budget, index) =>
    Array.from({ length: 20 }, (_, turn) => exchange(clock, budget, (index * 37 + turn * 53) % 200, arrived)),
  );
  assert.deepEqual([...new Set(await clock.drive(Promise.all(all)))], ['done']);
  assert.equal(mostPerSecond(arrived), 4);
  const tookMs = clock.now() - startMs;
  assert.ok(tookMs < 20_000, `60 requests took ${tookMs} ms`);
});

test('no more are under way than may be, and each process gets its turn', async context => {
  const { clock, processes } = openProcesses(context, 2);
  let active = 0,
    most = 0;
  const order: number[] = [];
  const work = async (index: number): Promise<void> => {
    const taken = await processes[index]!.take(account, { deadlineMs: Infinity });
    assert.ok(taken.ok);
    order.push(index);
    most = Math.max(most, ++active);
    await clock.sleep(5_000);
    active -= 1;
    taken.value();
  };
  await clock.drive(Promise.all([...Array.from({ length: 8 }, () => work(0)), work(1)]));
  assert.equal(most, 3);
  assert.ok(order.indexOf(1) <= 4, `the other process came as number ${order.indexOf(1) + 1}`);
});

test(
  'a turn that does not come in time fails as rate-limited, ' +
    'a cancelled one at once, and neither blocks the others',
  async context => {
    const {
      clock,
      processes: [budget],
      startMs,
    } = openProcesses(context, 1);
    const controller = new AbortController();
    const first = Array.from({ length: 3 }, () => exchange(clock, budget!, 4_000));
    const late = exchange(clock, budget!, 0, [], { deadlineMs: startMs + 2_000 });
    const cancelled = budget!.take(account, { deadlineMs: Infinity, signal: controller.signal });
    const last = exchange(clock, budget!, 0);
    await clock.drive(clock.sleep(1_000));
    controller.abort();
    const [gone] = await clock.drive(Promise.all([cancelled, late]));
    assert.ok(!gone.ok && gone.failure.kind === 'cancelled');
    assert.equal(await clock.drive(late), 'rate-limited');
    assert.ok(clock.now() - startMs <= 2_000);
    assert.deepEqual(await clock.drive(Promise.all([...first, last])), ['done', 'done', 'done', 'done']);
  },
);

test('what a process leaves behind that dies expires: its requests, and its place in the line', async context => {
  const {
    clock,
    processes: [dying, living],
    startMs,
  } = openProcesses(context, 2);
  for (let i = 0; i < 3; i++) await clock.drive(dying!.take(account, { deadlineMs: Infinity }));
  void dying!.take(account, { deadlineMs: Infinity, signal: AbortSignal.abort() });
  assert.equal(await clock.drive(exchange(clock, living!, 0)), 'done');
  assert.ok(clock.now() - startMs <= 61_000, String(clock.now() - startMs));
});

test('a refusal holds everybody back: as long as the vendor says, or longer each time', async context => {
  const {
    clock,
    processes: [one, other],
    startMs,
  } = openProcesses(context, 2);
  const since = (): number => clock.now() - startMs;
  one!.holdBack(account, 3_000);
  await clock.drive(exchange(clock, other!, 0));
  assert.ok(since() >= 3_000 && since() < 3_600, String(since()));
  const waits: number[] = [];
  for (let i = 0; i < 6; i++) {
    const fromMs = clock.now();
    one!.holdBack(account);
    one!.holdBack(account);
    await clock.drive(exchange(clock, other!, 0));
    waits.push(clock.now() - fromMs);
  }
  assert.deepEqual(waits, [750, 1_500, 3_000, 6_000, 6_000, 6_000]);
});

test('a heavy request counts for what it weighs, and one heavier than the limit goes alone', async context => {
  const {
    clock,
    processes: [budget],
    startMs,
  } = openProcesses(context, 1);
  await clock.drive(exchange(clock, budget!, 0, [], { weight: 3 }));
  await clock.drive(exchange(clock, budget!, 0));
  assert.equal(clock.now(), startMs);
  await clock.drive(exchange(clock, budget!, 0, [], { weight: 9 }));
  assert.ok(clock.now() - startMs >= 1_000 && clock.now() - startMs < 2_500, String(clock.now() - startMs));
});

test('a clock that is set back does not stop the budget', async context => {
  const path = newStorePath(context);
  const ahead = createVirtualClock(2_000_000_000_000),
    clock = createVirtualClock(1_900_000_000_000);
  const before = createBudget(openLocalBudgetStore(context, ahead.now, path), ahead);
  for (let i = 0; i < 3; i++) await ahead.drive(before.take(account, { deadlineMs: Infinity }));
  before.holdBack(account, 60_000);
  const after = createBudget(openLocalBudgetStore(context, clock.now, path), clock);
  const startMs = clock.now();
  assert.equal(await clock.drive(exchange(clock, after, 0)), 'done');
  assert.equal(clock.now(), startMs);
});

test("a broken store is said, and an account's name does not tell its parts", async () => {
  const broken = createBudget(
    {
      enter() {
        throw new Error('disk is full');
      },
      leave() {
        /* nothing */
      },
      giveUp() {
        /* nothing */
      },
      holdBack() {
        throw new Error('disk is full');
      },
    },
    createVirtualClock(),
  );
  broken.holdBack(account);
  const taken = await broken.take(account, { deadlineMs: Infinity });
  assert.deepEqual(!taken.ok && [taken.failure.kind, taken.failure.cause], ['store', 'disk is full']);
  assert.match(nameAccount('sumoLogic', 'suSECRET'), /^[0-9a-f]{32}$/);
});
