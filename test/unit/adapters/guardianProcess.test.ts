// What the guardian of a run is handed, so that it can continue a run that another process began.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { credentialNames } from '../../../src/adapters/guardianProcess.ts';

test('the credentials that a pipeline names are found wherever it names them', () => {
  const pipeline = {
    connections: { nr: { kind: 'newRelic', credential: 'nr' }, ci: { credential: 'jenkins' } },
    hooks: {
      a: { variables: { TOKEN: 'Bearer ${credential:deploy-token}' } },
      b: { credential: 'hook', headers: { X: '${credential:x}/${credential:y}' } },
    },
  };
  assert.deepEqual(credentialNames(pipeline), ['deploy-token', 'hook', 'jenkins', 'nr', 'x', 'y']);
});
