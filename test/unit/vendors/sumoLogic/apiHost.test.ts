// Where a credential may follow a redirect, and where never.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redirectedBase, sumoBase } from '../../../../src/vendors/sumoLogic/apiHost.ts';

test('an address of the API is taken with or without its path', () => {
  const bases = [
    'https://api.us2.sumologic.com',
    'https://api.us2.sumologic.com/',
    'https://api.us2.sumologic.com/api',
    'https://api.us2.sumologic.com/api/v1/',
  ].map(sumoBase);
  assert.deepEqual([...new Set(bases)], ['https://api.us2.sumologic.com/api/v1']);
});

const redirects: readonly (readonly [
  from: string,
  location: string | undefined,
  home: string | 'refused' | 'bad-answer',
])[] = [
  [
    'https://api.sumologic.com/api/v1',
    'https://api.us2.sumologic.com/api/v1/collectors?limit=1',
    'https://api.us2.sumologic.com/api/v1',
  ],
  ['https://api.sumologic.com/api/v1', 'https://api.us2.sumologic.com/', 'https://api.us2.sumologic.com/api/v1'],
  ['https://api.sumologic.com/api/v1', '/api/v1/collectors', 'https://api.sumologic.com/api/v1'],
  [
    'https://sumo.proxy.example/api/v1',
    'https://api.eu.sumologic.com/api/v1/collectors',
    'https://api.eu.sumologic.com/api/v1',
  ],
  ['http://127.0.0.1:8080/api/v1', 'http://127.0.0.1:8080/other/v1/collectors', 'http://127.0.0.1:8080/other/v1'],
  ['https://api.sumologic.com/api/v1', undefined, 'bad-answer'],
  ['https://api.sumologic.com/api/v1', 'http://api.us2.sumologic.com/api/v1/collectors', 'refused'],
  ['https://api.sumologic.com/api/v1', 'http://api.sumologic.com/api/v1/collectors', 'refused'],
  ['https://api.sumologic.com/api/v1', 'https://api.sumologic.com.evil.example/api/v1/collectors', 'refused'],
  ['https://api.sumologic.com/api/v1', 'https://evilsumologic.com/api/v1/collectors', 'refused'],
  ['https://api.sumologic.com/api/v1', 'https://api.us2.sumologic.com@evil.example/api/v1/collectors', 'refused'],
  ['https://api.sumologic.com/api/v1', 'http://127.0.0.1:9090/api/v1/collectors', 'refused'],
  ['http://127.0.0.1:8080/api/v1', 'http://127.0.0.1:9090/api/v1/collectors', 'refused'],
  ['http://127.0.0.1:8080/api/v1', 'http://evil.example/api/v1/collectors', 'refused'],
  ['https://sumo.proxy.example/api/v1', 'https://sumo.proxy.example:8443/api/v1/collectors', 'refused'],
];
for (const [from, location, home] of redirects) {
  test(`from ${from} to ${location ?? 'nowhere'}: ${home}`, () => {
    const found = redirectedBase(from, '/collectors?limit=1', location);
    assert.equal(found.ok ? found.value : found.failure.kind, home);
  });
}
