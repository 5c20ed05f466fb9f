// Shapes: two lines have the same hash exactly where the same canonical text stands for them, so that looking up a
// shape changes no group.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toPlain } from '../../../../../src/verify/logs/text/controls.ts';
import { toCanonical } from '../../../../../src/verify/logs/text/lineBytes.ts';
import { emptyShape, hashLine } from '../../../../../src/verify/logs/text/lineShape.ts';

const encoder = new TextEncoder(),
  shape = emptyShape();
function hashOf(line: string): string {
  const bytes = encoder.encode(`${line}\n`);
  hashLine(bytes, 0, shape);
  assert.equal(shape.end, bytes.length - 1);
  return `${shape.one} ${shape.two}`;
}

const atoms = fc.constantFrom(
  '5',
  '12',
  '123',
  '2024',
  '123456',
  '20240506',
  '1700000000',
  '2024-05-06',
  '12:00:01,123',
  '06/May/2024:10:00:01',
  '2024-05-06T12:00:00.5Z',
  '10.0.0.7',
  '-5',
  '+0530',
  '0x7ffa',
  'dead1',
  'a3f9c',
  'node12',
  'a.b.V2Store',
  'a.b.V2StoreException',
  'a.b.C#12',
  'x-1-y',
  '12ms',
  'INFO',
  'word',
  '/',
  '/usr/lib',
  '//host/a1',
  '/7',
  'Grüße',
  '=',
  ',',
  '[',
  ']',
  '"',
  '\t',
  '  ',
  ' ',
  ' ',
  ' ',
  ', ',
);
const lines = fc.array(atoms, { maxLength: 14 }).map(parts => parts.join(''));

test('the same hash exactly where the canonical text is the same', () => {
  const texts = new Map<string, string>(),
    hashes = new Map<string, string>();
  fc.assert(
    fc.property(lines, line => {
      const hash = hashOf(line),
        text = toCanonical(line);
      assert.equal(texts.get(hash) ?? text, text, line);
      assert.equal(hashes.get(text) ?? hash, hash, line);
      texts.set(hash, text);
      hashes.set(text, hash);
    }),
    { numRuns: 20_000 },
  );
});

test("the canonical text of a line has the line's shape", () => {
  fc.assert(
    fc.property(lines, line => {
      assert.equal(hashOf(toCanonical(line)), hashOf(line));
    }),
    { numRuns: 5_000 },
  );
});

test('a line that was made plain is plain, whatever it holds', () => {
  const parts =
    '订 单 。 한 エ 5 17 a é / : = ( - \t \u001b[1m \u00a0 \u2003 \u3000 \ufeff \ufffd \u200b \u0085 😀'.split(' ');
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...parts, ' '), { maxLength: 12 }), some => {
      hashOf(toPlain(some.join('')));
      assert.equal(shape.escaped, false, JSON.stringify(some));
    }),
    { numRuns: 20_000 },
  );
  assert.equal(toCanonical('INFO GET /订单/列表 done'), 'INFO GET /1 done');
  assert.equal(toCanonical('订单\u00a05失败'), '订单 x1 失败');
});

test('figures are told apart by their form where a header may be, and not in the message', () => {
  assert.deepEqual(
    [
      '2015-07-29 19:16:44,440 - INFO  [/10.10.34.11:3888:Listener@493] - Received 17 of 5, 6, ' +
        '7 from /10.10.34.12:47727',
      '[06/May/2024:10:00:01 +0000] "GET /a/b?c=1"',
      '1700000000 R73-M1-N8 8f3a a.b.V2: x1',
      `${'w '.repeat(10)}took 1.5 ms on node-17 for 0af3`,
      'é5 日本 5',
    ].map(toCanonical),
    [
      '1111-11-11 11:11:11,11111 - INFO  [/1:1111:x.x1] - Received 11 of 11, 1 from /1:1',
      '[11/Jan/1111:11:11:11 +1111] "GET /1=11"',
      '1111111111 x1 1a x.x1: x1',
      `${'w '.repeat(10)}took 1 ms on 1 for 1`,
      'x1 日本 11',
    ],
  );
});

test('of a very long line the head counts', () => {
  const long = `${'word 5 '.repeat(1000)}`;
  assert.equal(hashOf(`${long}a`), hashOf(`${long}b and more`));
  assert.notEqual(hashOf('a'), hashOf('b'));
});
