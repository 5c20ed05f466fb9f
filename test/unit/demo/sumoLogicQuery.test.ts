// Whatever is sent as a Sumo Logic query is read or refused, in time that grows with its length.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseSumoQuery, SumoQueryError } from '../../../src/demo/sumoLogic/query.ts';
import { matchesWildcard } from '../../../src/demo/servers/wildcards.ts';

const record = {
  id: 1,
  atMs: 0,
  node: 'prod-01',
  category: 'prod/storefront',
  text: 'ERROR Payment failed! Retrying (3) "later"',
};

function outcome(query: string): boolean | string {
  try {
    return parseSumoQuery(query).matches(record);
  } catch (error) {
    assert.ok(error instanceof SumoQueryError, String(error));
    return error.message;
  }
}

test('what cannot be read is named', () => {
  assert.deepEqual(
    [
      '(error',
      'error)',
      'a OR',
      'OR a',
      '"open',
      '_sourceHost=',
      'a | sort by b',
      'a | count by',
      'a | count by b c',
      'a | count by _nothing',
      'a | count by _timeslice',
      'a | timeslice soon',
      'a | count | count',
    ].map(outcome),
    [
      'Parse error: unexpected end of the query',
      "Parse error: unexpected ')'",
      'Parse error: unexpected end of the query',
      "Parse error: unexpected 'OR'",
      'Parse error: unbalanced quote at position 1',
      'Parse error: unexpected end of the query',
      "Parse error: unexpected 'sort'",
      'Parse error: unexpected end of the query',
      "Parse error: unexpected 'c'",
      'Field _nothing not found, please check the spelling and try again.',
      'Field _timeslice not found, please check the spelling and try again.',
      "Parse error: unexpected 'soon'",
      "Parse error: unexpected 'count'",
    ],
  );
});

test('the form that an engine narrows to its nodes is read', () => {
  assert.equal(outcome('(_sourceCategory=prod/storefront) (_sourceHost="prod-01" or _sourceHost="prod-02")'), true);
  assert.equal(outcome('(*) (_sourceHost="prod-02")'), false);
  assert.equal(outcome('failed! NOT succeeded'), true);
  assert.equal(outcome('failed AND "Retrying (3) \\"later\\""'), true);
});

test('no text makes the parser throw anything else, nested ones neither', () => {
  const words = fc.constantFrom(
    'a',
    'AND',
    'OR',
    'NOT',
    '(',
    ')',
    '=',
    '"',
    '"x y"',
    '|',
    'count',
    'by',
    'as',
    ',',
    '_sourceHost',
    'timeslice',
    '1m',
    '!',
    '*',
    'prod*',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(words, { maxLength: 20 }).map(list => list.join(' ')),
      ),
      query => {
        outcome(query);
      },
    ),
    { numRuns: 3000, seed: 7 },
  );
  assert.match(String(outcome('('.repeat(1000))), /nested too deeply/);
  assert.match(String(outcome('a '.repeat(10_000))), /too long/);
});

test('a wildcard pattern matches what it was made from, and nothing without its pieces', () => {
  const piece = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 4 });
  fc.assert(
    fc.property(
      fc.array(piece, { minLength: 1, maxLength: 5 }),
      fc.array(piece, { minLength: 5, maxLength: 5 }),
      (pieces, fillers) => {
        const text = pieces.map((one, index) => (index === 0 ? one : fillers[index]! + one)).join('');
        assert.ok(matchesWildcard(text, pieces.join('*'), '*'));
        assert.ok(!matchesWildcard(text, `${pieces.join('*')}*c`, '*'));
      },
    ),
    { numRuns: 500, seed: 7 },
  );
});
