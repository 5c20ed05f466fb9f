// How a person's Sumo Logic query is narrowed to nodes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { narrowToNodes } from '../../../../src/vendors/sumoLogic/query.ts';

test('nodes are added to the scope, before the first pipe that is no text', () => {
  assert.equal(
    narrowToNodes('_sourceCategory=shop or x', '_sourceHost', ['a', 'b']),
    '(_sourceCategory=shop or x) (_sourceHost="a" or _sourceHost="b")',
  );
  assert.equal(
    narrowToNodes('"a|b" \\| shop | parse "x" as y | where y > 1', 'host', ['n"1']),
    '("a|b" \\| shop) (host="n\\"1") | parse "x" as y | where y > 1',
  );
  assert.equal(narrowToNodes(' | json "a"', 'host', ['n']), '(*) (host="n") | json "a"');
});
