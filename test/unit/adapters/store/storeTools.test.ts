// Doctor, audit, export and import: a change in the store is found and can be put back, and a run travels with its
// verdict.
import assert from 'node:assert/strict';
import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test, type TestContext } from 'node:test';
import { digestOf } from '../../../../src/adapters/store/releaseId.ts';
import { createStoreTools } from '../../../../src/adapters/store/tools/storeTools.ts';
import { createRedactor } from '../../../../src/model/redact.ts';
import type { StoreTools } from '../../../../src/model/storeTools.ts';
import { openOrThrow, someEvent, someRelease, someRun, temporaryFolder } from './historyFixture.ts';

const release = someRelease('1.2.0');
const secret = 'hunter2hunter2';

function filled(context: TestContext, note = 'it was slow'): { path: string; tools: StoreTools } {
  const path = join(temporaryFolder(context), 'history.db');
  const history = openOrThrow(path);
  history.saveRelease(release);
  history.createRun(someRun('a'));
  history.append('a', [
    someEvent(1, {
      type: 'run-started',
      pipeline: 'shop',
      file: 'shop.yaml',
      service: 'shop',
      by: { name: 'Ann', via: 'cli' },
      artifact: release.artifact,
      inputs: {},
      release,
      stages: [['Production']],
    }),
    someEvent(2, {
      type: 'decided',
      stage: 'Production',
      decision: 'promote',
      by: { name: 'Bo', via: 'editor' },
      reasons: [],
    }),
    someEvent(3, { type: 'noted', failure: { kind: 'timeout', message: note } }),
    someEvent(4, { type: 'run-finished', outcome: 'promoted' }),
  ]);
  history.record({
    service: 'shop',
    environment: 'prod',
    release: release.id,
    standing: 'verified',
    runId: 'a',
    at: 1,
  });
  history.record({ service: 'shop', environment: 'test', release: release.id, standing: 'held', runId: 'a', at: 2 });
  history.close();
  return { path, tools: createStoreTools(path, () => 9, createRedactor([secret])) };
}

function alter(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

function findings(tools: StoreTools): readonly string[] {
  const audited = tools.audit();
  assert(audited.ok);
  return audited.value.findings;
}

test('an audit of a store that nobody touched finds nothing, and names the head of its chain', context => {
  const { tools } = filled(context);
  const audited = tools.audit();
  assert(audited.ok);
  const { head, ...rest } = audited.value;
  assert.match(head!, /^[0-9a-f]{64}$/);
  assert.deepEqual(rest, { runs: 1, events: 4, ledgerEntries: 2, releases: 1, findings: [] });
});

const tampering: readonly (readonly [what: string, sql: string, found: RegExp])[] = [
  [
    'another decision',
    `UPDATE events SET body = replace(body, 'promote', 'hold') WHERE seq = 2`,
    /Event 2 of run #1 was changed/,
  ],
  [
    'another person',
    `UPDATE events SET body = replace(body, 'Bo', 'Al') WHERE seq = 2`,
    /Event 2 of run #1 was changed/,
  ],
  ['another time', 'UPDATE events SET at = 1 WHERE seq = 3', /Event 3 of run #1 was changed/],
  [
    'a removed last event',
    'DELETE FROM events WHERE seq = 4',
    /Event 4 of run #1 is in its journal and not in the store/,
  ],
  ['a removed first event', 'DELETE FROM events WHERE seq = 1', /first event, was changed/],
  ['another starter', `UPDATE runs SET by = replace(by, 'Ann', 'Al')`, /What is known of run #1 .* was changed/],
  ['another outcome', `UPDATE runs SET outcome = 'failed'`, /The outcome of run #1 is not that of its last event/],
  [
    'another standing',
    `UPDATE ledger SET standing = 'verified' WHERE number = 2`,
    /Entry 2 of the ledger \(shop in test\) was changed/,
  ],
  [
    'a removed standing',
    'DELETE FROM ledger WHERE number = 2',
    /Entry 2 of the ledger is in the journals and not in the store/,
  ],
  ['another version', `UPDATE releases SET body = replace(body, '1.2.0', '6.6.6')`, /Release [0-9a-f]{12} was changed/],
  [
    'a removed run',
    `PRAGMA foreign_keys = OFF; DELETE FROM runs WHERE id = 'a'; DELETE FROM events`,
    /Run a is in the journals and not in the store/,
  ],
];
for (const [what, sql, found] of tampering)
  test(`an audit finds ${what}`, context => {
    const { path, tools } = filled(context);
    // A later run, so that the store is not simply taken for one that lacks its newest.
    const history = openOrThrow(path);
    history.createRun(someRun('z'));
    history.close();
    alter(path, sql);
    assert.match(findings(tools).join('\n'), found);
  });

test('a repair puts back what the journals prove, and an audit finds nothing any more', context => {
  const { path, tools } = filled(context);
  alter(
    path,
    `UPDATE events SET body = '{"type":' WHERE seq = 2; UPDATE releases SET body = replace(body, '1.2.0', ` +
      `'6.6.6'); UPDATE ledger SET standing = 'failed' WHERE number = 1`,
  );
  const repaired = tools.repair();
  assert(repaired.ok);
  assert.match(
    repaired.value.join('\n'),
    /Release .* was put back.*\n.*Run #1 was put back.*\n.*The ledger was put back/,
  );
  assert.deepEqual(findings(tools), []);
  const history = openOrThrow(path);
  context.after(() => history.close());
  assert.deepEqual([history.release(release.id), history.events('a').length], [release, 4]);
});

test('a repair moves a damaged file aside and rebuilds it', context => {
  const { path, tools } = filled(context);
  writeFileSync(path, 'this is not a database '.repeat(1000));
  assert.match(tools.damage()!.message, /damaged/);
  const repaired = tools.repair();
  assert(repaired.ok);
  assert.match(repaired.value.join('\n'), /It was moved aside/);
  assert.deepEqual([tools.damage(), findings(tools)], [undefined, []]);
});

test('the overview names who holds what, what has not ended, and the last errors', context => {
  const { path, tools } = filled(context);
  const history = openOrThrow(path, () => 77);
  history.createRun(someRun('b'));
  history.acquireLease('shop/prod', 'b', 1_000);
  history.close();
  const overview = tools.overview();
  assert(overview.ok);
  const { leases, unfinished, failures, runs } = overview.value;
  assert.deepEqual(
    [leases.map(({ environment, run, renewedAtMs }) => [environment, run, renewedAtMs]), unfinished, runs],
    [[['shop/prod', 'b', 77]], [2], 2],
  );
  assert.deepEqual(failures, [{ run: 1, atMs: 1_003, failure: { kind: 'timeout', message: 'it was slow' } }]);
});

test('a run that was exported is imported elsewhere with the same events, once', context => {
  const here = filled(context),
    there = filled(context);
  alter(there.path, `PRAGMA foreign_keys = OFF; DELETE FROM events; DELETE FROM runs`);
  rmSync(join(dirname(there.path), 'journal'), { recursive: true });
  const history = openOrThrow(here.path);
  context.after(() => history.close());
  const bundle = here.tools.exportRun(history.findRun('a')!);
  assert(bundle.ok);
  assert.deepEqual([here.tools.checkBundle(bundle.value), bundle.value.hashes.length], [undefined, 4]);
  const imported = there.tools.importRun(structuredClone(bundle.value));
  assert(imported.ok, JSON.stringify(imported));
  assert.equal(imported.value.outcome, 'promoted');
  const other = openOrThrow(there.path);
  context.after(() => other.close());
  assert.deepEqual(other.events('a'), history.events('a'));
  assert.deepEqual(findings(there.tools), []);
  const again = there.tools.importRun(bundle.value);
  assert(!again.ok && /is here already/.test(again.failure.message));
});

test('a bundle that was changed since its export is refused, also where its digest was made to fit', context => {
  const { path, tools } = filled(context);
  const history = openOrThrow(path);
  context.after(() => history.close());
  const bundle = tools.exportRun(history.findRun('a')!);
  assert(bundle.ok);
  const changed = JSON.parse(JSON.stringify(bundle.value).replace('"promote"', '"hold"')) as typeof bundle.value;
  assert.match(tools.checkBundle(changed)!, /does not have the digest/);
  const { digest: _, ...content } = changed;
  assert.match(
    tools.checkBundle({ ...content, digest: digestOf(JSON.stringify(content)) })!,
    /its chain of events is broken/,
  );
});

test('a secret that got into the journal is not in the bundle, and the bundle says so', context => {
  const { path, tools } = filled(context, `refused: ${secret}`);
  const history = openOrThrow(path);
  context.after(() => history.close());
  const bundle = tools.exportRun(history.findRun('a')!);
  assert(bundle.ok);
  assert.equal(JSON.stringify(bundle.value).includes(secret), false);
  assert.match(bundle.value.without.join(), /the hash chain \(secrets were redacted/);
  assert.equal(tools.checkBundle(bundle.value), undefined);
});

test('a store that is not there yet is no trouble, and a truncated one is rebuilt by looking at it', context => {
  const { path, tools } = filled(context);
  truncateSync(path);
  const overview = tools.overview();
  assert(overview.ok && overview.value.runs === 1);
  const nowhere = createStoreTools(
    join(temporaryFolder(context), 'none.db'),
    () => 0,
    text => text,
  );
  assert.equal(nowhere.damage(), undefined);
});
