// Which runs are listed: those of the workspace by default, and fewer or others by a filter.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunSummary } from '../../../src/model/history.ts';
import { describeFilter, filterRuns, type RunFilter } from '../../../src/host/tree/runFilter.ts';
import { plainEnglish } from '../../../src/protocol/words/translate.ts';

const run = (id: string, more: Partial<RunSummary>): RunSummary => ({
  id,
  number: 1,
  pipeline: 'storefront',
  service: 'storefront',
  identity: 'shop/storefront',
  by: { name: 'maria', via: 'editor' },
  version: '2.14.0',
  inputs: {},
  startedAtMs: 0,
  ...more,
});
const runs = [
  run('own', { outcome: 'promoted' }),
  run('jonas', { outcome: 'held', by: { name: 'Jonas', via: 'cli' }, version: '2.13.2' }),
  run('foreign', { identity: 'other/storefront', outcome: 'held' }),
  run('renamed', { identity: 'shop/old name', outcome: 'failed' }),
];
const own = { services: new Set(['shop/storefront']), isOwnRun: (id: string) => id === 'renamed' };
const listed = (filter: RunFilter, of: typeof own | undefined = own): readonly string[] =>
  filterRuns(runs, filter, of).map(({ id }) => id);

test('runs of the workspace are listed: of its services, and those that it started', () => {
  assert.deepEqual(listed({}), ['own', 'jonas', 'renamed']);
  assert.deepEqual(filterRuns(runs, {}, undefined), runs, 'a window without a folder lists all');
});

test('a filter lists other workspaces, one outcome, or what a text names', () => {
  assert.deepEqual(listed({ all: true }).length, 4);
  assert.deepEqual(listed({ all: true, outcome: 'held' }), ['jonas', 'foreign']);
  assert.deepEqual(listed({ text: 'JONAS' }), ['jonas']);
  assert.deepEqual(listed({ text: '2.14' }), ['own', 'renamed']);
});

test('a filter is named beside the title, the usual list is not', () => {
  assert.equal(describeFilter({}, plainEnglish), undefined);
  assert.equal(
    describeFilter({ all: true, outcome: 'held', text: '2.14' }, plainEnglish),
    'all workspaces · held · “2.14”',
  );
});
