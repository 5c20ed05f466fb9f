// Which release is the last working one, and what differs between two.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  compareReleases,
  findLastWorking,
  type LedgerEntry,
  type Release,
  type Standing,
} from '../../../src/model/release.ts';

const entry = (release: string, standing: Standing, at = 0): LedgerEntry => ({
  service: 's',
  environment: 'e',
  release,
  standing,
  runId: 'r',
  at,
});

test('the newest verified release, not the previous one', () => {
  assert.equal(findLastWorking([entry('a', 'verified'), entry('b', 'failed'), entry('c', 'rolled-back')]), 'a');
});

test('a release promoted by hand counts as working', () => {
  assert.equal(findLastWorking([entry('a', 'verified'), entry('b', 'promoted-by-hand')]), 'b');
});

test('only the newest word on a release counts', () => {
  assert.equal(findLastWorking([entry('a', 'verified'), entry('b', 'verified'), entry('b', 'rolled-back')]), 'a');
  assert.equal(findLastWorking([entry('a', 'failed'), entry('a', 'verified')]), 'a');
});

test('never the release that is being left', () => {
  assert.equal(findLastWorking([entry('a', 'verified'), entry('b', 'verified')], 'b'), 'a');
  assert.equal(findLastWorking([entry('b', 'verified')], 'b'), undefined);
});

test('whatever the ledger, the answer is a release whose newest standing is good', () => {
  const standing = fc.constantFrom<Standing>(
    'deploying',
    'verified',
    'deployed',
    'promoted-by-hand',
    'failed',
    'rolled-back',
    'held',
    'unverified',
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), standing)),
      fc.option(fc.constantFrom('a', 'b')),
      (rows, except) => {
        const entries = rows.map(([release, how], at) => entry(release, how, at));
        const good = ['a', 'b', 'c', 'd'].filter(
          id =>
            id !== except &&
            ['verified', 'deployed', 'promoted-by-hand'].includes(
              entries.findLast(one => one.release === id)?.standing ?? '',
            ),
        );
        const newest = good.sort(
          (one, other) =>
            entries.findLastIndex(row => row.release === other) - entries.findLastIndex(row => row.release === one),
        )[0];
        assert.equal(findLastWorking(entries, except ?? undefined), newest);
      },
    ),
  );
});

const releaseOf = (version: string, files: Record<string, string>, variables: Record<string, string>): Release => ({
  id: version,
  service: 's',
  artifact: { version },
  createdAt: 0,
  configuration: {
    digest: version,
    variables,
    files: Object.entries(files).map(([path, digest]) => ({ path, digest, sizeBytes: 1 })),
  },
});

test('the difference names version, files and variables, and nothing that is the same', () => {
  const from = releaseOf('2.0', { 'a.json': '1', 'b.json': '1', 'c.json': '1' }, { MODE: 'new', KEEP: 'x', GONE: '1' });
  const to = releaseOf('1.0', { 'a.json': '2', 'b.json': '1', 'd.json': '1' }, { MODE: 'old', KEEP: 'x', COMES: '2' });
  assert.deepEqual(compareReleases(from, to), {
    version: { from: '2.0', to: '1.0' },
    files: [
      { path: 'a.json', change: 'changed' },
      { path: 'c.json', change: 'removed' },
      { path: 'd.json', change: 'added' },
    ],
    variables: [
      { name: 'COMES', from: undefined, to: '2' },
      { name: 'GONE', from: '1', to: undefined },
      { name: 'MODE', from: 'new', to: 'old' },
    ],
  });
  assert.deepEqual(compareReleases(from, from), { files: [], variables: [] });
});
