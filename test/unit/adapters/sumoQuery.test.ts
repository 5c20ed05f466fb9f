// How a person's Sumo Logic query is narrowed, and which hosts a redirect may lead to.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redirectedBase, sumoBase } from '../../../src/adapters/sumoHost.ts';
import { narrowToNodes } from '../../../src/adapters/sumoQuery.ts';

test('nodes are added to the scope, before the first pipe that is no text', () => {
  assert.equal(narrowToNodes('_sourceCategory=shop or x', '_sourceHost', ['a', 'b']), '(_sourceCategory=shop or x) (_sourceHost="a" or _sourceHost="b")');
  assert.equal(narrowToNodes('"a|b" \\| shop | parse "x" as y | where y > 1', 'host', ['n"1']), '("a|b" \\| shop) (host="n\\"1") | parse "x" as y | where y > 1');
  assert.equal(narrowToNodes(' | json "a"', 'host', ['n']), '(*) (host="n") | json "a"');
});

test('the base is the API, however much of it was written', () => {
  for (const url of ['https://api.sumologic.com', 'https://api.sumologic.com/', 'https://api.sumologic.com/api', 'https://api.sumologic.com/api/v1/']) {
    assert.equal(sumoBase(url), 'https://api.sumologic.com/api/v1');
  }
  assert.equal(sumoBase('http://127.0.0.1:9/api'), 'http://127.0.0.1:9/api/v1');
});

test('a redirect is followed within the vendor, or within this machine, and nowhere else', () => {
  const to = (base: string, location: string | undefined) => {
    const found = redirectedBase(base, '/collectors?limit=1', location);
    return found.ok ? found.value : found.failure.kind;
  };
  const us1 = 'https://api.sumologic.com/api/v1';
  assert.equal(to(us1, 'https://api.us2.sumologic.com/api/v1/collectors?limit=1'), 'https://api.us2.sumologic.com/api/v1');
  assert.equal(to('http://127.0.0.1:1/api/v1', 'http://localhost:2/api/v1/collectors'), 'http://localhost:2/api/v1');
  assert.equal(to(us1, '/other/v1/collectors'), 'https://api.sumologic.com/other/v1');
  for (const location of ['https://evil.example/api/v1/collectors', 'https://api.sumologic.com.evil.example/', 'https://evilsumologic.com/', 'http://api.us2.sumologic.com/api/v1/collectors', 'http://127.0.0.1/api/v1/collectors']) {
    assert.equal(to(us1, location), 'refused', location);
  }
  assert.equal(to('http://127.0.0.1:1/api/v1', 'https://api.sumologic.com/api/v1/collectors'), 'refused');
  assert.equal(to(us1, undefined), 'bad-answer');
});
