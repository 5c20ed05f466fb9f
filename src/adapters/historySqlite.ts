// Opens the SQLite file of the store so that several processes may write to it and a kill loses nothing, and says in words what is wrong with it.
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type * as Sqlite from 'node:sqlite';
import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { succeed, type Failure, type Result } from '../model/failure.ts';
import { migrate } from './historySchema.ts';

export type Row = Record<string, SQLOutputValue>;

/** Every call is short and synchronous, and throws a StoreError. */
export interface Store {
  run(sql: string, ...values: SQLInputValue[]): { changes: number; lastId: number };
  get(sql: string, ...values: SQLInputValue[]): Row | undefined;
  all(sql: string, ...values: SQLInputValue[]): Row[];
  /** All or nothing, and alone: no other process writes meanwhile. `lasting`: once it returns, it and all before it survive a power cut, at the price of a flush. */
  transaction<T>(work: () => T, durability?: 'lasting'): T;
  close(): void;
}

/** The store itself is broken or out of reach; `failure` says so in words, of kind `store`. */
export class StoreError extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super([failure.message, failure.hint].filter(Boolean).join(' '), { cause: failure.cause });
    this.name = 'StoreError';
    this.failure = failure;
  }
}

/** How long a writer waits for another process's transaction; ours take milliseconds. */
const BUSY_TIMEOUT_MS = 5_000;

/** A larger file is not read through at every start: damage in it shows when its pages are used. */
const LARGEST_CHECKED_BYTES = 64 * 1024 * 1024;

export function openStore(path: string): Result<Store> {
  let database: DatabaseSync | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // Created for its owner alone; SQLite gives its side files the same rights.
    closeSync(openSync(path, 'a', 0o600));
    const sqlite = loadSqlite();
    database = new sqlite.DatabaseSync(path);
    configure(database);
    const migrated = migrate(database, path);
    if (!migrated.ok) database.close();
    return migrated.ok ? succeed(wrapDatabase(database, path)) : migrated;
  } catch (error) {
    database?.close();
    return { ok: false, failure: explainStoreError(error, path) };
  }
}

/** Loaded when first needed: activation stays fast, and a Node without it can still run what needs no store. */
function loadSqlite(): typeof Sqlite {
  const emitWarning = process.emitWarning;
  // Node 22 calls the module experimental on stderr at its first use; that says nothing to the person who deploys. Other warnings pass.
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

function configure(database: DatabaseSync): void {
  // First of all, so that everything below already waits for another process instead of failing.
  database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  useWriteAheadLog(database);
  // A power cut may lose the last transactions, never one without those after it: as if the process had been killed a moment earlier. What
  // recovery acts on is written as lasting.
  database.exec('PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;');
  refuseDamage(database);
}

/** Better now than in the middle of a deployment. */
function refuseDamage(database: DatabaseSync): void {
  const sizeBytes = Number(
    database.prepare('SELECT page_count * page_size AS size FROM pragma_page_count, pragma_page_size').get()?.['size'],
  );
  if (sizeBytes > LARGEST_CHECKED_BYTES) return;
  const damage = database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
  if (damage !== 'ok') throw Object.assign(new Error(String(damage)), { errcode: SQLITE_CORRUPT });
}

/** SQLite does not wait for other processes when it changes the journal mode, so we do. */
function useWriteAheadLog(database: DatabaseSync): void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let waitedMs = 0; ; waitedMs += 10) {
    try {
      database.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (primaryCode(error) !== SQLITE_BUSY || waitedMs >= BUSY_TIMEOUT_MS) throw error;
      Atomics.wait(pause, 0, 0, 10);
    }
  }
}

function wrapDatabase(database: DatabaseSync, path: string): Store {
  const statements = new Map<string, StatementSync>();
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      // A broken constraint is a mistake of the caller, not of the store.
      if (error instanceof StoreError || primaryCode(error) === undefined || primaryCode(error) === SQLITE_CONSTRAINT)
        throw error;
      throw new StoreError(explainStoreError(error, path));
    }
  };
  const prepare = (sql: string): StatementSync => {
    const statement = statements.get(sql) ?? database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  return {
    run: (sql, ...values) =>
      attempt(() => {
        const { changes, lastInsertRowid } = prepare(sql).run(...values);
        return { changes: Number(changes), lastId: Number(lastInsertRowid) };
      }),
    get: (sql, ...values) => attempt(() => prepare(sql).get(...values)),
    all: (sql, ...values) => attempt(() => prepare(sql).all(...values)),
    transaction: (work, durability) =>
      attempt(() =>
        durability === 'lasting'
          ? flushing(database, () => runTransaction(database, work))
          : runTransaction(database, work),
      ),
    close: () => database.close(),
  };
}

/** SQLite takes the setting between transactions only. */
function flushing<T>(database: DatabaseSync, work: () => T): T {
  database.exec('PRAGMA synchronous = FULL');
  try {
    return work();
  } finally {
    database.exec('PRAGMA synchronous = NORMAL');
  }
}

function runTransaction<T>(database: DatabaseSync, work: () => T): T {
  // IMMEDIATE takes the write lock at once: a transaction that reads first and writes later could find its reading outdated.
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    try {
      database.exec('ROLLBACK');
    } catch {
      // A full disk or an I/O error has already rolled it back; the first error is the one to tell.
    }
    throw error;
  }
}

const SQLITE_PERM = 3,
  SQLITE_BUSY = 5,
  SQLITE_READONLY = 8,
  SQLITE_IOERR = 10,
  SQLITE_CORRUPT = 11,
  SQLITE_FULL = 13,
  SQLITE_CANTOPEN = 14,
  SQLITE_CONSTRAINT = 19,
  SQLITE_NOTADB = 26;

/** SQLite's result code without its extension; undefined for an error that is not SQLite's. */
function primaryCode(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  return typeof code === 'number' ? code & 0xff : undefined;
}

/** What a person can do about an error of SQLite or the file system, with the file's name. */
export function explainStoreError(error: unknown, path: string): Failure {
  if (error instanceof StoreError) return error.failure;
  const cause = error instanceof Error ? error.message : String(error);
  const explain = (message: string, hint: string): Failure => ({ kind: 'store', message, cause, hint });
  switch (primaryCode(error)) {
    case SQLITE_FULL:
      return explain(
        `The history ${path} could not be written: the disk is full.`,
        'Free some space and try again; what was written before is safe.',
      );
    case SQLITE_BUSY:
      return explain(
        `The history ${path} is locked: another process has been writing for more than ${BUSY_TIMEOUT_MS / 1000} s.`,
        'Try again, or end the process that holds it.',
      );
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return explain(
        `The history ${path} is damaged or not a history at all. It was left as it is.`,
        'Restore it from a backup, or move it (and the files beside it that end in -wal and -shm) away to begin with an empty history: releases, learned baselines and past runs are then unknown.',
      );
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
      return explain(
        `The history ${path} cannot be opened for writing.`,
        'Check the rights of the file and its folder, or set BACKSTOP_HOME to another folder.',
      );
    case SQLITE_IOERR:
      return explain(
        `The history ${path} could not be read or written: the disk reports an error.`,
        'Check that the disk has space and works; what was written before is safe.',
      );
    default:
      return explain(
        `The history ${path} cannot be used.`,
        'Check the rights of the file and its folder, or set BACKSTOP_HOME to another folder.',
      );
  }
}
