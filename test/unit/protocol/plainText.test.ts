// Hostile text must not steer a terminal, hide a word or reorder a line.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { plainLine, plainText } from '../../../src/protocol/words/plainText.ts';

suite('plain text', () => {
  for (const [what, hostile, plain] of [
    ['colours and cursor movements', '\u001b[31mred\u001b[0m \u001b[2Jgone\u001b[10;10H', 'red gone'],
    ['window titles', 'a\u001b]0;owned\u0007b', 'ab'],
    ['links', '\u001b]8;;http://evil.example\u001b\\click\u001b]8;;\u001b\\', 'click'],
    ['eight-bit sequences', '\u009b31mred', 'red'],
    ['an unterminated sequence, but not the words after it', 'a\u001b]0;still here', 'a]0;still here'],
    ['carriage returns that overwrite', 'password\rharmless', 'password\nharmless'],
    ['backspaces and bells', 'a\b\u0007b', 'ab'],
    ['direction overrides', 'user\u202egnp.exe', 'usergnp.exe'],
    ['zero-width characters', 'pay\u200bpal\ufeff', 'paypal'],
    ['lone surrogates', 'a\ud800b', 'ab'],
    ['tags', 'a\u{e0041}b', 'ab'],
  ] as const)
    test(`loses ${what}`, () => assert.equal(plainText(hostile), plain));

  test('keeps words of every script, wide characters and emoji', () => {
    for (const text of ['Überprüfung fehlgeschlagen', '検証に失敗', 'проверка', '👍🏽 done'])
      assert.equal(plainText(text), text);
  });

  test('of anything at all nothing is left that a terminal obeys', () => {
    const nasty = fc
      .array(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.constantFrom('\u001b[', '\u001b]', '\u009b', '\u001b\\', '\u0007', '31m', '\u202e', '\r', '\u001bP'),
        ),
        { maxLength: 20 },
      )
      .map(parts => parts.join(''));
    fc.assert(
      fc.property(nasty, text => {
        const plain = plainText(text);
        assert.doesNotMatch(plain, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
        assert.ok(!plainLine(text).includes('\n'));
      }),
    );
  });

  test('a line is bounded, without half a character at its end', () => {
    assert.equal(plainLine('x'.repeat(5000)).length, 2000);
    assert.equal(plainLine('👍👍👍', 4), '👍…');
  });

  test('a megabyte of beginnings of sequences takes no more than a moment', () => {
    const begin = performance.now();
    plainText('\u001b]0;'.repeat(250_000));
    assert.ok(performance.now() - begin < 2000);
  });
});
