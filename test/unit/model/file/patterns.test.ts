// Which regular expressions are taken, and that none of them is slow.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { compileWhole, findPatternMistake } from '../../../../src/model/file/patterns.ts';

describe('findPatternMistake', () => {
  const fine = [
    'CHG-\\d+',
    '\\d+\\.\\d+\\.\\d+',
    'v?\\d+(\\.\\d+)*',
    '(CHG|INC)-\\d{1,8}',
    '[a-z0-9]+(-[a-z0-9]+)*',
    '.*',
    'release/.+',
    '(?:a|b)?c',
    '\\p{Lu}\\w*',
    '[^/]+/[^/]+',
    '\\d{4}-\\d{2}-\\d{2}',
    '(?<year>\\d{4})',
    'a{2,}',
    '(\\d{3}){2}',
    '',
  ];
  for (const pattern of fine)
    test(`takes ${pattern || 'the empty pattern'}`, () => {
      assert.equal(findPatternMistake(pattern), undefined);
    });

  const slow = [
    '(a+)+',
    '(a*)*b',
    '(a|aa)+',
    '(a|b|ab)*c',
    '([a-z]+)*',
    '(.*)*',
    '(\\w+\\s?)*',
    '((a+))+',
    '(a+){20}',
    '(x+x+)+y',
    '.*.*.*=',
    '\\w*\\w*\\w*1',
    '(\\.\\d*\\.?)*',
    '(a?){50}a{50}',
    '(?=(a+)+)b',
    'a*\\Ba*\\Ba*\\Ba*',
    'a*(?!x)a*(?!x)a*',
    '[α-γ]*[α-γ]*[α-γ]*',
    'a?'.repeat(30),
    '(\\.a*a*)+',
    '(a)\\1',
    '(?<n>a)\\k<n>',
  ];
  for (const pattern of slow)
    test(`refuses ${pattern}`, () => {
      assert.ok(findPatternMistake(pattern));
    });

  const broken = ['(', '[', '*', 'a{2,1}', '\\', '(?<n', '\\u{110000}'];
  for (const pattern of broken)
    test(`says that ${pattern} does not compile`, () => {
      assert.match(findPatternMistake(pattern) ?? '', /does not compile/);
    });

  test('refuses a long one', () => {
    assert.match(findPatternMistake('a'.repeat(301)) ?? '', /longer than 300/);
  });
});

test('no pattern that is taken needs long for a text of 200 characters', () => {
  const atom = fc.constantFrom('a', 'b', '.', '\\d', '\\w', '[ab]', '[^b]', '-');
  const { pattern } = fc.letrec<{ pattern: string; item: string }>(tie => ({
    item: fc
      .tuple(
        fc.oneof(
          { maxDepth: 3 },
          atom,
          tie('pattern').map(inner => `(${inner})`),
        ),
        fc.constantFrom('', '', '*', '+', '?', '{2,}', '{3}', '{0,30}'),
      )
      .map(parts => parts.join('')),
    pattern: fc
      .array(
        fc.array(tie('item'), { minLength: 1, maxLength: 5 }).map(items => items.join('')),
        { minLength: 1, maxLength: 2 },
      )
      .map(alternatives => alternatives.join('|')),
  }));
  const texts = ['a', 'b', 'ab', 'a-', '1', 'aab'].map(part => `${part.repeat(200).slice(0, 200)}!`);
  let taken = 0;
  fc.assert(
    fc.property(pattern, source => {
      if (findPatternMistake(source) !== undefined) return;
      taken++;
      const whole = compileWhole(source);
      const start = process.cpuUsage().user;
      for (const text of texts) whole.test(text);
      const tookMs = (process.cpuUsage().user - start) / 1_000;
      assert.ok(tookMs < 200, `${source} took ${tookMs} ms`);
    }),
    { numRuns: 3_000, seed: 7 },
  );
  assert.ok(taken > 300, String(taken));
});
