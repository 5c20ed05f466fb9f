// The files of the store: notices if they were lost or replaced, moves them aside, and lets only one process rebuild
// the store.
import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, statSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { pause } from './historySqlite.ts';

function isSame(one: Stats | undefined, other: Stats | undefined): boolean {
  return one?.dev === other?.dev && one?.ino === other?.ino;
}

/** Renames the file and its side files to a name with the current time, so that a person can examine them. */
export function moveAway(path: string, endings: readonly string[] = ['', '-wal', '-shm']): void {
  const kept = `${path}.lost-${new Date().toISOString().replaceAll(':', '-')}`;
  for (const ending of endings) if (existsSync(path + ending)) renameSync(path + ending, kept + ending);
}

/** Remembers the files of an open store, and notices if they are replaced. */
export class StoreFiles {
  readonly #path: string;
  #main: Stats | undefined;
  #log: Stats | undefined;
  #largestBytes = 0;

  constructor(path: string) {
    this.#path = path;
    this.remember();
  }

  remember(): void {
    this.#main = this.#find();
    this.#log = this.#find('-wal');
    this.#largestBytes = this.#main?.size ?? 0;
  }

  /** Returns a text that completes a sentence beginning with the name of the file. */
  findLoss(): string | undefined {
    const main = this.#find();
    if (!main) return 'was deleted';
    if (!isSame(main, this.#main)) return 'was replaced by another file';
    // The file never shrinks, since Backstop does not vacuum it.
    if (main.size < this.#largestBytes) return 'was truncated';
    this.#largestBytes = main.size;
    // The write-ahead log exists as long as any process has the store open.
    const log = this.#find('-wal');
    this.#log ??= log;
    return isSame(log, this.#log) ? undefined : 'lost its write-ahead log';
  }

  /** Moves away the remaining files of the open store, so that a new store can take their place. */
  putAside(): void {
    const main = this.#find();
    // The file is renamed instead of copied: when SQLite closes a file that no longer has its name, it leaves it alone.
    if (main && isSame(main, this.#main)) moveAway(this.#path);
    // SQLite would take the log of the old file for that of the new one.
    else if (isSame(this.#find('-wal'), this.#log)) moveAway(this.#path, ['-wal', '-shm']);
  }

  #find(ending = ''): Stats | undefined {
    return statSync(this.#path + ending, { throwIfNoEntry: false });
  }
}

const lockPollMs = 20,
  /** Longer than any rebuild takes: the process that holds the lock has died. */
  deadLockMs = 60_000;

/**
 * If two processes notice the loss at once, one moves the file away and creates a new one, and the other finds the new
 * one.
 */
export function underLock<T>(path: string, work: () => T): T {
  const lock = `${path}.rebuilding`;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  for (;;) {
    try {
      closeSync(openSync(lock, 'wx', 0o600));
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const status = statSync(lock, { throwIfNoEntry: false });
      if (status && Date.now() - status.mtimeMs > deadLockMs) rmSync(lock, { force: true });
      else pause(lockPollMs);
    }
  }
  try {
    return work();
  } finally {
    rmSync(lock, { force: true });
  }
}
