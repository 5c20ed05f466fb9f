// Masked lines: two have the same hash exactly where they differ in digits only, so that what was kept for one holds
// for the other.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createLineMemo } from '../../../../../src/verify/logs/record/lineMemo.ts';
import { hashMasked, type MaskedLine } from '../../../../../src/verify/logs/text/maskedLine.ts';

const encoder = new TextEncoder();

function hashOf(text: string, before = ''): string {
  const bytes = encoder.encode(`${before}${text}\nrest of the page`),
    from = encoder.encode(before).length,
    line: MaskedLine = { one: 0, two: 0, end: 0 };
  hashMasked(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), from, line);
  assert.equal(line.end, from + encoder.encode(text).length);
  return `${line.one} ${line.two}`;
}

const character = fc.oneof(
    fc.constantFrom(...'0123456789'),
    fc.constantFrom(...'/:;*JZz\u0000\u007fé€°±'),
    fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 1 }),
  ),
  text = fc.string({ unit: character, maxLength: 40 }).map(one => one.replaceAll(/[\n\u001b]/g, ' '));
const masked = (line: string): string => line.replaceAll(/\d/g, '0');

test('lines have the same hash exactly where they differ in digits only', () => {
  fc.assert(
    fc.property(text, text, fc.nat(40), (one, other, cut) => {
      const mixed = one.slice(0, cut) + other.slice(cut);
      for (const line of [other, mixed, `${one}0`, masked(one)])
        assert.equal(hashOf(one) === hashOf(line), masked(one) === masked(line), JSON.stringify([one, line]));
    }),
    { numRuns: 2000 },
  );
});

test('where a line lies and what follows it do not change its hash', () => {
  fc.assert(fc.property(text, fc.string({ maxLength: 9 }), (line, before) => hashOf(line) === hashOf(line, before)));
});

test('what is kept for a line is found for those like it, and for no other', () => {
  const memo = createLineMemo<string>(),
    find = (line: string): string | undefined => memo.find(encoder.encode(`${line}\n....`), 0);
  let found = 0;
  for (let i = 0; i < 30_000; i++) {
    const user = (i % 3000).toString(26).replaceAll(/\d/g, digit => 'qrstuvwxyz'[Number(digit)]!),
      line = `user ${user} in ${i % 10} ms`,
      known = find(line);
    if (known === undefined) memo.keep(masked(line));
    else {
      assert.equal(known, masked(line));
      found++;
    }
  }
  assert.ok(found > 26_500, `${found} of the 27,000 lines that came again`);
});

test('a line that is too long, or holds what only a terminal understands, is never found', () => {
  const memo = createLineMemo<string>();
  for (const line of ['x'.repeat(3000), 'a \u001b[31mred\u001b[0m word']) {
    for (let i = 0; i < 2; i++) {
      assert.equal(memo.find(encoder.encode(`${line}\n`), 0), undefined);
      memo.keep('kept');
    }
  }
});

test('where hardly a line comes again the memo rests, and looks again later', () => {
  const memo = createLineMemo<string>();
  const take = (line: string): boolean => {
    const known = memo.find(encoder.encode(`${line}\n....`), 0);
    if (known === undefined) memo.keep(line);
    return known !== undefined;
  };
  const letters = (i: number): string => i.toString(36).replaceAll(/\d/g, digit => 'ABCDEFGHIJ'[Number(digit)]!);
  for (let i = 0; i < 4096; i++) take(`never again ${letters(i)}`);
  take('the same');
  assert.equal(take('the same'), false);
  let found = 0;
  for (let i = 0; i < 50_000; i++) if (take('the same')) found++;
  assert.ok(found > 10_000 && found < 30_000, `${found}`);
});
