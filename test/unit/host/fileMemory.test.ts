// What the host must not forget across a reload is on the disk at once.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createFileMemory } from '../../../src/host/stored/fileMemory.ts';
import { keepOwnRuns } from '../../../src/host/runs/ownRuns.ts';
import { temporaryFolder } from '../adapters/store/historyFixture.ts';

test('a run that was just started is found by the next process', async context => {
  const path = join(temporaryFolder(context), 'not there yet', 'memory.json');
  await keepOwnRuns(createFileMemory(path)).add('run-1', '/shop');
  await keepOwnRuns(createFileMemory(path)).add('run-2', '/shop');
  assert.deepEqual(
    keepOwnRuns(createFileMemory(path))
      .list()
      .map(({ runId }) => runId),
    ['run-1', 'run-2'],
  );
  await keepOwnRuns(createFileMemory(path)).remove('run-1');
  assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')), { ownRuns: { 'run-2': '/shop' } });
});

test('a damaged file holds nothing, and is written anew', async context => {
  const path = join(temporaryFolder(context), 'memory.json');
  writeFileSync(path, '{"ownRuns": {');
  const runs = keepOwnRuns(createFileMemory(path));
  assert.deepEqual(runs.list(), []);
  await runs.add('run-1', '/shop');
  assert.equal(runs.folderOf('run-1'), '/shop');
});
