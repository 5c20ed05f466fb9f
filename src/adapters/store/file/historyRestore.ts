// Restores rows that the store lacks: from the second journals, and from a deleted or replaced file that is still open
// in this process.
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { chainLedger } from '../historyChain.ts';
import type { KeptRow, StoreJournal } from './historyJournal.ts';
import type { KeptTable, Row } from './historySqlite.ts';

/** The number of restored rows by table. */
export type Restored = Readonly<Partial<Record<string, number>>>;

/** The keys by which lines of a second journal belong to the same row; the last line counts. */
const keys: Readonly<Record<KeptTable, readonly string[]>> = {
  runs: ['id'],
  events: ['run_id', 'seq'],
  instructions: ['seq'],
  releases: ['id'],
  ledger: ['number'],
  node_releases: ['service', 'environment', 'node'],
  learned: ['service', 'environment', 'source'],
  pins: ['service', 'pipeline', 'environment'],
  generations: ['name'],
  identities: ['service', 'repository'],
};

/**
 * Runs in the caller's transaction. Existing rows are kept, except those with the current state, such as what a node
 * runs.
 */
export function restoreFromJournal(database: DatabaseSync, journal: StoreJournal): Restored {
  database.exec('PRAGMA defer_foreign_keys = ON');
  const count = createCounter();
  for (const [digest, content] of journal.blobs())
    count('blobs', insert(database, 'IGNORE', 'blobs', { digest, content }));
  const shared = foldRows(journal.shared());
  for (const { row } of shared.get('releases') ?? []) count('releases', insert(database, 'IGNORE', 'releases', row));
  for (const [, rows] of journal.runs()) restoreRun(database, foldRows(rows), count);
  for (const { row } of shared.get('ledger') ?? []) count('ledger', restoreLedgerEntry(database, row));
  for (const table of ['node_releases', 'learned', 'pins', 'identities'] as const)
    for (const { row, gone } of shared.get(table) ?? []) count(table, restoreState(database, table, row, gone));
  for (const { row } of shared.get('generations') ?? []) count('generations', restoreGeneration(database, row));
  count('open_hooks', restoreOpenHooks(database));
  return count.all();
}

/** Copies all readable rows of a store whose file was deleted or replaced, or whose side files are gone. */
export function copyRows(from: DatabaseSync, to: DatabaseSync): Restored {
  to.exec('PRAGMA defer_foreign_keys = ON');
  const count = createCounter();
  const tables = from.prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`).all();
  for (const { name } of tables)
    for (const row of from.prepare(`SELECT * FROM "${String(name)}"`).iterate())
      count(String(name), insert(to, 'IGNORE', String(name), row));
  return count.all();
}

export function insert(database: DatabaseSync, otherwise: 'IGNORE' | 'REPLACE', table: string, row: Row): number {
  const names = Object.keys(row);
  const sql =
    `INSERT OR ${otherwise} INTO "${table}" (${names.map(name => `"${name}"`).join(', ')}) VALUES ` +
    `(${names.map(() => '?').join(', ')})`;
  return Number(database.prepare(sql).run(...(Object.values(row) as SQLInputValue[])).changes);
}

function createCounter(): ((table: string, rows: number) => void) & { all: () => Restored } {
  const counts: Record<string, number> = {};
  const count = (table: string, rows: number): void => {
    if (rows > 0) counts[table] = (counts[table] ?? 0) + rows;
  };
  return Object.assign(count, { all: () => counts });
}

function foldRows(rows: readonly KeptRow[]): ReadonlyMap<KeptTable, readonly KeptRow[]> {
  const latest = new Map<string, KeptRow>();
  for (const kept of rows) {
    const key = JSON.stringify([kept.table, ...(keys[kept.table] ?? []).map(name => kept.row[name] ?? null)]);
    latest.set(key, kept);
  }
  return Map.groupBy(latest.values(), ({ table }) => table);
}

function restoreRun(
  database: DatabaseSync,
  tables: ReadonlyMap<KeptTable, readonly KeptRow[]>,
  count: (table: string, rows: number) => void,
): void {
  for (const { row } of tables.get('runs') ?? []) {
    count('runs', restoreRunRow(database, row));
    if (row['outcome'] !== null)
      database
        .prepare('UPDATE runs SET outcome = ?, finished_at = ? WHERE id = ? AND outcome IS NULL')
        .run(row['outcome'] as string, row['finished_at'] as number, row['id'] as string);
  }
  for (const table of ['events', 'instructions'] as const)
    for (const { row } of tables.get(table) ?? []) count(table, insert(database, 'IGNORE', table, row));
}

/** If another run has this number by now, the restored run gets a new one. */
function restoreRunRow(database: DatabaseSync, row: Row): number {
  if (database.prepare('SELECT 1 FROM runs WHERE id = ?').get(row['id'] as string)) return 0;
  const taken = database.prepare('SELECT 1 FROM runs WHERE number = ?').get(row['number'] as number);
  return insert(database, 'IGNORE', 'runs', taken ? { ...row, number: null } : row);
}

/**
 * If another store wrote an entry with this number, the restored entry is appended as the newest and linked into the
 * chain.
 */
function restoreLedgerEntry(database: DatabaseSync, row: Row): number {
  if (database.prepare('SELECT 1 FROM ledger WHERE hash = ?').get(row['hash'] as string)) return 0;
  const taken = database.prepare('SELECT 1 FROM ledger WHERE number = ?').get(row['number'] as number);
  if (!taken) return insert(database, 'IGNORE', 'ledger', row);
  const last = database.prepare('SELECT hash FROM ledger ORDER BY number DESC LIMIT 1').get();
  return insert(database, 'IGNORE', 'ledger', { ...row, number: null, hash: chainLedger(last?.['hash'], row) });
}

function restoreState(database: DatabaseSync, table: KeptTable, row: Row, gone: true | undefined): number {
  if (!gone) return insert(database, 'REPLACE', table, row);
  const key = keys[table];
  const sql = `DELETE FROM "${table}" WHERE ${key.map(name => `"${name}" = ?`).join(' AND ')}`;
  return Number(database.prepare(sql).run(...key.map(name => row[name] as SQLInputValue)).changes);
}

/** A generation is never lowered, because its current holder would then lose the right to act. */
function restoreGeneration(database: DatabaseSync, row: Row): number {
  const sql = `INSERT INTO generations (name, generation, run_id) VALUES (?, ?, ?)
    ON CONFLICT (name) DO UPDATE SET generation = excluded.generation, run_id = excluded.run_id
    WHERE excluded.generation > generation`;
  const values = [row['name'], row['generation'], row['run_id']] as SQLInputValue[];
  return Number(database.prepare(sql).run(...values).changes);
}

/** Restores open hooks from the events: those that have begun and have no end. */
function restoreOpenHooks(database: DatabaseSync): number {
  const sql = `INSERT OR IGNORE INTO open_hooks (run_id, key, service, environment, at, body)
    SELECT intended.run_id, json_extract(intended.body, '$.call.key'), runs.service, json_extract(intended.body,
    '$.call.environment'), intended.at, intended.body
    FROM events AS intended JOIN runs ON runs.id = intended.run_id
    WHERE intended.type = 'hook-intended' AND NOT EXISTS (
      SELECT 1 FROM events AS finished WHERE finished.run_id = intended.run_id AND finished.type = 'hook-finished'
      AND json_extract(finished.body, '$.key') = json_extract(intended.body, '$.call.key')
    )`;
  return Number(database.prepare(sql).run().changes);
}
