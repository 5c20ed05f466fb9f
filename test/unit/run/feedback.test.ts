// What reviewers say: kept in the file, journalled for the run it was said for, heeded by a verification that goes on,
// and taken back without a trace.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { createFeedbackFile } from '../../../src/adapters/files/feedbackFile.ts';
import { addFeedback, removeFeedback } from '../../../src/definition/editFeedback.ts';
import { parseFeedback } from '../../../src/definition/parseFeedback.ts';
import type { History } from '../../../src/model/history.ts';
import type { RunEvent } from '../../../src/model/runs/runEvents.ts';
import { followFeedback, journalFeedback } from '../../../src/run/feedback.ts';
import { createFeedbackKeeping, type FeedbackKeeping } from '../../../src/run/feedbackKeeping.ts';
import { openInbox } from '../../../src/run/ownership/inbox.ts';
import { openJournal } from '../../../src/run/ownership/journal.ts';
import { createVirtualClock } from '../../fakes/virtualClock.ts';
import { newHistory, someEvent, someRun, temporaryFolder } from '../adapters/store/historyFixture.ts';

const by = { name: 'maria', via: 'editor' } as const,
  cluster = { key: 'k1', template: 'Lost the race for <*>' };

function setUp(context: TestContext): {
  readonly keeping: FeedbackKeeping;
  readonly history: History;
  readonly path: string;
  readonly clock: ReturnType<typeof createVirtualClock>;
} {
  const folder = temporaryFolder(context),
    history = newHistory(context),
    clock = createVirtualClock(5_000);
  history.createRun(someRun('open'));
  history.append('open', [someEvent(1)]);
  history.createRun(someRun('over'));
  history.append('over', [someEvent(1), someEvent(2, { type: 'run-finished', outcome: 'rolled-back' })]);
  mkdirSync(join(folder, '.backstop'));
  const keeping = createFeedbackKeeping(
    { feedback: createFeedbackFile(folder), history, clock },
    { parse: parseFeedback, add: addFeedback, remove: removeFeedback },
  );
  return { keeping, history, clock, path: join(folder, '.backstop/feedback.yaml') };
}

test('a mark is in the file and in the run; taking it back leaves neither file nor doubt', async context => {
  const { keeping, history, path } = setUp(context);
  const marked = await keeping.mark({
    runId: 'over',
    cluster,
    mark: 'not-a-risk',
    reason: '  Retried:\n harmless ',
    by,
  });
  assert.deepEqual(marked, {
    ok: true,
    value: { ...cluster, mark: 'not-a-risk', reason: 'Retried: harmless', by: 'maria', atMs: 5_000 },
  });
  assert.deepEqual(keeping.read(), { ok: true, value: [marked.ok && marked.value] });
  assert.ok((await keeping.unmark({ runId: 'over', cluster, by })).ok);
  assert.equal(existsSync(path), false);
  assert.deepEqual(
    history.events('over', 2).map(({ seq: _, ...event }): Omit<RunEvent, 'seq'> => event),
    [
      {
        at: 5_000,
        type: 'feedback-given',
        by,
        givenAtMs: 5_000,
        ...cluster,
        mark: 'not-a-risk',
        reason: 'Retried: harmless',
      },
      { at: 5_000, type: 'feedback-given', by, givenAtMs: 5_000, ...cluster },
    ],
  );
});

test('taking back what was said a second time gives back what was said at first, byte for byte', async context => {
  const { keeping, path } = setUp(context);
  const byHand = 'feedback: [ { template: "Lost the race for <*>", reason: x,   mark: risk } ] # odd\n';
  writeFileSync(path, byHand);
  assert.ok((await keeping.mark({ runId: 'over', cluster, mark: 'not-a-risk', reason: 'no', by })).ok);
  assert.deepEqual(
    parseFeedback(readFileSync(path, 'utf8'), 'f').entries.map(({ mark }) => mark),
    ['not-a-risk'],
  );
  assert.ok((await keeping.unmark({ runId: 'over', cluster, by })).ok);
  assert.equal(readFileSync(path, 'utf8'), byHand);
});

test('a file with a mistake is not touched, and says where it is wrong', async context => {
  const { keeping, path } = setUp(context);
  writeFileSync(path, 'feedback:\n  - template: a\n    mark: fine\n    reason: b\n');
  const answer = await keeping.mark({ runId: 'over', cluster, mark: 'risk', reason: 'c', by });
  assert.ok(!answer.ok);
  assert.match(
    answer.failure.message,
    /^\.backstop\/feedback\.yaml has a mistake, so nothing of it counts: \.backstop\/feedback\.yaml:3:11 error: .*Found: fine\. Allowed: not-a-risk/,
  );
  assert.match(readFileSync(path, 'utf8'), /mark: fine/);
});

test('without a reason nothing is said, and what nobody said cannot be taken back', async context => {
  const { keeping, path } = setUp(context);
  assert.ok(!(await keeping.mark({ runId: 'over', cluster, mark: 'risk', reason: ' \n', by })).ok);
  assert.ok(!(await keeping.unmark({ runId: 'over', cluster, by })).ok);
  assert.equal(existsSync(path), false);
});

test('a run that goes on journals what was said, once, also when it is taken up again', async context => {
  const { keeping, history, clock } = setUp(context);
  assert.ok((await keeping.mark({ runId: 'open', cluster, mark: 'always-fail', reason: 'data loss', by })).ok);
  for (let process = 0; process < 2; process++) {
    const journal = openJournal(
        'open',
        history,
        clock,
        () => [],
        () => undefined,
      ),
      inbox = openInbox('open', history, clock, error => {
        throw error;
      }),
      ended = new AbortController();
    journalFeedback(inbox, journal, ended.signal);
    inbox.poke();
    inbox.close();
  }
  assert.deepEqual(
    history.events('open', 1).map(event => event.type),
    ['feedback-given'],
  );
});

test('what is heeded follows the file; a mistake in it is told once and changes nothing', context => {
  const { keeping, history, path, clock } = setUp(context);
  const journal = openJournal(
    'open',
    history,
    clock,
    () => [],
    () => undefined,
  );
  const follow = followFeedback({ journal, phases: { readFeedback: keeping.read } as never });
  assert.deepEqual(follow(), []);
  writeFileSync(path, addFeedback(undefined, { ...cluster, mark: 'risk', reason: 'r', by: 'm', atMs: 0 }));
  const heeded = follow();
  assert.deepEqual(
    heeded.map(({ mark }) => mark),
    ['risk'],
  );
  assert.equal(follow(), heeded);
  writeFileSync(path, 'feedback: 7\n');
  assert.deepEqual([follow(), follow()], [heeded, heeded]);
  assert.deepEqual(
    history.events('open', 1).map(event => event.type === 'noted' && event.failure.message.slice(0, 41)),
    ['.backstop/feedback.yaml has a mistake, so'],
  );
});
