// When a person is interrupted, and when not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunEvent } from '../../../src/model/runs/runEvents.ts';
import { reduceRun } from '../../../src/model/runs/reduceRun.ts';
import type { RunState } from '../../../src/model/runs/runState.ts';
import { isCurrent, noticesOf, timeLeft } from '../../../src/host/notices/notices.ts';
import { plainEnglish } from '../../../src/protocol/words/translate.ts';
import {
  cancelledStory,
  failedHookStory,
  heldStory,
  oldRelease,
  promotedStory,
  rolledBackStory,
  startMs,
  waitingStory,
} from '../terminal/stories.ts';

const stateOf = (events: readonly RunEvent[]): RunState => reduceRun('run-1', events)!;
const seen = { nowMs: startMs, isFocused: true, sawItRun: true };

test('a run that waits for an approval says who asks, what changes and what has passed, and offers the answers', () => {
  const [notice, ...others] = noticesOf(
    stateOf(waitingStory),
    { ...seen, running: oldRelease, sawItRun: false },
    plainEnglish,
  );
  assert.deepEqual(others, []);
  assert.equal(notice?.kind, 'approval');
  assert.deepEqual(notice?.actions, ['approve', 'reject', 'evidence']);
  for (const part of [
    'storefront 2.14.0',
    'Requested by maria.',
    '2.13.2 → 2.14.0',
    '1 file, 1 variable',
    '5 of 7 stages passed',
  ])
    assert.ok(notice?.text.includes(part), `${part} in ${notice?.text}`);
});

test('a question that was answered, by whomever, is not current any more', () => {
  const waiting = stateOf(waitingStory);
  const [notice] = noticesOf(waiting, seen, plainEnglish);
  assert.equal(isCurrent(notice!, waiting), true);
  assert.equal(isCurrent(notice!, stateOf(rolledBackStory)), false);
  assert.equal(isCurrent(notice!, undefined), false);
});

test('a rollback and a failure are told even with the focus, a good end only without it', () => {
  const kinds = (events: readonly RunEvent[], isFocused: boolean): readonly string[] =>
    noticesOf(stateOf(events), { ...seen, isFocused }, plainEnglish).map(({ kind }) => kind);
  assert.deepEqual(kinds(rolledBackStory, true), ['rolledBack']);
  assert.deepEqual(kinds(failedHookStory, true), ['runFailed']);
  assert.deepEqual(kinds(heldStory, true), ['held']);
  assert.deepEqual(kinds(promotedStory, true), []);
  assert.deepEqual(kinds(promotedStory, false), ['runFinished']);
  assert.deepEqual(kinds(cancelledStory, true), []);
});

test('an end from before the window opened is no news', () => {
  for (const events of [rolledBackStory, failedHookStory, promotedStory]) {
    assert.deepEqual(noticesOf(stateOf(events), { ...seen, isFocused: false, sawItRun: false }, plainEnglish), []);
  }
});

test('each look at the same question gives the same key', () => {
  const keys = [1, 2].map(() => noticesOf(stateOf(waitingStory), seen, plainEnglish)[0]?.key);
  assert.equal(keys[0], keys[1]);
});

test('what silence means is said with the time left', () => {
  const question = {
    id: 'q',
    kind: 'ask',
    stage: 'Production',
    message: '',
    approvers: [],
    minimum: 1,
    starterMayAnswer: true,
    commentRequired: false,
  } as const;
  assert.equal(
    timeLeft({ ...question, deadlineMs: 90_000, otherwise: 'rollback' }, 0, plainEnglish),
    'Rolls back automatically in 1:30.',
  );
  assert.equal(
    timeLeft({ ...question, deadlineMs: 90_000, otherwise: 'reject' }, 0, plainEnglish),
    'Rejects automatically in 1:30.',
  );
  assert.equal(timeLeft({ ...question, deadlineMs: 0, otherwise: 'hold' }, 10, plainEnglish), '');
});
