// Ctrl-C: the first cancels cleanly, the second leaves the run to itself; both say what happens.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { RunEvent } from '../../../src/model/runs/runEvents.ts';
import { backstop, FakeStream } from './fakes.ts';
import { playOnScreen } from './screen.ts';
import { cancelledStory, rolledBackStory, waitingStory } from './stories.ts';
import { createWorkspace } from './workspace.ts';

/** Presses Ctrl-C so many times before the event of that type. */
function pressing(
  times: number,
  before: RunEvent['type'],
): { hands: (hands: { interrupt: () => void }) => void; between: (event: RunEvent) => Promise<void> } {
  let interrupt = (): void => undefined;
  return {
    hands: hands => {
      ({ interrupt } = hands);
    },
    async between(event) {
      await new Promise(resolve => setImmediate(resolve));
      if (event.type === before) for (let press = 0; press < times; press++) interrupt();
    },
  };
}

suite('Ctrl-C', () => {
  test('once asks the run to cancel and waits for its end', async context => {
    const session = await backstop(['run', '--version', '1'], {
      cwd: createWorkspace(context),
      story: cancelledStory,
      ...pressing(1, 'cancel-asked'),
    });
    assert.equal(session.status, 130);
    assert.deepEqual(
      session.instructions.map(({ runId, instruction }) => [runId, instruction.type, instruction.by.name]),
      [['run-128', 'cancel', 'maria']],
    );
    assert.match(
      session.err,
      /Cancelling: no new step begins, running hooks are stopped\. Ctrl-C again leaves the run for backstop resume\./,
    );
    assert.match(session.out, /Run cancelled/);
  });

  test('during a rollback says that the rollback is finished first', async context => {
    const session = await backstop(['run', '--version', '1'], {
      cwd: createWorkspace(context),
      story: rolledBackStory,
      ...pressing(1, 'rollback-finished'),
    });
    assert.match(session.err, /A rollback is in progress and will be finished, not cancelled/);
    assert.equal(session.status, 1);
  });

  test('twice leaves the run, says how to take it up again, and closes the engine', async context => {
    const story = pressing(2, 'phase-started');
    const between = async (event: RunEvent): Promise<void> => {
      await story.between(event);
      if (event.type === 'phase-started') await new Promise(() => undefined);
    };
    const session = await backstop(['run', '--version', '1'], {
      cwd: createWorkspace(context),
      story: rolledBackStory,
      hands: story.hands,
      between,
    });
    assert.deepEqual([session.status, session.closed], [130, true]);
    assert.match(session.out, /Left run #128 as it is: its hook continues\. Resume it with: backstop resume 128/);
    assert.deepEqual(
      session.instructions.map(({ instruction }) => instruction.type),
      ['cancel'],
    );
  });

  test('twice in JSON is the outcome "detached"', async context => {
    const story = pressing(2, 'phase-started');
    const between = async (event: RunEvent): Promise<void> => {
      await story.between(event);
      if (event.type === 'phase-started') await new Promise(() => undefined);
    };
    const session = await backstop(['run', '--version', '1', '--json'], {
      cwd: createWorkspace(context),
      story: rolledBackStory,
      hands: story.hands,
      between,
    });
    assert.deepEqual(JSON.parse(session.out.trimEnd().split('\n').at(-1) ?? ''), {
      runId: 'run-128',
      number: 128,
      outcome: 'detached',
      exitStatus: 130,
    });
  });

  test('on a terminal the notice stands below the tree and the cursor is back', async context => {
    const stdout = new FakeStream({ tty: true, columns: 100 });
    const session = await backstop(['run', '--version', '1'], {
      cwd: createWorkspace(context),
      story: cancelledStory,
      stdout,
      env: { NO_COLOR: '1' },
      ...pressing(1, 'cancel-asked'),
    });
    const screen = playOnScreen(session.out, 100, 40);
    assert.ok(screen.cursorShown);
    assert.match(screen.lines.join('\n'), /Production .*\nCancelling: no new step begins/);
  });

  test('before the run has started leaves at the second press', async context => {
    let interrupt = (): void => undefined;
    const session = backstop(['run', '--version', '1'], {
      cwd: createWorkspace(context),
      story: waitingStory,
      hands: hands => {
        ({ interrupt } = hands);
      },
      over: {
        start: () => {
          interrupt();
          interrupt();
          return new Promise(() => undefined);
        },
      },
    });
    const { status, err } = await session;
    assert.equal(status, 130);
    assert.match(err, /The run is cancelled as soon as it has started\./);
  });
});
