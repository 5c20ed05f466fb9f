// The diagnostics document says what is needed to help, and nothing that must stay secret.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { diagnose, measureEventLoop } from '../../../src/adapters/diagnosis.ts';
import { createStoreTools } from '../../../src/adapters/store/tools/storeTools.ts';
import { systemClock } from '../../../src/adapters/time.ts';
import { diagnosticsText } from '../../../src/host/documents/diagnosticsText.ts';
import type { Failure } from '../../../src/model/failure.ts';
import { guardLease } from '../../../src/model/history.ts';
import { createRedactor } from '../../../src/model/redact.ts';
import { openOrThrow, someEvent, someRun, temporaryFolder } from '../adapters/store/historyFixture.ts';

const secret = 'NRAK-THISISASECRETKEY';
const facts = {
  version: '0.1.0',
  editor: '1.110.0',
  isTrusted: true,
  folders: 1,
  settings: { 'backstop.userName': 'maria|<b>', 'backstop.notifications.held': true },
  runsHere: 2,
};
const noWait = { sleep: () => Promise.resolve() };

test('the document tells versions, settings, store, leases, guardians and errors, and no secret', async context => {
  const path = join(temporaryFolder(context), 'history.db');
  const history = openOrThrow(path, () => 1_000);
  history.createRun(someRun('a'));
  const failure: Failure = { kind: 'store', message: `The key ${secret} was refused.` };
  history.append('a', [someEvent(1), someEvent(2, { type: 'noted', failure })]);
  history.createRun(someRun('b'));
  history.acquireLease('shop@git.example/shop/production', 'b', 30_000);
  history.acquireLease(guardLease('b'), 'b', 30_000);
  history.noteGuard('b', { act: 'rollback', afterMs: 600_000 });
  const tools = createStoreTools(path, () => 7, createRedactor([secret]));
  const env = { BACKSTOP_CREDENTIAL_NR: secret, BACKSTOP_HOME: `/home/${secret}`, AWS_SECRET_ACCESS_KEY: 'aws-key' };
  const diagnosis = await diagnose(tools, env, noWait);
  const text = diagnosticsText(diagnosis, facts);
  history.close();
  assert.equal(text.includes(secret) || text.includes('aws-key'), false);
  for (const said of [
    /^# Backstop: Diagnostics\n/,
    /\| Backstop \| 0\\?\.1\\?\.0 \|/,
    /\| backstop\\?\.userName \| maria\\\|\\<b\\> \|/,
    /\| Credentials in the environment \| BACKSTOP\\_CREDENTIAL\\_NR \|/,
    /\| Longest delay \| [\d\\.]+ ms \|/,
    /\| Runs that have not ended \| \\#2, \\#1 \|/,
    /\| shop\\@git\\?\.example\\\/shop\\\/production \|/,
    /### Guardians\n\n\| Run \| Process \| Action \| Due \|\n.*\n\| \\#2 \| \d+ on .* \| rollback \| 10\\?:00 after its process ends \|/,
    /\| \\#1 \| The key \\\[redacted\\\] was refused\. \|/,
  ])
    assert.match(text, said);
});

test('a store that is not there, or cannot be read, is said and not made', async context => {
  const folder = temporaryFolder(context);
  const none = await diagnose(
    createStoreTools(join(folder, 'none.db'), () => 7, createRedactor([])),
    {},
    noWait,
  );
  assert.match(diagnosticsText(none, facts), /There is none yet\./);
  const damage: Failure = { kind: 'store', message: 'The history is damaged.', hint: 'Repair it.' };
  const broken = await diagnose(
    createStoreTools(join(folder, 'none.db'), () => 7, createRedactor([])),
    {},
    noWait,
    damage,
  );
  assert.match(diagnosticsText(broken, facts), /The history is damaged\. Repair it\./);
});

test('a thread that is blocked shows in the delay of its timers', async () => {
  const measuring = measureEventLoop(systemClock, 300);
  const untilMs = performance.now() + 120;
  setTimeout(() => {
    while (performance.now() < untilMs);
  }, 20);
  const { maxMs, measuredMs } = await measuring;
  assert.ok(maxMs >= 50, `${maxMs} ms`);
  assert.equal(measuredMs, 300);
});
