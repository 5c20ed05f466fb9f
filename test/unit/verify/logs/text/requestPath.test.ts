// Paths of requests by their number: the same number for paths that are read the same, another one for all others.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hashPath, pathOf } from '../../../../../src/verify/logs/formats/requestPath.ts';

const encoder = new TextEncoder();
function numberOf(path: string): number {
  const bytes = encoder.encode(`"${path}"`);
  return hashPath(bytes, 1, bytes.length - 1);
}

const parts = fc.oneof(
  fc.constantFrom('', 'items', 'v1', 'v12', 'v123', 'a.jpg', '7.jpg', '7.JPG', '7.tar.gz', '.env', 'b'.repeat(32)),
  fc.constantFrom('b'.repeat(33), '%20', '<id>', 'a b', '17', 'x7', 'caf\u00e9', 'a:b', '7.a', '7.abcdef', '.html'),
  fc.stringMatching(/^[a-z0-9._-]{0,12}$/),
);
const paths = fc
  .tuple(
    fc.constantFrom('/', '', 'http://shop/', 'GET /'),
    fc.array(parts, { maxLength: 9 }),
    fc.constantFrom('', '?a=1/2', '#b/c'),
  )
  .map(([before, names, after]) => `${before}${names.join('/')}${after}`);

test('two paths have the same number exactly where they are read as the same', () => {
  fc.assert(
    fc.property(paths, paths, (one, other) => {
      const [first, second] = [numberOf(one), numberOf(other)];
      if (first !== 0 && second !== 0) assert.equal(first === second, pathOf(one) === pathOf(other));
    }),
    { numRuns: 5_000 },
  );
});

test('figures do not tell paths apart, names do', () => {
  assert.equal(numberOf('/items/17/photo.4f2a.jpg?size=2'), numberOf('/items/4/photo.99.jpg'));
  assert.notEqual(numberOf('/items/17'), numberOf('/orders/17'));
  assert.notEqual(numberOf('/items/17.jpg'), numberOf('/items/17.png'));
  assert.notEqual(numberOf('/v1/items'), numberOf('/v2/items'));
});

test('an absolute address and characters beyond ASCII have no number', () => {
  for (const path of ['http://shop/items', 'items', '/caf\u00e9', '']) assert.equal(numberOf(path), 0, path);
});
