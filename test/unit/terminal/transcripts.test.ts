// What a person sees of a run, from its start to its end, piped and on a terminal, compared with transcripts that were
// read by one.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { backstop, FakeStream } from './fakes.ts';
import type { SessionOptions } from './fakes.ts';
import { assertGolden } from './golden.ts';
import { playOnScreen } from './screen.ts';
import {
  cancelledStory,
  failedHookStory,
  failingHookKey,
  heldStory,
  promotedStory,
  rolledBackStory,
  waitingStory,
} from './stories.ts';
import { createWorkspace } from './workspace.ts';

const stories = [
  ['rolled-back', rolledBackStory, 1],
  ['promoted', promotedStory, 0],
  ['held', heldStory, 2],
  ['failed-hook', failedHookStory, 1],
  ['cancelled', cancelledStory, 130],
] as const;

/** The failing hook says why before it fails. */
const withOutput: Pick<SessionOptions, 'between'> = {
  between(event, observers, runId) {
    if (event.type !== 'hook-finished' || event.key !== failingHookKey) return;
    for (const observer of observers)
      observer.onOutput?.(runId, event.key, 'err', 'unpacking 2.14.0\nno space left on device\n');
  },
};

suite('a run that is followed', () => {
  for (const [name, story, status] of stories) {
    test(`piped, the ${name} story reads as plain lines and ends with status ${status}`, async context => {
      const session = await backstop(['run', '--version', '2.14.0'], {
        cwd: createWorkspace(context),
        story,
        ...withOutput,
      });
      assertGolden(`plain-${name}`, session.out);
      assert.deepEqual([session.status, session.err, session.closed], [status, '', true]);
    });

    test(`on a terminal, the ${name} story ends as a tree that was redrawn in place`, async context => {
      const stdout = new FakeStream({ tty: true, columns: 100, rows: 40 });
      const session = await backstop(['run', '--version', '2.14.0'], {
        cwd: createWorkspace(context),
        story,
        stdout,
        ...withOutput,
        env: { NO_COLOR: '1' },
      });
      const screen = playOnScreen(session.out, 100, 40);
      assertGolden(`tree-${name}`, screen.lines.join('\n'));
      assert.deepEqual([session.status, screen.cursorShown, screen.widest <= 100], [status, true, true]);
    });
  }

  test('FORCE_COLOR colours lines that are piped, NO_COLOR takes the colour from a terminal', async context => {
    const cwd = createWorkspace(context);
    const piped = await backstop(['run', '--version', '2.14.0'], {
      cwd,
      story: promotedStory,
      env: { FORCE_COLOR: '1' },
    });
    const quiet = await backstop(['run', '--version', '2.14.0'], {
      cwd,
      story: promotedStory,
      env: { NO_COLOR: '1', FORCE_COLOR: '1' },
      stdout: new FakeStream({ tty: true }),
    });
    assert.match(piped.out, /\u001b\[32m.*Verification passed/);
    assert.doesNotMatch(quiet.out, /\u001b\[[0-9;]*m/);
  });

  test('--verbose shows the output of hooks as it comes', async context => {
    const session = await backstop(['run', '--version', '2.14.0', '--verbose'], {
      cwd: createWorkspace(context),
      story: failedHookStory,
      ...withOutput,
    });
    assert.match(session.out, /Test\/0\/step\/deploy\/test-01#2 \| no space left on device/);
  });

  test('without UTF-8 everything that is ours is ASCII', async context => {
    const stdout = new FakeStream({ tty: true, columns: 80 });
    const session = await backstop(['run', '--version', '2.14.0'], {
      cwd: createWorkspace(context),
      story: rolledBackStory,
      stdout,
      env: { LANG: 'C' },
    });
    assert.doesNotMatch(session.out, /[^\u0000-\u007f]/);
  });
});

suite('a run that is looked at later', () => {
  test('show tells the rolled-back story, the verdict first', async () => {
    const { out, status } = await backstop(['show', 'last'], {
      runs: [{ id: 'run-128', number: 128, events: rolledBackStory }],
    });
    assertGolden('show-rolled-back', out);
    assert.equal(status, 0);
  });

  test('show tells how to answer a run that waits for approval', async () => {
    const { out } = await backstop(['show', '#128'], { runs: [{ id: 'run-128', number: 128, events: waitingStory }] });
    assertGolden('show-waiting', out);
  });

  test('runs lists them newest first, or says how to begin', async () => {
    const two = [
      { id: 'run-127', number: 127, events: promotedStory },
      { id: 'run-128', number: 128, events: rolledBackStory },
    ];
    assertGolden('runs', (await backstop(['runs'], { runs: two })).out);
    assert.match((await backstop(['runs'])).out, /^No runs yet\. Start with: backstop run/);
  });

  test('stats counts over all runs, and says nothing of what never happened', async () => {
    const { out } = await backstop(['stats'], {
      runs: [
        { id: 'a', number: 1, events: promotedStory },
        { id: 'b', number: 2, events: rolledBackStory },
        { id: 'c', number: 3, events: heldStory },
      ],
    });
    assertGolden('stats', out);
    assert.deepEqual(JSON.parse((await backstop(['stats', '--json'])).out), {
      runs: 0,
      outcomes: {},
      medianSecondsToDetect: null,
      detections: 0,
      medianSecondsToRollBack: null,
      rollbacks: 0,
      shareDecidedWithoutPerson: null,
      decided: 0,
    });
  });
});
