// When a person is interrupted, and when not.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { RunEvent } from '../../../src/model/runs/runEvents.ts';
import { reduceRun } from '../../../src/model/runs/reduceRun.ts';
import { stagesOf, type RunState } from '../../../src/model/runs/runState.ts';
import { isCurrent, noticesOf, staleSentence } from '../../../src/host/notices/notices.ts';
import { expectedState } from '../../../src/host/runs/sentInstructions.ts';
import { questionNode } from '../../../src/host/tree/questionNode.ts';
import { stageNode } from '../../../src/host/tree/stageNode.ts';
import { statusText } from '../../../src/host/views/statusText.ts';
import { automaticAt } from '../../../src/protocol/words/waitingSentences.ts';
import { askedStory, silentStory } from '../../panel/askingStories.ts';
import { logsCheck, metricChecks } from '../../panel/fixtures.ts';
import { formatMoment } from '../../../src/protocol/words/format.ts';
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
    '5 of 7 stages and 0 check hooks passed.',
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

test('what silence means is said with its time of the day, which stays true', () => {
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
  const told = (deadlineMs: number, otherwise: 'rollback' | 'reject' | 'hold', nowMs = 0): string =>
    automaticAt({ question: { ...question, deadlineMs, otherwise } }, nowMs);
  const clock = formatMoment(90_000).slice(11);
  assert.deepEqual(
    [told(90_000, 'rollback'), told(90_000, 'reject'), told(90_000, 'hold')],
    [`Rolls back automatically at ${clock}.`, `Rejects automatically at ${clock}.`, `Ends as held at ${clock}.`],
  );
  const later = 90_000 + 3 * 86_400_000;
  assert.equal(told(later, 'reject'), `Rejects automatically at ${formatMoment(later)}.`, 'another day is named');
  assert.equal(told(0, 'hold', 10), '');
});

test('who acts on a question that is closed hears how it was closed, and how the run stands', () => {
  const waiting = stateOf(waitingStory);
  const [notice] = noticesOf(waiting, seen, plainEnglish);
  const answered = expectedState(waiting, 'approve');
  assert.equal(isCurrent(notice!, answered), false);
  assert.match(
    staleSentence(notice!, answered, plainEnglish),
    /^storefront 2\.14\.0 no longer waits for an answer: approved\. /,
  );
  assert.match(staleSentence(notice!, stateOf(rolledBackStory), plainEnglish), /approved by jonas\. 4 new exceptions/);
});

suite('the reason is said everywhere, not that there is one', () => {
  const nowMs = startMs + 700_000;
  const deciding = stateOf(
    askedStory([logsCheck('fail', 24.6, 4), ...metricChecks('pass', nowMs)], { deadlineMs: nowMs + 60_000 }),
  );
  const silent = stateOf(silentStory);

  test('a decision: in the notification, in the status bar, in its row', () => {
    const [notice] = noticesOf(deciding, { ...seen, nowMs }, plainEnglish);
    assert.equal(
      notice?.text,
      'storefront 2.14.0: 4 new exceptions on the canary: roll back? InventoryReservationException, ' +
        'NullPointerException and 2 more: 12 lines on prod-01 and prod-02. Rolls back automatically at ' +
        `${formatMoment(nowMs + 60_000).slice(11)}.`,
    );
    const status = statusText([deciding], nowMs, plainEnglish);
    assert.equal(status?.text, '$(bell-dot) storefront 2.14.0: 4 new exceptions on the canary: roll back?');
    assert.equal(status?.isWaiting, true);
    const row = questionNode(deciding, deciding.questions.at(-1)!, {}, nowMs, plainEnglish);
    assert.match(row.description ?? '', /^4 new exceptions on the canary: roll back\? · 1:00 left/);
  });

  test('a silent canary: amber in the status bar and the trees, and told once', () => {
    const status = statusText([silent], nowMs, plainEnglish);
    assert.match(status?.text ?? '', /^\$\(warning\) storefront 2\.14\.0: No data from .* for 5:00$/);
    assert.equal(status?.isWaiting, true);
    const told = [nowMs, nowMs + 5000].flatMap(atMs => noticesOf(silent, { ...seen, nowMs: atMs }, plainEnglish));
    assert.match(told[0]?.text ?? '', /No data from .* for 5:00\. The verification cannot finish without data\./);
    assert.equal(told[0]?.key, told[1]?.key);
    const row = stageNode(
      silent,
      stagesOf(silent).find(({ name }) => name === 'Production')!,
      {},
      nowMs,
      plainEnglish,
    );
    assert.match(row.description ?? '', /^No data from /);
    assert.deepEqual(row.icon, { name: 'warning', color: 'list.warningForeground' });
  });
});
