// The open store: waits for a busy or full file, rebuilds a lost one, and writes each change to the second journal
// first.
import { existsSync, statSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { succeed, type Failure, type Result } from '../../../model/failure.ts';
import {
  explainStoreError,
  primaryCode,
  SQLITE_BUSY,
  SQLITE_CONSTRAINT,
  SQLITE_CORRUPT,
  SQLITE_FULL,
  SQLITE_IOERR,
  SQLITE_NOTADB,
  StoreError,
} from './historyErrors.ts';
import { moveAway, StoreFiles, underLock } from './historyFiles.ts';
import { openStoreJournal, type KeptRow, type StoreJournal } from './historyJournal.ts';
import { copyRows, insert, restoreFromJournal, type Restored } from './historyRestore.ts';
import { openDatabase, pause, type Row, type Store } from './historySqlite.ts';

export interface StoreOptions {
  /**
   * How long a call may block its thread while the store is busy or full. Transactions of other processes take
   * milliseconds; a backup may take seconds. Callers that must not block wait between short calls
   * (run/ownership/patience.ts).
   */
  readonly patienceMs?: number;
}

const usualPatienceMs = 30_000;
/** For processes that have other work to do in the meantime. */
export const shortPatienceMs = 40;
const retryMs = 100;
/** The longest time that one SQLite call waits for a lock; between calls, the store checks its file. */
const busyStepMs = 1_000;
/** Tables whose rows cannot be restored while this process lives: who holds a lease, and who waits for it. */
const heldTables = ['leases', 'lease_waiting'];

/** Creates the file if it does not exist, from the second journals if there are any. */
export function openStore(path: string, { patienceMs = usualPatienceMs }: StoreOptions = {}): Result<Store> {
  const journal = openStoreJournal(path);
  const isNew = !existsSync(path) || statSync(path).size === 0;
  const opened = openDatabase(path, patienceMs);
  if (!opened.ok) return opened;
  const open = new OpenStore(path, opened.value, journal, patienceMs);
  try {
    open.catchUp(isNew ? 'was not there' : undefined);
    return succeed(open);
  } catch (error) {
    open.close();
    return { ok: false, failure: explainStoreError(error, path) };
  }
}

class OpenStore implements Store {
  readonly #path: string;
  readonly #journal: StoreJournal;
  readonly #patienceMs: number;
  #database: DatabaseSync;
  #statements = new Map<string, StatementSync>();
  readonly #files: StoreFiles;
  #kept: (KeptRow & { readonly runId?: string })[] = [];
  #held = new Map<string, readonly Row[]>();
  #notices: Failure[] = [];
  /** True after a call waited and failed: later calls do not wait again until one succeeds. */
  #isHopeless = false;

  constructor(path: string, database: DatabaseSync, journal: StoreJournal, patienceMs: number) {
    this.#path = path;
    this.#database = database;
    this.#journal = journal;
    this.#patienceMs = patienceMs;
    this.#files = new StoreFiles(path);
    this.#limitWaiting();
  }

  run(sql: string, ...values: Parameters<Store['run']>[1][]): { changes: number; lastId: number } {
    return this.#attempt(() => {
      const { changes, lastInsertRowid } = this.#prepare(sql).run(...values);
      this.#noteHeld(sql);
      return { changes: Number(changes), lastId: Number(lastInsertRowid) };
    });
  }

  get(sql: string, ...values: Parameters<Store['get']>[1][]): Row | undefined {
    return this.#attempt(() => this.#prepare(sql).get(...values));
  }

  all(sql: string, ...values: Parameters<Store['all']>[1][]): Row[] {
    return this.#attempt(() => this.#prepare(sql).all(...values));
  }

  transaction<T>(work: () => T, durability?: 'lasting'): T {
    return this.#attempt(() => {
      this.#kept = [];
      if (durability === undefined) return this.#commit(work, false);
      // SQLite accepts this setting only between transactions.
      this.#database.exec('PRAGMA synchronous = FULL');
      try {
        return this.#commit(work, true);
      } finally {
        this.#database.exec('PRAGMA synchronous = NORMAL');
      }
    });
  }

  keep(table: KeptRow['table'], row: Row, runId?: string, gone?: true): void {
    this.#kept.push({ table, row, ...(gone && { gone }), ...(runId !== undefined && { runId }) });
  }

  isKept(runId: string): boolean {
    return this.#journal.has(runId);
  }

  keepBlob(digest: string, content: Uint8Array): void {
    this.#journal.saveBlob(digest, content);
  }

  restore(): boolean {
    const restored = restoreFromJournal(this.#database, this.#journal);
    if (Object.keys(restored).length === 0) return false;
    this.#tell('lacked what had been written', restored);
    return true;
  }

  takeNotices(): readonly Failure[] {
    return this.#notices.splice(0);
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  /** Called on opening: rebuilds a store that is new, or that lacks the newest run of the second journals. */
  catchUp(why: string | undefined): void {
    if (this.#journal.isEmpty()) return;
    const run = this.#journal.newestRun();
    const known = run === undefined || this.get('SELECT 1 FROM runs WHERE id = ?', run['id'] as string);
    if (known && why === undefined) return;
    this.#attempt(() => {
      const restored = this.#inTransaction(() => restoreFromJournal(this.#database, this.#journal));
      if (Object.keys(restored).length > 0) this.#tell(why ?? 'lacked the newest run', restored);
    });
  }

  /**
   * Runs `work` and retries while the problem may pass. An error of the caller, not of the store, is thrown unchanged.
   */
  #attempt<T>(work: () => T): T {
    const until = performance.now() + (this.#isHopeless ? 0 : this.#patienceMs);
    for (let rebuilt = false; ;) {
      // A call within a transaction is retried together with the whole transaction.
      if (this.#database.isTransaction) return work();
      try {
        const loss = this.#files.findLoss();
        if (loss !== undefined) this.#rebuild(loss);
        const result = work();
        this.#isHopeless = false;
        return result;
      } catch (error) {
        const code = primaryCode(error);
        if (error instanceof StoreError || code === SQLITE_CONSTRAINT || (code === undefined && !isFull(error)))
          throw error;
        if ((code === SQLITE_CORRUPT || code === SQLITE_NOTADB) && !rebuilt) {
          rebuilt = true;
          this.#rebuild('was damaged');
          continue;
        }
        if (!passes(error) || performance.now() >= until) {
          this.#isHopeless = passes(error);
          throw new StoreError(explainStoreError(error, this.#path), passes(error));
        }
        pause(Math.min(retryMs, this.#patienceMs / 4));
      }
    }
  }

  #commit<T>(work: () => T, lasting: boolean): T {
    return this.#inTransaction(() => {
      const done = work();
      // The journal is written before the commit, so that all committed data exists twice. If the transaction fails,
      // the lines of its next attempt replace these.
      if (this.#kept.length > 0) this.#journal.append(this.#kept, lasting);
      return done;
    });
  }

  #inTransaction<T>(work: () => T): T {
    // IMMEDIATE takes the write lock at once. Otherwise, a transaction that reads first and writes later could act on
    // outdated data.
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      try {
        this.#database.exec('ROLLBACK');
      } catch {
        // A full disk or an I/O error has already rolled the transaction back; the first error is the one to report.
      }
      throw error;
    }
  }

  #prepare(sql: string): StatementSync {
    const statement = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #noteHeld(sql: string): void {
    for (const table of heldTables)
      if (new RegExp(`\\b${table}\\b`).test(sql))
        this.#held.set(table, this.#prepare(`SELECT * FROM "${table}"`).all());
  }

  #limitWaiting(): void {
    this.#database.exec(`PRAGMA busy_timeout = ${Math.min(busyStepMs, Math.ceil(this.#patienceMs / 2))}`);
  }

  #rebuild(why: string): void {
    const old = this.#database;
    const restored = underLock(this.#path, () => {
      this.#files.putAside();
      let opened = openDatabase(this.#path, this.#patienceMs);
      if (!opened.ok && existsSync(this.#path)) {
        moveAway(this.#path);
        opened = openDatabase(this.#path, this.#patienceMs);
      }
      if (!opened.ok) throw new StoreError(opened.failure);
      this.#database = opened.value;
      this.#limitWaiting();
      this.#statements.clear();
      return this.#refill(old);
    });
    old.close();
    this.#files.remember();
    this.#tell(why, restored);
  }

  #refill(old: DatabaseSync): Restored {
    let copied: Restored = {};
    try {
      copied = this.#inTransaction(() => copyRows(old, this.#database));
    } catch {
      // The old file is unreadable; the second journals have its content.
    }
    const restored = this.#inTransaction(() => {
      for (const [table, rows] of this.#held) for (const row of rows) insert(this.#database, 'IGNORE', table, row);
      return restoreFromJournal(this.#database, this.#journal);
    });
    const tables = new Set([...Object.keys(copied), ...Object.keys(restored)]);
    return Object.fromEntries([...tables].map(table => [table, (copied[table] ?? 0) + (restored[table] ?? 0)]));
  }

  #tell(why: string, { runs = 0, events = 0, releases = 0, ledger = 0 }: Restored): void {
    this.#notices.push({
      kind: 'store',
      message:
        `The history ${this.#path} ${why}. It was rebuilt from the journals beside it: ${count(runs, 'run')}, ` +
        `${count(events, 'event')}, ${count(releases, 'release')} and ` +
        `${count(ledger, 'ledger entry', 'ledger entries')} were restored.`,
      hint: 'Find out who changes files of this folder. To check everything: backstop audit --verify',
    });
  }
}

function count(many: number, one: string, more = `${one}s`): string {
  return `${many} ${many === 1 ? one : more}`;
}

function passes(error: unknown): boolean {
  const code = primaryCode(error);
  return code === SQLITE_BUSY || code === SQLITE_FULL || code === SQLITE_IOERR || isFull(error);
}

function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(String((error as NodeJS.ErrnoException | null)?.code));
}
