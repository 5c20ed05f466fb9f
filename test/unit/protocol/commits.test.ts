// The commits on the card of an approver: a few, harmless whatever they say, and for which builds they are asked.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newBuilds, snapshotCommits } from '../../../src/protocol/snapshot/approval/snapshotCommits.ts';

const build = (job: string, number: number) => ({ version: '1', build: { job, number, url: '' } });

test('commits are asked for builds of the same job, from the older to the newer one', () => {
  assert.deepEqual(newBuilds(build('shop', 3), build('shop', 7)), { after: 3, to: 7 });
  for (const [running, next] of [
    [build('shop', 7), build('shop', 3)],
    [build('shop', 3), build('other', 7)],
    [{ version: '1' }, build('shop', 7)],
    [undefined, build('shop', 7)],
  ] as const)
    assert.equal(newBuilds(running, next), undefined);
});

test('what a commit says cannot steer the panel, and is cut', () => {
  const { shown, more } = snapshotCommits({
    commits: [{ id: '0'.repeat(100), subject: `\u001b[2J\u202efix\n${'x'.repeat(500)}`, author: 'a\u0000b' }],
    more: 0,
    isWhole: false,
  });
  assert.deepEqual(shown[0], { id: '00000000', subject: `fix ${'x'.repeat(115)}…`, author: 'ab' });
  assert.equal(more, 'there may be more');
});
