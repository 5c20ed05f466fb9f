// What happens to the store while it is in use is noticed at the next call, said, and loses nothing.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test, type TestContext } from 'node:test';
import { migrate } from '../../../../src/adapters/store/file/historySchema.ts';
import type { OpenHistory } from '../../../../src/adapters/store/history.ts';
import { openOrThrow, someEvent, someRelease, someRun, temporaryFolder } from './historyFixture.ts';

const release = someRelease('1.2.0');

function fill(history: OpenHistory): void {
  history.saveBlob('x', new Uint8Array([0, 255]));
  history.saveRelease(release);
  history.createRun(someRun('a'));
  history.append('a', [someEvent(1), someEvent(2)]);
  history.instruct('a', { type: 'cancel', by: { name: 'Bo', via: 'editor' }, at: 5 });
  history.record({
    service: 'shop',
    environment: 'prod',
    release: release.id,
    standing: 'verified',
    runId: 'a',
    at: 1,
  });
  history.setNodes('shop', 'prod', ['n1'], release.id, 10);
  history.saveLearned('shop', 'prod', 'logs', { format: 1, deployments: 3, clusters: [] });
  history.takeOver(shop, 'shop@old');
  history.pin({ service: 'shop', pipeline: 'shop', environment: 'prod', runId: 'a', by: 'Ann', atMs: 3 });
  history.acquireLease('shop/prod', 'a', 30_000);
}

const shop = { service: 'shop', repository: { name: 'new', folder: '/shop' }, file: 'shop.yaml' };

/** Everything that must be there however often the store was rebuilt. */
function contentOf(history: OpenHistory): unknown {
  return {
    run: history.findRun('a'),
    events: history.events('a'),
    instructions: history.instructions('a', 0),
    releases: history.releases('shop'),
    ledger: history.ledger('shop'),
    nodes: history.nodes('shop', 'prod'),
    learned: history.learned('shop', 'prod', 'logs'),
    identity: history.identityOf(shop),
    pins: history.pins(),
    blob: [...history.readBlob('x')!],
  };
}

function openFilled(context: TestContext): { path: string; history: OpenHistory; before: unknown } {
  const path = join(temporaryFolder(context), 'history.db');
  const history = openOrThrow(path);
  context.after(() => history.close());
  fill(history);
  return { path, history, before: contentOf(history) };
}

const losses: readonly (readonly [what: string, said: RegExp, lose: (path: string) => void])[] = [
  ['deleted', /was deleted/, path => rmSync(path)],
  [
    'deleted with its side files',
    /was deleted/,
    path => ['', '-wal', '-shm'].forEach(ending => rmSync(path + ending, { force: true })),
  ],
  ['deleted with the whole folder', /was deleted/, path => rmSync(dirname(path), { recursive: true })],
  ['truncated to nothing', /was truncated/, path => truncateSync(path)],
  ['truncated in the middle', /was truncated/, path => truncateSync(path, 4096)],
  [
    'replaced by something else',
    /was replaced by another file/,
    path => {
      writeFileSync(`${path}.new`, 'no database '.repeat(2000));
      renameSync(`${path}.new`, path);
    },
  ],
  ['robbed of its write-ahead log', /lost its write-ahead log/, path => rmSync(`${path}-wal`)],
];
for (const [what, said, lose] of losses)
  test(`a store that is ${what} under a run is noticed at its next write, said, and rebuilt without loss`, context => {
    const { path, history, before } = openFilled(context);
    // Into the file itself, so that there is something to lose of it.
    const checkpoint = new DatabaseSync(path);
    checkpoint.exec('PRAGMA wal_checkpoint(PASSIVE)');
    checkpoint.close();
    history.findRun('a');
    lose(path);
    history.append('a', [someEvent(3)]);
    const [notice, ...others] = history.takeNotices();
    assert.match(notice!.message, said);
    assert.match(notice!.message, /1 run, 2 events, 1 release and 1 ledger entry were restored/);
    assert.deepEqual(others, []);
    assert.equal(history.renewLease('shop/prod', 'a'), true, 'its lease is still its own');
    const other = openOrThrow(path);
    context.after(() => other.close());
    assert.deepEqual(
      other.events('a').map(({ seq }) => seq),
      [1, 2, 3],
    );
    assert.deepEqual({ ...(contentOf(other) as object), events: [] }, { ...(before as object), events: [] });
    assert.deepEqual(other.takeNotices(), []);
  });

test('a store that was put back to an earlier one gets back what it lacks', context => {
  const { path, history, before } = openFilled(context);
  history.close();
  cpSync(path, `${path}.backup`);
  const later = openOrThrow(path);
  later.createRun(someRun('b'));
  later.append('b', [someEvent(1)]);
  later.close();
  cpSync(`${path}.backup`, path);
  const again = openOrThrow(path);
  context.after(() => again.close());
  assert.deepEqual([contentOf(again), again.events('b').length], [before, 1]);
  assert.match(again.takeNotices()[0]!.message, /lacked the newest run/);
});

test('a store that is gone between two runs is rebuilt when it is opened, and that is said', context => {
  const path = join(temporaryFolder(context), 'history.db');
  const first = openOrThrow(path);
  fill(first);
  const before = contentOf(first);
  first.close();
  rmSync(path);
  // A power cut in the middle of a line.
  appendFileSync(join(dirname(path), 'journal', 'runs', 'a.jsonl'), '{"table":"events","row":{"run_id":"a","se');
  const second = openOrThrow(path);
  context.after(() => second.close());
  assert.deepEqual(contentOf(second), before);
  assert.match(second.takeNotices()[0]!.message, /was not there\. It was rebuilt/);
  second.append('a', [someEvent(3)]);
  rmSync(path);
  assert.equal(second.events('a').length, 3, 'the cut line takes no other with it');
});

test('a run whose second journal was removed gets one from its beginning', context => {
  const { path, history } = openFilled(context);
  rmSync(join(dirname(path), 'journal', 'runs'), { recursive: true });
  history.append('a', [someEvent(3)]);
  truncateSync(path);
  assert.deepEqual(
    history.events('a').map(({ seq }) => seq),
    [1, 2, 3],
  );
});

test(
  'of two processes that lose their store at once both go on with the same new one',
  { timeout: 60_000 },
  async context => {
    const path = join(temporaryFolder(context), 'history.db');
    const writers = ['one', 'two'].map(runId =>
      spawn(process.execPath, [join(import.meta.dirname, 'historyWriter.ts'), path, runId, '300'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      }),
    );
    const ends = writers.map(async writer => (await once(writer, 'exit'))[0] as number);
    await Promise.all(writers.map(writer => once(writer.stdout, 'data')));
    rmSync(path);
    for (const writer of writers) writer.stdout.resume();
    assert.deepEqual(await Promise.all(ends), [0, 0]);
    const history = openOrThrow(path);
    context.after(() => history.close());
    assert.deepEqual(
      ['one', 'two'].map(runId => [history.events(runId).length, history.ledger(runId).length]),
      [
        [300, 100],
        [300, 100],
      ],
    );
  },
);

test(
  'a store that another process holds for longer than SQLite waits is waited for',
  { timeout: 60_000 },
  async context => {
    const { path, history } = openFilled(context);
    const holder = spawn(
      process.execPath,
      [
        '-e',
        `const db = new (require('node:sqlite').DatabaseSync)(${JSON.stringify(path)}); ` +
          `db.exec('BEGIN EXCLUSIVE'); console.log('held'); setTimeout(() => db.exec('COMMIT'), 1600)`,
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    await once(holder.stdout, 'data');
    history.append('a', [someEvent(3)]);
    assert.equal(history.events('a').length, 3);
  },
);

test('patience ends: a store that stays locked is told by name, and the next call does not wait again', context => {
  const path = join(temporaryFolder(context), 'history.db');
  const history = openOrThrow(path, undefined, { patienceMs: 0 });
  context.after(() => history.close());
  history.createRun(someRun('a'));
  const holder = new DatabaseSync(path);
  context.after(() => holder.close());
  holder.exec('BEGIN IMMEDIATE');
  assert.throws(() => history.append('a', [someEvent(1)]), { name: 'StoreError', message: /history\.db is locked/ });
  assert.deepEqual(history.events('a'), [], 'it can still be read');
  holder.exec('ROLLBACK');
  history.append('a', [someEvent(1)]);
});

test('a store of an older version is copied before it is changed', context => {
  const path = join(temporaryFolder(context), 'history.db');
  const history = openOrThrow(path);
  history.createRun(someRun('a'));
  history.close();
  const database = new DatabaseSync(path);
  context.after(() => database.close());
  const version = Number(database.prepare('PRAGMA user_version').get()!['user_version']);
  const older = Array.from({ length: version }, () => 'SELECT 1');
  assert.deepEqual(migrate(database, path, [...older, 'ALTER TABLE runs ADD COLUMN more TEXT']), {
    ok: true,
    value: undefined,
  });
  const copy = new DatabaseSync(`${path}.version-${version}`, { readOnly: true });
  context.after(() => copy.close());
  const columns = (of: DatabaseSync): unknown[] => of.prepare('SELECT name FROM pragma_table_info(?)').all('runs');
  assert.deepEqual(
    [columns(database).length - columns(copy).length, copy.prepare('SELECT count(*) AS n FROM runs').get()!['n']],
    [1, 1],
  );
});

test('an event that is no JSON or of an unknown type is one clear message', context => {
  const { path, history } = openFilled(context);
  const database = new DatabaseSync(path);
  context.after(() => database.close());
  database.exec(`UPDATE events SET body = '{"type":' WHERE seq = 2`);
  assert.throws(() => history.events('a'), {
    name: 'StoreError',
    message: /Event 2 of run a is damaged: it is no JSON\. .*doctor --repair/,
  });
  database.exec(`UPDATE events SET body = '{"type":"sung"}' WHERE seq = 2`);
  assert.throws(() => history.events('a'), {
    name: 'StoreError',
    message: /Event 2 of run a is of the type 'sung', which this Backstop does not know/,
  });
});

test('a release whose version was rewritten in the store is refused', context => {
  const { path, history } = openFilled(context);
  const database = new DatabaseSync(path);
  context.after(() => database.close());
  database.exec(`UPDATE releases SET body = replace(body, '1.2.0', '6.6.6')`);
  const refusal = { name: 'StoreError', message: /was changed in the history: .* It is not deployed/ };
  assert.throws(() => history.release(release.id), refusal);
  assert.throws(() => history.releases('shop'), refusal);
});

test('what is lost is kept aside under a name that says when', context => {
  const { path, history } = openFilled(context);
  truncateSync(path, 100);
  history.append('a', [someEvent(3)]);
  const aside = readdirSync(dirname(path)).filter(name => /^history\.db\.lost-[\dTZ.-]+$/.test(name));
  assert.deepEqual(
    [aside.length, readFileSync(join(dirname(path), aside[0]!)).length, existsSync(`${path}.rebuilding`)],
    [1, 100, false],
  );
});
