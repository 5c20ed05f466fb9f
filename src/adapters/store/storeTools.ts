// The store's own tools for doctor, audit, export and import: each opens the store, does its work and closes it.
import { existsSync, statSync } from 'node:fs';
import { StoreError, succeed, type Result } from '../../model/failure.ts';
import type { StoreOverview, StoreTools } from '../../model/storeTools.ts';
import { checkBundle, createBundle, importBundle } from './historyBundle.ts';
import { auditStore } from './historyAudit.ts';
import { keepGuards } from './historyGuards.ts';
import { openStoreJournal } from './historyJournal.ts';
import { repairStore } from './historyRepair.ts';
import { findDamage, type Store } from './historySqlite.ts';
import { openStore } from './historyStore.ts';

const failuresTold = 5,
  runsLookedAt = 50;

export function createStoreTools(path: string, now: () => number, redact: (text: string) => string): StoreTools {
  const withStore = <T>(work: (store: Store) => Result<T>): Result<T> => {
    const opened = openStore(path);
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
    overview: () => withStore(store => succeed(lookOver(store, statSync(path).size))),
    checkBundle,
    exportRun: run => withStore(store => succeed(createBundle(store, run, now(), redact))),
    importRun: bundle => withStore(store => importBundle(store, bundle)),
  };
}

function lookOver(store: Store, sizeBytes: number): StoreOverview {
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
    sizeBytes,
    runs: Number(store.get('SELECT count(*) AS n FROM runs')?.['n']),
    leases: store.all('SELECT * FROM leases ORDER BY environment').map(row => ({
      environment: String(row['environment']),
      run: String(row['run_id']),
      process: `${String(row['pid'])} on ${String(row['host'])}`,
      renewedAtMs: Number(row['renewed_at']),
    })),
    guards: recent.flatMap(({ number, id, outcome }) => {
      const guard = outcome === null ? keepGuards(store).guard(String(id)) : undefined;
      return guard ? [{ run: Number(number), ...guard }] : [];
    }),
    unfinished: recent.filter(({ outcome }) => outcome === null).map(({ number }) => Number(number)),
    failures,
  };
}
