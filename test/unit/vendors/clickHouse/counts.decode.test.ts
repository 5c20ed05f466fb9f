// Counts of ClickHouse: groups with both sides, and answers that are none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeClickHouseCounts } from '../../../../src/vendors/clickHouse/counts.decode.ts';

const context = { part: 'sides', fromMs: 1_000_000, toMs: 1_060_000, sliceMs: 2_000 };
const decode = (answer: unknown) => decodeClickHouseCounts(new TextEncoder().encode(JSON.stringify(answer)), context);

test('a group has a sample, slices of time and nodes for each side, with numbers as numbers or as texts', () => {
  const decoded = decode({
    data: [
      [
        'Error',
        '7',
        'boom 1',
        [
          [0, '3'],
          ['2', 1],
        ],
        [['c'], [3]],
        '',
        [[1], ['4']],
        [['b'], ['4']],
      ],
      'x',
    ],
    totals: ['', '9'],
  });
  assert.ok(decoded.ok);
  assert.deepEqual(decoded.value.counts, {
    ...context,
    total: 9,
    groups: [
      {
        canary: {
          lines: 3,
          sample: 'ERROR boom 1',
          slices: [
            [1_000_000, 2],
            [1_006_000, 1],
          ],
          nodes: { c: 3 },
        },
        baseline: { lines: 4, slices: [[1_002_000, 4]], nodes: { b: 4 } },
      },
    ],
  });
});

test('an answer without rows, without totals or with other columns gives no group', () => {
  for (const answer of [null, {}, { data: [] }, { data: {}, totals: [] }]) assert.ok(!decode(answer).ok);
  const odd = decode({ data: [[], [1, 2, 3], ['', 1, 'x', [[0], []], [], 5, [[{}], ['y']], null]], totals: ['', 0] });
  assert.ok(odd.ok);
  assert.deepEqual(
    odd.value.counts?.groups.map(({ canary, baseline }) => [canary.lines, baseline.lines]),
    [
      [0, 0],
      [0, 0],
      [0, 0],
    ],
  );
});
