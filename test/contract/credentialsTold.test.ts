// The story with a third of all requests to the vendors refused, lost or damaged: nothing is promoted or rolled back
// wrongly, and no credential is told.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fault } from '../../src/demo/faults/fault.ts';
import { snapshotRun } from '../../src/protocol/snapshot/snapshot.ts';
import { credentials, playStory } from '../bench/demo/demoWorld.ts';

const share = 0.33 / 7;
const refused: readonly Fault[] = [
  ...[401, 403, 429, 500].map(status => ({ kind: 'status', status, share }) as const),
  { kind: 'malformed', share },
  { kind: 'drop', share },
  { kind: 'redirect', to: 'http://127.0.0.1:9', status: 307, share },
];

for (const scenario of ['healthy', 'quality-regression'] as const) {
  test(`${scenario}: what is decided is right, and events, log, store and panel hold no credential`, async () => {
    const { result, events, told } = await playStory(scenario, 3, { newRelic: refused, sumoLogic: refused });
    assert.ok(
      (scenario === 'healthy' ? ['promoted', 'held'] : ['rolled-back', 'held']).includes(result.outcome ?? ''),
      String(result.outcome),
    );
    assert.ok(
      events.some(event => event.type === 'looked' && JSON.stringify(event).includes('could-not-read')),
      'no read failed',
    );
    const panel = JSON.stringify(snapshotRun('run-1', events, Date.now()));
    const said = `${JSON.stringify(events)}${told.log.join('\n')}${told.store}${panel}`;
    assert.deepEqual(
      credentials.filter(secret =>
        [secret, Buffer.from(secret).toString('base64').slice(0, -4)].some(form => said.includes(form)),
      ),
      [],
    );
  });
}
