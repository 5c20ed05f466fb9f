// Credentials come from the environment by name, and a missing one says which variable to set.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { authorizationOf, environmentCredentials } from '../../../../src/vendors/transport/credentials.ts';

test('a name becomes a variable in upper case with underscores', () => {
  const credentials = environmentCredentials({ BACKSTOP_CREDENTIAL_NEW_RELIC_EU: 'NRAK-1' });
  assert.deepEqual(credentials.get('new-relic.eu'), { ok: true, value: 'NRAK-1' });
});

test('a missing or empty one fails, naming the variable', () => {
  const missing = environmentCredentials({ BACKSTOP_CREDENTIAL_SUMO: '' }).get('sumo');
  assert.ok(!missing.ok);
  assert.equal(missing.failure.kind, 'unauthorized');
  assert.match(missing.failure.hint ?? '', /BACKSTOP_CREDENTIAL_SUMO\b/);
});

test('a pair is sent as Basic, a token as Bearer', () => {
  assert.equal(authorizationOf('user:päss'), `Basic ${Buffer.from('user:päss').toString('base64')}`);
  assert.equal(authorizationOf('token'), 'Bearer token');
});
