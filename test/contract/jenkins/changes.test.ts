// The commits between two builds, from the change sets of the local Jenkins.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createArtifacts } from '../../../src/vendors/artifacts.ts';
import { jenkinsStage } from './stage.ts';

const source = {
  kind: 'build',
  vendor: 'jenkins',
  title: 'Jenkins',
  connection: 'ci',
  job: 'shop',
  watch: 'off',
  options: { version: 'number' },
} as const;

test('what was committed after one build and up to another, newest first, failed builds included', async context => {
  const { vendors, connection } = await jenkinsStage(context, 'in process');
  const read = async (after: number, to: number) => {
    const found = await createArtifacts(vendors).commits?.(source, connection, { after, to }, context.signal);
    assert.ok(found?.ok);
    return found.value;
  };
  assert.deepEqual(await read(1, 3), {
    commits: [
      { id: '3b0ffee', subject: 'Finish 3', author: 'Maria' },
      { id: '3a0ffee', subject: 'Begin 3', author: 'Lena' },
      { id: '2b0ffee', subject: 'Finish 2', author: 'Maria' },
      { id: '2a0ffee', subject: 'Begin 2', author: 'Lena' },
    ],
    more: 0,
    isWhole: true,
  });
  assert.deepEqual([(await read(0, 1)).isWhole, (await read(2, 9)).isWhole], [false, false]);
});
