// The files of the store when it must be rebuilt: which one stands there, put aside, and one process at a time.
import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, statSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { pause } from './historySqlite.ts';

export function isSame(one: Stats | undefined, other: Stats | undefined): boolean {
  return one?.dev === other?.dev && one?.ino === other?.ino;
}

/** With its side files, under a name that says when; a person may want to look at it. */
export function moveAway(path: string, endings: readonly string[] = ['', '-wal', '-shm']): void {
  const kept = `${path}.lost-${new Date().toISOString().replaceAll(':', '-')}`;
  for (const ending of endings) if (existsSync(path + ending)) renameSync(path + ending, kept + ending);
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
