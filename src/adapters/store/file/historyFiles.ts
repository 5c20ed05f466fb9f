// The files of the store when it must be rebuilt: which one stands there, put aside, and one process at a time.
import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, statSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { pause } from './historySqlite.ts';

function isSame(one: Stats | undefined, other: Stats | undefined): boolean {
  return one?.dev === other?.dev && one?.ino === other?.ino;
}

/** With its side files, under a name that says when; a person may want to look at it. */
export function moveAway(path: string, endings: readonly string[] = ['', '-wal', '-shm']): void {
  const kept = `${path}.lost-${new Date().toISOString().replaceAll(':', '-')}`;
  for (const ending of endings) if (existsSync(path + ending)) renameSync(path + ending, kept + ending);
}

/** Remembers the files of an open store, and notices when others stand in their place. */
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

  /** Completes a sentence that begins with the file's name. */
  findLoss(): string | undefined {
    const main = this.#find();
    if (!main) return 'was deleted';
    if (!isSame(main, this.#main)) return 'was replaced by another file';
    // It never shrinks: nothing here vacuums it.
    if (main.size < this.#largestBytes) return 'was truncated';
    this.#largestBytes = main.size;
    // It stays as long as anybody has the store open.
    const log = this.#find('-wal');
    this.#log ??= log;
    return isSame(log, this.#log) ? undefined : 'lost its write-ahead log';
  }

  /** Moves away what is left of the store that was open, so that another can stand in its place. */
  putAside(): void {
    const main = this.#find();
    // Moved, not copied: SQLite leaves a file alone that no longer has its name when it closes it.
    if (main && isSame(main, this.#main)) moveAway(this.#path);
    // The log of another file would be taken for that of the one that stands there now.
    else if (isSame(this.#find('-wal'), this.#log)) moveAway(this.#path, ['-wal', '-shm']);
  }

  #find(ending = ''): Stats | undefined {
    return statSync(this.#path + ending, { throwIfNoEntry: false });
  }
}

const lockPollMs = 20,
  /** Older than any rebuilding: its process has died. */
  deadLockMs = 60_000;

/**
 * Two processes that notice the loss at once: one moves the file away and begins a new one, the other finds that one.
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
