// `backstop feedback` and `backstop report` with a real store and a real folder: what a reviewer without the editor
// does.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { createFeedbackFile } from '../../../src/adapters/files/feedbackFile.ts';
import { addFeedback, removeFeedback } from '../../../src/definition/editFeedback.ts';
import { parseFeedback } from '../../../src/definition/parseFeedback.ts';
import type { History } from '../../../src/model/history.ts';
import { createFeedbackKeeping } from '../../../src/run/feedbackKeeping.ts';
import { reconsider } from '../../../src/verify/reconsider.ts';
import { createVirtualClock } from '../../fakes/virtualClock.ts';
import { newHistory, someRun, temporaryFolder } from '../adapters/store/historyFixture.ts';
import { backstop, type Session } from './fakes.ts';
import { fourExceptions, rolledBackStory } from './stories.ts';

function setUp(context: TestContext): {
  readonly history: History;
  readonly folder: string;
  readonly file: string;
  call(...words: readonly string[]): Promise<Session>;
} {
  const folder = temporaryFolder(context),
    history = newHistory(context),
    file = join(folder, '.backstop/feedback.yaml'),
    pipeline = join(folder, '.backstop/pipelines/storefront.yaml');
  history.createRun(someRun('r', { service: 'storefront', version: '2.14.0' }));
  history.append(
    'r',
    rolledBackStory.map((event, index) => ({ ...event, seq: index + 1 })),
  );
  mkdirSync(dirname(pipeline), { recursive: true });
  writeFileSync(pipeline, '');
  const keeping = createFeedbackKeeping(
    { feedback: createFeedbackFile(folder), history, clock: createVirtualClock(0) },
    { parse: parseFeedback, add: addFeedback, remove: removeFeedback },
  );
  const over = {
    history,
    feedback: keeping.read,
    mark: keeping.mark,
    unmark: keeping.unmark,
    reconsider: (checks: Parameters<typeof reconsider>[0]) => {
      const read = keeping.read();
      return reconsider(checks, read.ok ? read.value : []);
    },
  };
  return { history, folder, file, call: (...words) => backstop(words, { cwd: folder, over }) };
}

test('clusters are listed by letter, marked with a reason, and the run says what it would have been', async context => {
  const { call, file } = setUp(context);
  assert.match(
    (await call('feedback', 'last')).out,
    /^A {3}InventoryReservationException: no stock row[\s\S]*^D {3}CompletionException[\s\S]*has marks for 0 log events/m,
  );
  const first = await call('feedback', 'last', 'a', 'not-a-risk', '--reason', 'Retried');
  assert.equal(first.status, 0, first.err);
  assert.match(
    first.out,
    /is not a risk from now on\. Saved in \.backstop\/feedback\.yaml[\s\S]*would not have changed/,
  );
  for (const letter of ['B', 'C']) await call('feedback', 'last', letter, 'not-a-risk', '--reason', 'x');
  assert.match(
    (await call('feedback', 'last', fourExceptions[3]!.key, 'not-a-risk', '--reason', 'x')).out,
    /the verification would have passed/,
  );
  assert.deepEqual(
    parseFeedback(readFileSync(file, 'utf8'), 'f')
      .entries.map(({ mark, by, reason }) => [mark, by, reason])
      .at(1),
    ['not-a-risk', 'maria', 'Retried'],
  );
  assert.match((await call('feedback', 'last')).out, /marked as not a risk, by maria: Retried/);
  for (const letter of ['A', 'B', 'C', 'D']) assert.equal((await call('feedback', 'last', letter, 'undo')).status, 0);
  assert.equal(existsSync(file), false);
});

test('what is missing or wrong is said, and nothing is written', async context => {
  const { call, file } = setUp(context);
  const said = async (...words: readonly string[]): Promise<string> => {
    const { status, err } = await call('feedback', ...words);
    return `${status} ${err}`;
  };
  assert.match(await said('last', 'A', 'not-a-risk'), /^3 backstop: A reason is required[\s\S]*--reason TEXT/);
  assert.match(
    await said('last', 'A', 'no-risk', '--reason', 'x'),
    /^3 backstop: There is no mark "no-risk"\. Did you mean not-a-risk\?/,
  );
  assert.match(await said('last', 'Z', 'risk', '--reason', 'x'), /^3 backstop: Run #1 has no log event "Z"/);
  assert.match(await said('7', 'A', 'risk'), /^3 backstop: There is no run 7/);
  assert.match(await said('last', 'A', 'undo'), /^3 backstop: Nobody has said anything of this log event/);
  assert.equal(existsSync(file), false);
});

test('a run of another repository is not marked here', async context => {
  const { history } = setUp(context),
    other = temporaryFolder(context);
  const { status, err } = await backstop(['feedback', 'last', 'A', 'risk', '--reason', 'x'], {
    cwd: other,
    over: { history },
  });
  assert.equal(status, 3);
  assert.match(err, /belongs to \.backstop\/pipelines\/storefront\.yaml, which is not in this folder/);
});

test('a report is one file that holds the run, and hostile text in it stays text', async context => {
  const { call, folder } = setUp(context);
  const { out, status, err } = await call('report', 'last', '--out', 'report.html');
  assert.equal(status, 0, err);
  assert.match(out, /^Run #1 written to report\.html, [\d.]+ kB\./);
  const html = readFileSync(join(folder, 'report.html'), 'utf8');
  assert.match(html, /<meta http-equiv="Content-Security-Policy" content="default-src 'none'/);
  assert.match(html, /console\.log\("panel"\)/);
  assert.ok(html.includes('InventoryReservationException: no stock row for sku \\u003c*>'));
  assert.match((await call('report', 'last')).err, /report needs a file to write/);
  assert.match(
    (await call('report', 'last', '--out', 'no/such/folder/x.html')).err,
    /no\/such\/folder\/x\.html cannot be written/,
  );
});
