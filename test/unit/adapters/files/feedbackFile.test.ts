// The feedback file on the disk: read where it is there, replaced as a whole, and never over what somebody else just
// wrote.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createFeedbackFile } from '../../../../src/adapters/files/feedbackFile.ts';
import { temporaryFolder } from '../store/historyFixture.ts';

test('a missing file is no mistake; writing makes it, removing takes it away', context => {
  const folder = temporaryFolder(context),
    file = createFeedbackFile(folder);
  assert.deepEqual(file.read(), { ok: true, value: undefined });
  assert.ok(file.replace(undefined, 'a').ok);
  assert.deepEqual(file.read(), { ok: true, value: 'a' });
  assert.ok(file.replace('a', 'b').ok);
  assert.deepEqual(readdirSync(join(folder, '.backstop')), ['feedback.yaml']);
  assert.ok(file.replace('b', undefined).ok);
  assert.deepEqual(file.read(), { ok: true, value: undefined });
});

test('what somebody else wrote meanwhile is not overwritten', context => {
  const folder = temporaryFolder(context),
    file = createFeedbackFile(folder),
    path = join(folder, '.backstop/feedback.yaml');
  mkdirSync(join(folder, '.backstop'));
  writeFileSync(path, 'theirs');
  const answer = file.replace('mine before', 'mine');
  assert.ok(!answer.ok);
  assert.match(answer.failure.message, /feedback\.yaml was changed by somebody else/);
  assert.equal(readFileSync(path, 'utf8'), 'theirs');
});

test('what cannot be read is said by name, and too much is not read', context => {
  const folder = temporaryFolder(context);
  mkdirSync(join(folder, '.backstop/feedback.yaml'), { recursive: true });
  const unreadable = createFeedbackFile(folder).read();
  assert.ok(!unreadable.ok && unreadable.failure.message.includes('.backstop/feedback.yaml cannot be read'));
  const other = temporaryFolder(context);
  mkdirSync(join(other, '.backstop'));
  writeFileSync(join(other, '.backstop/feedback.yaml'), '#'.repeat(1_000_001));
  const large = createFeedbackFile(other).read();
  assert.ok(!large.ok && large.failure.message.includes('larger than 1000 kB'));
});
