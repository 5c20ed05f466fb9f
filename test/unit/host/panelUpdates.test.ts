// The run panel is up to date soon after anything: a lost message, a failure, a run that does not exist yet, hiding.
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { sendUpdates } from '../../../src/host/panel/panelUpdates.ts';
import { receive, type Received, type ToPanel } from '../../../src/protocol/runPanel.ts';
import { snapshotRun, type RunSnapshot } from '../../../src/protocol/snapshot/snapshot.ts';
import { rolledBackStory, startMs } from '../terminal/stories.ts';

const verifying = rolledBackStory.findIndex(({ type }) => type === 'verification-started') + 1;

/** A panel that receives what is not lost, as the real one does, and the run that it shows. */
function setUp(context: TestContext) {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const told: string[] = [],
    types: string[] = [];
  const world = {
    told,
    types,
    events: verifying,
    isShown: true,
    /** What becomes of the next messages. */
    next: [] as ('lost' | 'lost and said so')[],
    isBroken: false,
    received: undefined as Received | undefined,
    get verdict() {
      return world.received?.snapshot.header.verdict;
    },
    /** Lets time pass until the next update is over. */
    async wait(seconds: number): Promise<void> {
      for (let second = 0; second < seconds; second += 1) {
        context.mock.timers.tick(1_000);
        await settle();
      }
    },
  };
  const updates = sendUpdates(
    {
      next: () =>
        world.isBroken
          ? Promise.reject(new Error('disk I/O error'))
          : Promise.resolve(snapshotRun('r', rolledBackStory.slice(0, world.events), startMs)),
    },
    {
      isShown: () => world.isShown,
      post(message) {
        const fate = world.next.shift();
        if (fate === undefined) void Promise.resolve(message).then(arrive);
        return Promise.resolve(fate !== 'lost and said so');
      },
    },
    { fail: ({ cause }) => told.push(cause ?? '') },
  );
  function arrive(message: ToPanel): void {
    if (message.type !== 'snapshot' && message.type !== 'patch' && message.type !== 'latest') return;
    types.push(message.type);
    world.received = receive(world.received, message);
    if (world.received) return;
    updates.startOver();
    void updates.refresh();
  }
  context.after(() => updates.stop());
  return { world, updates };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

function verdictAt(events: number): string | undefined {
  return (snapshotRun('r', rolledBackStory.slice(0, events), startMs) as RunSnapshot).header.verdict;
}

const ended = rolledBackStory.length;

test('a panel shows the end of its run', async context => {
  const { world, updates } = setUp(context);
  await updates.refresh();
  assert.equal(world.verdict, verdictAt(verifying));
  world.events = ended;
  await world.wait(1);
  assert.equal(world.verdict, verdictAt(ended));
  assert.notEqual(verdictAt(ended), verdictAt(verifying));
});

for (const fate of ['lost', 'lost and said so'] as const)
  test(`the last change of a run reaches the panel although its message is ${fate}`, async context => {
    const { world, updates } = setUp(context);
    await updates.refresh();
    world.events = ended;
    world.next = [fate];
    await world.wait(1);
    assert.equal(world.verdict, verdictAt(verifying));
    await world.wait(6);
    assert.equal(world.verdict, verdictAt(ended));
  });

test('a failure is told once, and the panel goes on when it has passed', async context => {
  const { world, updates } = setUp(context);
  await updates.refresh();
  world.isBroken = true;
  world.events = ended;
  await world.wait(12);
  assert.deepEqual(world.told, ['disk I/O error']);
  world.isBroken = false;
  await world.wait(5);
  assert.equal(world.verdict, verdictAt(ended));
});

test('a panel that opens before its run has an event shows it as soon as there is one', async context => {
  const { world, updates } = setUp(context);
  world.events = 0;
  await updates.refresh();
  assert.equal(world.received, undefined);
  world.events = verifying;
  await world.wait(1);
  assert.equal(world.verdict, verdictAt(verifying));
});

test('a hidden panel is left alone, and is up to date when it is shown again', async context => {
  const { world, updates } = setUp(context);
  await updates.refresh();
  world.isShown = false;
  world.events = ended;
  await world.wait(10);
  assert.deepEqual(world.types, ['snapshot']);
  world.isShown = true;
  await updates.refresh();
  assert.equal(world.verdict, verdictAt(ended));
});

test('nothing new is said in a few bytes', async context => {
  const { world, updates } = setUp(context);
  await updates.refresh();
  await world.wait(3);
  assert.deepEqual(world.types, ['snapshot', 'latest', 'latest', 'latest']);
});
