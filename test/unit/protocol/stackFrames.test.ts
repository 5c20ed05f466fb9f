// The places that lines of stack traces name, and which file of the workspace is meant.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bestFile, frameOf } from '../../../src/protocol/words/stackFrames.ts';

const rows: readonly (readonly [line: string, linked: string, file: string, at: number])[] = [
  ['\tat com.shop.db.StockQuery.run(StockQuery.java:67)', 'StockQuery.java:67', 'com/shop/db/StockQuery.java', 67],
  ['\tat app//com.shop.Cart$Line.<init>(Cart.kt:5)', 'Cart.kt:5', 'com/shop/Cart.kt', 5],
  ['  File "shop/cart.py", line 12, in add', 'shop/cart.py', 'shop/cart.py', 12],
  ['    at add (/srv/app/src/cart.js:12:5)', '/srv/app/src/cart.js', '/srv/app/src/cart.js', 12],
  ['   at Shop.Cart.Add() in C:\\src\\Shop\\Cart.cs:line 42', 'C:\\src\\Shop\\Cart.cs', '/src/Shop/Cart.cs', 42],
  ['\t/go/src/shop/cart.go:42 +0x1d', '/go/src/shop/cart.go', '/go/src/shop/cart.go', 42],
  ["app/models/cart.rb:12:in `add'", 'app/models/cart.rb', 'app/models/cart.rb', 12],
];

for (const [line, linked, file, at] of rows)
  test(`a frame is found in: ${line.trim()}`, () => {
    const frame = frameOf(line);
    assert.ok(frame);
    assert.deepEqual([line.slice(frame.from, frame.to), frame.file, frame.line], [linked, file, at]);
  });

test('a line without a frame has none, and hostile lines take no time', () => {
  for (const line of ['ERROR no stock row for sku 40-1183', 'at Object.<anonymous> (native)', 'GET /a.json 200', ''])
    assert.equal(frameOf(line), undefined, line);
  const before = performance.now();
  for (const part of ['at a.', 'a/', '.py', 'a.py, ', '\\']) assert.doesNotThrow(() => frameOf(part.repeat(200_000)));
  assert.ok(performance.now() - before < 1_000);
});

test('the file that shares most of the path is meant; of several alike, none', () => {
  const paths = ['/w/api/src/com/shop/db/StockQuery.java', '/w/old/StockQuery.java'];
  assert.equal(bestFile('com/shop/db/StockQuery.java', paths), paths[0]);
  assert.equal(bestFile('StockQuery.java', paths), undefined);
  assert.equal(bestFile('StockQuery.java', paths.slice(1)), paths[1]);
  assert.equal(bestFile('C:/x/Other.java', paths), undefined);
  assert.equal(bestFile('Other.java', []), undefined);
});
