// The search that the fault matrix relies on does find credentials, in whichever form they are told.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findSecrets } from './faultMatrix.ts';
import { secretValues } from './vendors.ts';

test('a credential is found plain, in Basic, and in an address; other text is none', () => {
  for (const secret of secretValues) {
    for (const said of [
      secret,
      `key=${encodeURIComponent(secret)}`,
      { failure: { cause: `Basic ${Buffer.from(secret).toString('base64')}` } },
    ])
      assert.deepEqual(findSecrets(said), [secret]);
  }
  assert.deepEqual(findSecrets({ message: 'New Relic did not accept the credential "nr".' }), []);
});
