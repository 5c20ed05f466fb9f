// Opens the SQLite file of the store so that several processes can write to it and a killed process loses nothing.
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type * as Sqlite from 'node:sqlite';
import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import { fail, succeed, type Failure, type Result } from '../../../model/failure.ts';
import { explainStoreError, primaryCode, SQLITE_BUSY, SQLITE_CORRUPT, StoreError } from './historyErrors.ts';
import { migrate } from './historySchema.ts';

export type Row = Record<string, SQLOutputValue>;

/**
 * Every call is short and synchronous, and throws a StoreError. It first waits for a busy or full file, and rebuilds a
 * lost one.
 */
export interface Store {
  run(sql: string, ...values: SQLInputValue[]): { changes: number; lastId: number };
  get(sql: string, ...values: SQLInputValue[]): Row | undefined;
  all(sql: string, ...values: SQLInputValue[]): Row[];
  /**
   * Runs `work` atomically, while no other process can write. With `lasting`, this transaction and all earlier ones
   * survive a power failure once it returns, at the cost of a flush. `work` may run again after a failure.
   */
  transaction<T>(work: () => T, durability?: 'lasting'): T;
  /**
   * Must be called in a transaction. The row is written to the second journal before the transaction commits: to that
   * of the run, or without `runId` to the shared one.
   */
  keep(table: KeptTable, row: Row, runId?: string, gone?: true): void;
  /** False if the run has no second journal, or lost it. It must be written from its beginning then. */
  isKept(runId: string): boolean;
  keepBlob(digest: string, content: Uint8Array): void;
  /** Restores rows that this store lacks from the second journals. True if there were any. */
  restore(): boolean;
  /** Events of the store that the user must know about; each is returned once. */
  takeNotices(): readonly Failure[];
  close(): void;
}

/** The tables that can be rebuilt from the second journals. */
export type KeptTable =
  | 'runs'
  | 'events'
  | 'instructions'
  | 'releases'
  | 'ledger'
  | 'node_releases'
  | 'learned'
  | 'pins'
  | 'generations'
  | 'identities';

/** The maximum time that SQLite itself waits for a transaction of another process; ours take milliseconds. */
const busyTimeoutMs = 5_000;

/** Larger files are not checked completely at every start; damage in them shows when the damaged pages are used. */
const largestCheckedBytes = 64 * 1024 * 1024;

/** Creates the file if it does not exist. A damaged file, or one of a newer Backstop, is refused and not changed. */
export function openDatabase(path: string, patienceMs: number): Result<DatabaseSync> {
  let database: DatabaseSync | undefined;
  try {
    createFile(path);
    const sqlite = loadSqlite();
    database = new sqlite.DatabaseSync(path);
    configure(database, Math.min(busyTimeoutMs, patienceMs));
    const migrated = migrate(database, path);
    if (!migrated.ok) database.close();
    return migrated.ok ? succeed(database) : migrated;
  } catch (error) {
    database?.close();
    return { ok: false, failure: explainStoreError(error, path) };
  }
}

/** Checks an existing file completely; undefined if nothing is wrong with it. */
export function findDamage(path: string): Failure | undefined {
  if (!existsSync(path)) return fail('not-found', `There is no history ${path}.`).failure;
  let database: DatabaseSync | undefined;
  try {
    database = new (loadSqlite().DatabaseSync)(path, { readOnly: true });
    const found = database.prepare('PRAGMA integrity_check(1)').get()?.['integrity_check'];
    if (found === 'ok') return undefined;
    throw Object.assign(new Error(String(found)), { errcode: SQLITE_CORRUPT });
  } catch (error) {
    return explainStoreError(error, path);
  } finally {
    database?.close();
  }
}

/**
 * Creates the file for its owner only; SQLite gives its side files the same permissions. An existing file must not be
 * opened here, because closing it would release SQLite's locks.
 */
function createFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (existsSync(path)) return;
  try {
    closeSync(openSync(path, 'ax', 0o600));
  } catch (error) {
    // Another process was faster.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Loaded on first use: activation stays fast, and commands that need no store work on a Node without this module. */
function loadSqlite(): typeof Sqlite {
  const emitWarning = process.emitWarning;
  // Node 22 prints an "experimental" warning for this module on first use, which means nothing to users. Other warnings
  // are printed.
  process.emitWarning = ((warning: string | Error, ...rest: never[]) => {
    if (!String(warning).startsWith('SQLite is an experimental feature')) emitWarning.call(process, warning, ...rest);
  }) as typeof process.emitWarning;
  try {
    const sqlite = process.getBuiltinModule('node:sqlite');
    if (!sqlite)
      throw new StoreError({
        kind: 'store',
        message: `Node ${process.version} has no SQLite.`,
        hint: 'Backstop needs Node 22.13 or later.',
      });
    return sqlite;
  } finally {
    process.emitWarning = emitWarning;
  }
}

function configure(database: DatabaseSync, waitMs: number): void {
  // Must come first, so that everything below waits for other processes instead of failing.
  database.exec(`PRAGMA busy_timeout = ${waitMs}`);
  useWriteAheadLog(database, waitMs);
  // A power failure may lose the last transactions, but never one without those after it: as if the process had been
  // killed a moment earlier. Data that recovery depends on is written as lasting.
  database.exec('PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;');
  refuseDamage(database);
}

/** Damage is better found now than in the middle of a deployment. */
function refuseDamage(database: DatabaseSync): void {
  const sizeBytes = Number(
    database.prepare('SELECT page_count * page_size AS size FROM pragma_page_count, pragma_page_size').get()?.['size'],
  );
  if (sizeBytes > largestCheckedBytes) return;
  const damage = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
  if (damage !== 'ok') throw Object.assign(new Error(String(damage)), { errcode: SQLITE_CORRUPT });
}

/** SQLite does not wait for other processes when it changes the journal mode, so this function does. */
function useWriteAheadLog(database: DatabaseSync, waitMs: number): void {
  for (let waitedMs = 0; ; waitedMs += 10) {
    try {
      database.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (primaryCode(error) !== SQLITE_BUSY || waitedMs >= waitMs) throw error;
      pause(10);
    }
  }
}

/** Blocks this thread; for a store that every caller needs immediately. */
export function pause(durationMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs);
}
