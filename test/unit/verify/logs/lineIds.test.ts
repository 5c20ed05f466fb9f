// Ids of lines: each counts once, in memory that does not grow with their number.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLineIds } from '../../../../src/verify/logs/count/lineIds.ts';

test('a line is entered once, and keeps the value it was given', () => {
  const ids = createLineIds();
  const first = ids.enter('a'),
    other = ids.enter('b');
  assert.equal(ids.enter('a'), undefined);
  assert.equal(ids.valueOf('a'), undefined);
  ids.set(first!, 0);
  ids.set(other!, 7);
  assert.deepEqual([ids.valueOf('a'), ids.valueOf('b'), ids.valueOf('c')], [0, 7, undefined]);
});

test('the last quarter of a million is remembered, what is older than twice as many is forgotten', () => {
  const ids = createLineIds(),
    count = 1_000_000;
  const first = ids.enter('line 0')!;
  for (let i = 1; i < count; i++) ids.enter(`line ${i}`);
  ids.set(first, 3);
  assert.equal(ids.valueOf('line 0'), undefined);
  assert.equal(ids.enter(`line ${count - 250_000}`), undefined);
  assert.notEqual(ids.enter('line 0'), undefined);
});
