// The tools that doctor, audit, export and import use on the store: each opens it, does its work and closes it.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StoreError, succeed, type Result } from '../../../model/failure.ts';
import type { StoreOverview, StoreTools } from '../../../model/storeTools.ts';
import { guardLease } from '../../../model/history.ts';
import { checkBundle, createBundle, importBundle, redactDeep } from './historyBundle.ts';
import { auditStore } from './historyAudit.ts';
import { keepGuards } from '../historyGuards.ts';
import { isHeldByTheLiving } from '../historyLeases.ts';
import { journalFolder, openStoreJournal } from '../file/historyJournal.ts';
import { repairStore } from './historyRepair.ts';
import { findDamage, type Store } from '../file/historySqlite.ts';
import { openStore, type StoreOptions } from '../file/historyStore.ts';

const failuresTold = 5,
  runsLookedAt = 50;

export function createStoreTools(
  path: string,
  now: () => number,
  redact: (text: string) => string,
  options: StoreOptions = {},
): StoreTools {
  const withStore = <T>(work: (store: Store) => Result<T>): Result<T> => {
    const opened = openStore(path, options);
    if (!opened.ok) return opened;
    try {
      return work(opened.value);
    } catch (error) {
      if (error instanceof StoreError) return { ok: false, failure: error.failure };
      throw error;
    } finally {
      opened.value.close();
    }
  };
  return {
    path,
    damage: () => (existsSync(path) ? findDamage(path) : undefined),
    audit: () => withStore(store => succeed(auditStore(store, openStoreJournal(path)))),
    repair: () => repairStore(path),
    overview: () => withStore(store => succeed(lookOver(store, path))),
    checkBundle,
    redact: value => redactDeep(value, redact),
    exportRun: run => withStore(store => succeed(createBundle(store, run, now(), redact))),
    importRun: bundle => withStore(store => importBundle(store, bundle)),
  };
}

function lookOver(store: Store, path: string): StoreOverview {
  const recent = store.all('SELECT number, id, outcome FROM runs ORDER BY number DESC LIMIT ?', runsLookedAt);
  const failures = store
    .all(
      `SELECT runs.number, events.at, json_extract(events.body, '$.failure') AS failure FROM events JOIN runs
       ON runs.id = events.run_id
      WHERE runs.number > coalesce((SELECT max(number) FROM runs), 0) - ? AND events.type IN ('run-finished', 'noted',
      'rollback-impossible', 'rollback-unproven')
      AND json_valid(events.body) AND json_extract(events.body, '$.failure') IS NOT NULL ORDER BY events.at DESC
      LIMIT ?`,
      runsLookedAt,
      failuresTold,
    )
    .map(row => ({
      run: Number(row['number']),
      atMs: Number(row['at']),
      failure: JSON.parse(String(row['failure'])) as StoreOverview['failures'][number]['failure'],
    }));
  return {
    sizeBytes: statSync(path).size,
    sizes: {
      database: sizeOf(path) + sizeOf(`${path}-wal`),
      journals: sizeOf(journalFolder(path)),
      hooks: sizeOf(join(dirname(path), 'hooks')),
    },
    runs: Number(store.get('SELECT count(*) AS n FROM runs')?.['n']),
    leases: store.all('SELECT * FROM leases ORDER BY environment').map(row => ({
      environment: String(row['environment']),
      run: String(row['run_id']),
      process: `${String(row['pid'])} on ${String(row['host'])}`,
      renewedAtMs: Number(row['renewed_at']),
      isDead: !isHeldByTheLiving(store, String(row['environment'])),
    })),
    guards: recent.flatMap(({ number, id, outcome }) => {
      const guard = outcome === null ? keepGuards(store).guard(String(id)) : undefined;
      const lease = store.get('SELECT pid, host FROM leases WHERE environment = ?', guardLease(String(id)));
      return guard && lease
        ? [{ run: Number(number), process: `${String(lease['pid'])} on ${String(lease['host'])}`, ...guard }]
        : [];
    }),
    unfinished: recent.filter(({ outcome }) => outcome === null).map(({ number }) => Number(number)),
    failures,
  };
}

const mostFiles = 100_000;

/** The size of a file, or of all files in a folder; in a very large folder, only of those that were counted. */
function sizeOf(path: string): number {
  const folders = [path];
  let bytes = 0,
    files = 0;
  for (let next = folders.pop(); next !== undefined && files < mostFiles; next = folders.pop()) {
    const status = statSync(next, { throwIfNoEntry: false });
    if (status?.isDirectory()) folders.push(...namesIn(next).map(name => join(next!, name)));
    else bytes += status?.size ?? 0;
    files += 1;
  }
  return bytes;
}

/** Empty if the folder was removed in the meantime. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
