// Opens the SQLite file of the store so that several processes may write to it and a kill loses nothing.
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type * as Sqlite from 'node:sqlite';
import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import { fail, succeed, type Failure, type Result } from '../../../model/failure.ts';
import { explainStoreError, primaryCode, SQLITE_BUSY, SQLITE_CORRUPT, StoreError } from './historyErrors.ts';
import { migrate } from './historySchema.ts';

export type Row = Record<string, SQLOutputValue>;

/**
 * Every call is short and synchronous, and throws a StoreError. A busy, full or lost file is waited for or rebuilt
 * first.
 */
export interface Store {
  run(sql: string, ...values: SQLInputValue[]): { changes: number; lastId: number };
  get(sql: string, ...values: SQLInputValue[]): Row | undefined;
  all(sql: string, ...values: SQLInputValue[]): Row[];
  /**
   * All or nothing, and alone: no other process writes meanwhile. `lasting`: once it returns, it and all before it
   * survive a power cut, at the price of a flush. `work` may be done again after a failure.
   */
  transaction<T>(work: () => T, durability?: 'lasting'): T;
  /**
   * In a transaction: this row goes to the second journal before the transaction commits; without a run, to the one of
   * the whole store.
   */
  keep(table: KeptTable, row: Row, runId?: string, gone?: true): void;
  /** A run that has no second journal (any more) needs one from its beginning. */
  isKept(runId: string): boolean;
  keepBlob(digest: string, content: Uint8Array): void;
  /** Brings back from the second journals what this store lacks; true where there was something. */
  restore(): boolean;
  /** What became of the store that a person must hear of; each is told once. */
  takeNotices(): readonly Failure[];
  close(): void;
}

/** Tables that can be rebuilt from the second journals. */
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

/** How long SQLite itself waits at most for another process's transaction; ours take milliseconds. */
const busyTimeoutMs = 5_000;

/** A larger file is not read through at every start: damage in it shows when its pages are used. */
const largestCheckedBytes = 64 * 1024 * 1024;

/** Creates the file when there is none. A damaged one, or one of a newer Backstop, is refused and left as it is. */
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

/** What a whole reading of an existing file finds wrong with it; `undefined`: nothing. */
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
 * Created for its owner alone; SQLite gives its side files the same rights. A file that is there is not opened: closing
 * it would drop SQLite's locks on it.
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

/** Loaded when first needed: activation stays fast, and a Node without it can still run what needs no store. */
function loadSqlite(): typeof Sqlite {
  const emitWarning = process.emitWarning;
  // Node 22 calls the module experimental on stderr at its first use; that says nothing to the person who deploys.
  // Other warnings pass.
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
  // First of all, so that everything below already waits for another process instead of failing.
  database.exec(`PRAGMA busy_timeout = ${waitMs}`);
  useWriteAheadLog(database, waitMs);
  // A power cut may lose the last transactions, never one without those after it: as if the process had been killed a
  // moment earlier. What recovery acts on is written as lasting.
  database.exec('PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;');
  refuseDamage(database);
}

/** Better now than in the middle of a deployment. */
function refuseDamage(database: DatabaseSync): void {
  const sizeBytes = Number(
    database.prepare('SELECT page_count * page_size AS size FROM pragma_page_count, pragma_page_size').get()?.['size'],
  );
  if (sizeBytes > largestCheckedBytes) return;
  const damage = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
  if (damage !== 'ok') throw Object.assign(new Error(String(damage)), { errcode: SQLITE_CORRUPT });
}

/** SQLite does not wait for other processes when it changes the journal mode, so we do. */
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

/** Stops this thread; for a store that every caller needs at once. */
export function pause(durationMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs);
}
