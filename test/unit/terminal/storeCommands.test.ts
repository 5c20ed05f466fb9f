// doctor, audit, export, import and replay as a person types them, on a real store.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test, type TestContext } from 'node:test';
import { createStoreTools } from '../../../src/adapters/store/tools/storeTools.ts';
import { StoreError, succeed } from '../../../src/model/failure.ts';
import { createRedactor } from '../../../src/model/redact.ts';
import { openOrThrow, someRun, temporaryFolder } from '../adapters/store/historyFixture.ts';
import { backstop, type Session } from './fakes.ts';
import { promotedStory } from './stories.ts';

const secret = 'NRAK-THISISASECRETKEY';

interface Machine {
  readonly path: string;
  readonly cwd: string;
  call(...words: string[]): Promise<Session>;
}

function machine(context: TestContext, cwd = temporaryFolder(context), isEmpty = false): Machine {
  const path = join(temporaryFolder(context), 'history.db');
  const history = openOrThrow(path);
  if (!isEmpty) {
    history.createRun(someRun('run-1'));
    history.append(
      'run-1',
      promotedStory.map((event, index) => ({ ...event, seq: index + 1 })),
    );
    history.record({ service: 'shop', environment: 'prod', release: 'r', standing: 'verified', runId: 'run-1', at: 1 });
  }
  history.close();
  const tools = createStoreTools(path, () => 7, createRedactor([secret]));
  return {
    path,
    cwd,
    async call(...words) {
      const opened = openOrThrow(path);
      try {
        return await backstop(words, {
          cwd,
          store: () => Promise.resolve(succeed(tools)),
          env: { BACKSTOP_CREDENTIAL_NEW_RELIC: secret, BACKSTOP_HOME: '/somewhere', AWS_SECRET_ACCESS_KEY: 'aws' },
          over: { history: opened },
        });
      } finally {
        opened.close();
      }
    },
  };
}

test('doctor tells versions, settings and the store, names credentials and shows none', async context => {
  const { out, status } = await machine(context).call('doctor');
  assert.equal(status, 0);
  assert.match(out, /^backstop 9\.9\.9, Node v\d+/);
  assert.match(out, /BACKSTOP_HOME=\/somewhere\n/);
  assert.match(out, /Credentials: BACKSTOP_CREDENTIAL_NEW_RELIC\n/);
  assert.match(out, /This process: .* of memory; timers were 0\.4 ms late on average and 3 ms at most in 1\.0 s\.\n/);
  assert.match(out, /history\.db: .*, 1 run; .* of journals, .* of hook output\.\n/);
  assert.match(out, /All is well\.\n$/);
  assert.equal(out.includes(secret) || out.includes('aws'), false);
});

test('doctor says what is wrong with a store and, when asked, brings it back', async context => {
  const { path, call } = machine(context);
  const database = new DatabaseSync(path);
  database.exec(`UPDATE events SET body = '{"type":' WHERE seq = 2`);
  database.close();
  const found = await call('doctor');
  assert.deepEqual([found.status, /Event 2 of run #1 was changed/.test(found.out)], [1, true]);
  assert.match(found.out, /To bring back what the journals have: backstop doctor --repair/);
  const repaired = await call('doctor', '--repair');
  assert.deepEqual([repaired.status, /Repaired: Run #1 was put back/.test(repaired.out)], [0, true]);
});

test('audit lists who decided what, and --verify what was changed', async context => {
  const { path, call } = machine(context);
  const listed = await call('audit');
  assert.equal(listed.status, 0);
  assert.match(listed.out, /#1 {2}\w+ started storefront/);
  assert.match(listed.out, /#1 {2}ended: promoted/);
  const verified = await call('audit', '--verify');
  assert.equal(verified.status, 0);
  assert.match(
    verified.out,
    /^Nothing was changed\. Checked: runs 1, events \d+, ledger entries 1, releases 0\.\nHead of the ledger's chain: [0-9a-f]{64}\n$/,
  );
  const database = new DatabaseSync(path);
  database.exec(`UPDATE ledger SET by = 'Mallory'`);
  database.close();
  const changed = await call('audit', '--verify', '--json');
  assert.deepEqual([changed.status, (JSON.parse(changed.out) as { findings: string[] }).findings.length], [1, 1]);
});

test('an exported run is imported elsewhere and replayed with its verdict; it says what it lacks', async context => {
  const here = machine(context);
  const exported = await here.call('export', 'last', '--out', 'run.json');
  assert.equal(exported.status, 0);
  assert.match(exported.out, /Run #1 written to run\.json, .*, digest [0-9a-f]{64}\.\nNot included: log lines beyond/);
  const replayed = await here.call('replay', 'run.json', '--json');
  const { outcome, same, verifications } = JSON.parse(replayed.out) as {
    outcome: string;
    same: boolean;
    verifications: unknown[];
  };
  assert.deepEqual([replayed.status, outcome, same, verifications.length > 0], [0, 'promoted', true, true]);
  const there = machine(context, here.cwd, true);
  const imported = await there.call('import', 'run.json');
  assert.match(imported.out, /^Imported as run #1\. See: backstop show 1\n$/);
  const [shown, original] = [await there.call('show', '1', '--json'), await here.call('show', '1', '--json')];
  assert.deepEqual(JSON.parse(shown.out), JSON.parse(original.out));
});

test('a bundle that was changed is refused by replay and import, and so is what is no bundle', async context => {
  const here = machine(context);
  await here.call('export', 'last', '--out', 'run.json');
  const path = join(here.cwd, 'run.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace('"outcome":"promoted"', '"outcome":"failed"'));
  for (const command of ['replay', 'import']) {
    const refused = await here.call(command, 'run.json');
    assert.deepEqual([refused.status, /does not have the digest that it names/.test(refused.err)], [3, true]);
  }
  writeFileSync(path, '[1]');
  assert.match((await here.call('import', 'run.json')).err, /is not a bundle of evidence/);
});

test('a store that breaks under a command is a failure with a hint, not a bug', async () => {
  const broken = (): never => {
    throw new StoreError({ kind: 'store', message: 'Event 2 of run a is damaged.', hint: 'backstop doctor --repair' });
  };
  const { status, err } = await backstop(['runs'], {
    over: { history: new Proxy({} as never, { get: () => broken }) },
  });
  assert.deepEqual([status, err], [3, 'backstop: Event 2 of run a is damaged.\n  backstop doctor --repair\n']);
});
