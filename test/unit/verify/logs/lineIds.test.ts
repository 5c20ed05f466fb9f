// Ids of lines: each counts once, in memory that does not grow with their number.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLineIds, seen, unnamed, type LineIds } from '../../../../src/verify/logs/count/lineIds.ts';

function enter(ids: LineIds, id: string): number {
  const entries = new Int32Array(1);
  ids.enter([{ id }], 0, entries);
  return entries[0]!;
}

test('a line is entered once, and keeps the value it was given', () => {
  const ids = createLineIds();
  const first = enter(ids, 'a'),
    other = enter(ids, 'b');
  assert.equal(enter(ids, 'a'), seen);
  assert.equal(ids.valueOf('a'), undefined);
  ids.set(first, 0);
  ids.set(other, 7);
  assert.deepEqual([ids.valueOf('a'), ids.valueOf('b'), ids.valueOf('c')], [0, 7, undefined]);
});

test('lines are entered as many at once as there is room for; those without an id are never known', () => {
  const ids = createLineIds(),
    entries = new Int32Array(3),
    lines = [{ id: 'a' }, {}, { id: 'b' }, { id: 'a' }, {}];
  assert.equal(ids.enter(lines, 0, entries), 3);
  assert.deepEqual([...entries], [0, unnamed, 1]);
  assert.equal(ids.enter(lines, 3, entries), 5);
  assert.deepEqual([...entries.subarray(0, 2)], [seen, unnamed]);
  ids.set(unnamed, 4);
  assert.equal(ids.valueOf('a'), undefined);
});

test('the last quarter of a million is remembered, what is older than twice as many is forgotten', () => {
  const ids = createLineIds(),
    count = 1_000_000;
  const first = enter(ids, 'line 0');
  for (let i = 1; i < count; i++) assert.equal(enter(ids, `line ${i}`), i);
  ids.set(first, 3);
  assert.equal(ids.valueOf('line 0'), undefined);
  assert.equal(enter(ids, `line ${count - 250_000}`), seen);
  assert.notEqual(enter(ids, 'line 0'), seen);
});

test('the number of a line that is seen again does not hide behind that of another', () => {
  const ids = createLineIds(),
    count = 250_000;
  for (let i = 0; i < count; i++) ids.set(enter(ids, `${i}`), i);
  for (let i = 0; i < count; i += 7) assert.equal(ids.valueOf(`${i}`), i);
});
