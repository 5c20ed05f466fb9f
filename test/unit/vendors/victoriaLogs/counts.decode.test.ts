// Counts of VictoriaLogs: groups with both sides, and answers that are none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeVictoriaLogsCounts } from '../../../../src/vendors/victoriaLogs/counts.decode.ts';

const atMs = Date.parse('2026-11-30T10:00:00Z');
const window = { part: 'sides', fromMs: atMs, toMs: atMs + 60_000, sliceMs: 2_000 };
const context = { ...window, node: 'host', nodes: '["c","b"]', canary: '["c"]' };
const decode = (text: string, more = {}) =>
  decodeVictoriaLogsCounts(new TextEncoder().encode(text), { ...context, ...more });

const counts = JSON.stringify([
  { _time: '2026-11-30T10:00:02Z', host: 'c:8080', backstop_lines: '3' },
  { _time: '2026-11-30T10:00:04Z', host: 'b', backstop_lines: '4' },
  { _time: '2026-11-30T10:00:06Z', host: 'b', backstop_lines: '1' },
  { _time: '2026-11-30T10:00:04Z', host: 'stranger', backstop_lines: '9' },
  { _time: 'never', host: 'b', backstop_lines: '9' },
]);
const row = { level: 'error', total: '20', counts, canary_text: 'boom 1', baseline_text: 'boom 2' };
const groups = [
  {
    canary: { lines: 3, sample: 'ERROR boom 1', slices: [[atMs + 2_000, 3]], nodes: { c: 3 } },
    baseline: {
      lines: 5,
      sample: 'ERROR boom 2',
      slices: [
        [atMs + 4_000, 4],
        [atMs + 6_000, 1],
      ],
      nodes: { b: 5 },
    },
  },
];

test('a group has a sample, slices of time and nodes for each side', () => {
  const decoded = decode(`${JSON.stringify(row)}\n`);
  assert.ok(decoded.ok);
  assert.deepEqual(decoded.value.counts, { ...window, total: 20, groups });
});

test('with a pattern, what the server counted of other nodes is not missing', () => {
  const decoded = decode(`${JSON.stringify(row).replaceAll('c:8080', 'pod-c')}\n`, { nodePattern: '(?:pod-)?(.*)' });
  assert.ok(decoded.ok);
  assert.deepEqual(decoded.value.counts, { ...window, total: 8, groups });
});

test('no line gives no group; what is cut or is no JSON is no answer', () => {
  const empty = decode('');
  assert.ok(empty.ok);
  assert.deepEqual(empty.value.counts?.groups, []);
  for (const text of ['{"level":"x"}', 'no\n']) assert.ok(!decode(text).ok);
});
