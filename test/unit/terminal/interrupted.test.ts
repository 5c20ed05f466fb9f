// A run whose process is gone is shown as what it is, everywhere, with the ways out of it; a process that is asked to
// end says what it leaves.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { RunEvent } from '../../../src/model/runs/runEvents.ts';
import { interrupt } from '../../../src/model/runs/runState.ts';
import { reduceRun } from '../../../src/model/runs/reduceRun.ts';
import { actionSentence, verdictSentence } from '../../../src/protocol/words/verdictSentence.ts';
import { backstop } from './fakes.ts';
import { promotedStory, waitingStory } from './stories.ts';
import { createWorkspace } from './workspace.ts';

const inCanary = promotedStory.slice(
  0,
  promotedStory.findIndex(event => event.type === 'verification-finished'),
);
const dead = { dead: true, runs: [{ id: 'r', number: 12, events: inCanary }] };

suite('a run that nobody runs any more', () => {
  test('is interrupted in the list, and its time stands still', async () => {
    const { out } = await backstop(['runs'], dead);
    assert.match(out, /#12 .*interrupted/);
    assert.doesNotMatch(out, /not ended/);
    const { out: alive } = await backstop(['runs'], { ...dead, dead: false });
    assert.match(alive, /not ended/);
  });

  test('is shown with its nodes, since when, and how to end it', async () => {
    const { out } = await backstop(['show', '12'], dead);
    assert.match(out, /\? Interrupted on .*since \d{4}-\d\d-\d\d \d\d:\d\d/);
    assert.match(out, /Action needed: no process runs it any more/);
    assert.match(out, /backstop resume 12 {2}to continue/);
    assert.match(out, /backstop cancel 12, then backstop resume 12/);
    assert.doesNotMatch(out, /Nobody has to act now|[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/);
  });

  test('says until when it is guarded, and what its guardian does then', async () => {
    const guarded = { ...dead, guarded: { act: 'rollback', afterMs: 1, dueAtMs: Date.UTC(2026, 10, 24, 12) } as const };
    assert.match((await backstop(['runs'], guarded)).out, /guarded until 2026-11-2\d \d\d:\d\d/);
    const { out } = await backstop(['show', '12'], guarded);
    assert.match(out, /If no one resumes it by 2026-11-2\d \d\d:\d\d, its guardian rolls its nodes back\./);
    assert.doesNotMatch((await backstop(['runs'], { ...guarded, dead: false })).out, /guarded/);
  });

  test('says so in JSON too', async () => {
    const { out } = await backstop(['show', '12', '--json'], dead);
    const shown = JSON.parse(out) as { verdict: string; interruptedAtMs: number };
    assert.match(shown.verdict, /^Interrupted on /);
    assert.equal(shown.interruptedAtMs, inCanary.at(-1)!.at);
  });

  for (const word of ['cancel', 'hold', 'promote'] as const)
    test(`${word} says that its process has ended, and does not wait`, async () => {
      const session = await backstop([word, '12'], dead);
      assert.match(session.out, /its process has ended\. It takes effect when the run is resumed: backstop resume 12/);
      assert.equal(session.status, 2);
      assert.deepEqual(
        session.instructions.map(({ instruction }) => instruction.type),
        [word],
      );
    });

  test('is as before when it is taken up, and never so once it has ended', () => {
    const state = reduceRun('r', inCanary)!;
    const gone = interrupt(state, inCanary, false);
    assert.equal(interrupt(gone, inCanary, true).interruptedAtMs, undefined);
    const ended = reduceRun('r', promotedStory)!;
    assert.equal(interrupt(ended, promotedStory, false), ended);
    assert.doesNotMatch(verdictSentence(state), /Interrupted/);
  });

  test('waits for nobody’s answer: it must be resumed first', () => {
    const state = interrupt(reduceRun('r', waitingStory)!, waitingStory, false);
    assert.match(actionSentence(state), /no process runs it any more/);
  });
});

test(
  'a process that is asked to end leaves the run, says which nodes no process watches, ' +
    'and ends with the status of the signal',
  async context => {
    let terminate = (): void => undefined;
    const session = await backstop(['run', '--version', '1'], {
      cwd: createWorkspace(context),
      story: promotedStory,
      hands: hands => {
        ({ terminate } = hands);
      },
      async between(event: RunEvent) {
        await new Promise(resolve => setImmediate(resolve));
        if (event.type !== 'verification-finished') return;
        terminate();
        await new Promise(() => undefined);
      },
    });
    assert.equal(session.status, 143);
    assert.match(session.err, /No process watches .* from now on\./);
    assert.match(session.out, /Left run #128 as it is: its hook continues\. Resume it with: backstop resume 128/);
    assert.equal(session.closed, true);
  },
);
