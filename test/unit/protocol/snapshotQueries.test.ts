// One entry for a query, however often it was asked, with the times that it read.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Pipeline } from '../../../src/model/pipeline.ts';
import type { QueryRecord } from '../../../src/model/evidence/verdict.ts';
import { snapshotQueries, withoutTimes } from '../../../src/protocol/snapshot/snapshotQueries.ts';

const asked = Array.from({ length: 14 }, (_, index): QueryRecord => {
  const fromMs = 1_763_900_000_000 + index * 30_000;
  return {
    source: 'quality',
    text: `SELECT * FROM Log SINCE ${fromMs} UNTIL ${fromMs + 30_000}`,
    atMs: fromMs + 31_000,
    durationMs: 600,
    bytes: 1_000,
    rows: 10,
    fromMs,
    toMs: fromMs + 30_000,
  };
});
const fixed = {
  connections: { logs: { vendor: 'v', url: 'https://logs.example.com' } },
  healthSources: { quality: { name: 'quality', kind: 'logs', vendor: 'v', connection: 'logs' } },
} as unknown as Pipeline;

test('a query that differs only in its times is one entry', () => {
  const other: QueryRecord = { ...asked[0]!, text: 'SELECT count(*)' };
  const { summary, entries } = snapshotQueries([...asked, other], fixed, () => undefined);
  assert.equal(summary, '2 queries, run 15 times');
  assert.deepEqual(
    entries.map(({ asked: times, total, windows, hidden }) => [times, total, windows.length, hidden]),
    [
      ['run 14 times, every 30 s', '140 rows, 14 kB', 12, 2],
      ['run once', '10 rows, 1 kB', 1, 0],
    ],
  );
  assert.equal(entries[0]?.text, asked.at(-1)?.text);
});

test('the page is that of the latest time, and only a web address is linked', () => {
  const pages: number[] = [];
  const [entry] = snapshotQueries(asked, fixed, ({ connection, fromMs }) => {
    pages.push(fromMs);
    return { vendor: 'V', url: `${connection.url}/q` };
  }).entries;
  assert.deepEqual([entry?.page, pages], [{ vendor: 'V', url: 'https://logs.example.com/q' }, [asked.at(-1)?.fromMs]]);
  const script = snapshotQueries(asked, fixed, () => ({ vendor: 'V', url: 'javascript:alert(1)' })).entries[0];
  assert.equal(script?.page, undefined);
  assert.equal(
    snapshotQueries(asked, undefined, () => ({ vendor: 'V', url: 'https://a' })).entries[0]?.page,
    undefined,
  );
});

test('times are found in every form in which queries name them', () => {
  for (const time of [
    '1763900000000',
    '1763900000',
    '2026-11-23T14:00:00.000Z',
    '2026-11-23 14:00:00',
    '2026-11-23T14:00',
  ])
    assert.equal(withoutTimes(`a ${time} b`), 'a # b');
  assert.equal(withoutTimes('LIMIT 2000 TIMESERIES 15 seconds'), 'LIMIT 2000 TIMESERIES 15 seconds');
});
