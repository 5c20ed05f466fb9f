// Evidence as a confidence: its figures, and the words that go with them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { confidenceOf, confidenceWord, formatConfidence } from '../../../src/protocol/words/confidence.ts';

test('confidence is 1 - 1/e, rounded down, at least 0 and at most 99.9 %', () => {
  assert.deepEqual([0, 0.4, 1, 2, 19.9, 20, 100, 3.77e91, Infinity].map(formatConfidence), [
    '0 %',
    '0 %',
    '0 %',
    '50 %',
    '94 %',
    '95 %',
    '99 %',
    '99.9 %',
    '99.9 %',
  ]);
  assert.equal(confidenceOf(Number.NaN), 0);
});

test('its words follow 50 %, 80 % and the limit of the check', () => {
  assert.deepEqual(
    [1, 2, 5, 19.9, 20].map(evidence => confidenceWord(evidence, 20)),
    ['No evidence of it', 'Weak evidence', 'Not sure yet', 'Not sure yet', 'Sure enough to fail'],
  );
  assert.equal(confidenceWord(20, 26.7), 'Not sure yet');
});
