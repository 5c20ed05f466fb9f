// What a command prints as the nodes of an environment: the forms that are read, and what is refused in one sentence.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readNodeList } from '../../../src/model/runs/nodeList.ts';

const pod = { name: 'shop-7d4b-x1', version: '2.0', weight: 20, labels: { app: 'shop', zone: '' } };

const forms: readonly (readonly [string, string, readonly unknown[]])[] = [
  ['names', '["web-1", "web-2"]', [{ name: 'web-1' }, { name: 'web-2' }]],
  ['objects', JSON.stringify([pod]), [pod]],
  ['both, in a list', `["web-1", ${JSON.stringify(pod)}]`, [{ name: 'web-1' }, pod]],
  ['JSON lines', `${JSON.stringify(pod)}\n\n{"name":"web-1"}\r\n`, [pod, { name: 'web-1' }]],
  ['one object', JSON.stringify(pod), [pod]],
  ['a byte order mark', '\uFEFF["web-1"]', [{ name: 'web-1' }]],
  ['what is null or empty', '[{"name":"web-1","version":null,"weight":null,"labels":null}]', [{ name: 'web-1' }]],
  ['keys that nobody knows', '[{"name":"web-1","ready":true,"version":""}]', [{ name: 'web-1' }]],
];
for (const [name, text, nodes] of forms)
  test(`reads ${name}`, () => assert.deepEqual(readNodeList(text, 'It'), { ok: true, value: nodes }));

const refused: readonly (readonly [string, string, RegExp])[] = [
  ['nothing', '', /listed no node/],
  ['an empty list', '[]', /listed no node/],
  ['prose', 'error: You must be logged in', /neither a JSON list nor JSON lines/],
  ['half a list', '[{"name":"web-1"}', /neither a JSON list nor JSON lines/],
  ['a line among others that is none', '{"name":"a"}\nwarning', /neither a JSON list nor JSON lines/],
  ['a number', '7', /node 1 that is neither a name nor an object/],
  ['a node without a name', '[{"version":"1"}]', /node 1 that has no `name`/],
  ['a name with a space', '["web 1"]', /`name` with other characters/],
  ['a name that reads as an option', '["-rf"]', /`name` with other characters/],
  ['a name with a control character', '["web\\u001b[31m"]', /`name` with other characters/],
  ['a version that is a number', '[{"name":"a","version":2}]', /`version` that is no plain text/],
  ['a version of two lines', '[{"name":"a","version":"1\\n2"}]', /`version` that is no plain text/],
  ['a weight below zero', '[{"name":"a","weight":-1}]', /`weight` that is no number/],
  ['labels that are no texts', '[{"name":"a","labels":{"x":1}}]', /`labels` that are no short texts/],
  ['the same name twice', '["a","b","a"]', /listed node a twice/],
  ['names that differ in case', '["a","A"]', /listed node A twice \(a\)/],
  ['too many', JSON.stringify(Array.from({ length: 10_001 }, (_, k) => `n${k}`)), /listed 10001 nodes/],
];
for (const [name, text, message] of refused)
  test(`refuses ${name}`, () => {
    const read = readNodeList(text, 'It');
    assert.ok(!read.ok);
    assert.match(read.failure.message, message);
    assert.match(read.failure.hint ?? '', /It prints a JSON list/);
  });

test('names such as __proto__ are names', () => {
  const read = readNodeList('[{"name":"__proto__","labels":{"__proto__":"x"},"__proto__":{"name":"y"}}]', 'It');
  assert.ok(read.ok);
  assert.equal(read.value[0]?.name, '__proto__');
  assert.equal(Object.getPrototypeOf(read.value[0]?.labels), Object.prototype);
});

test('any text is read or refused, and what is read is well formed', () => {
  const property = fc.property(
    fc.oneof(
      fc.string(),
      fc.json(),
      fc.array(fc.json()).map(lines => lines.join('\n')),
    ),
    text => {
      const read = readNodeList(text, 'It');
      if (!read.ok) return;
      const names = read.value.map(({ name }) => name.toLowerCase());
      assert.ok(names.length > 0 && new Set(names).size === names.length);
      assert.ok(read.value.every(({ name }) => /^[\w.:@-]+$/.test(name)));
    },
  );
  fc.assert(property, { numRuns: 300 });
});
