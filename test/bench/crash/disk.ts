// The disk under the store: how often the store writes to it, a copy of what has reached it, and no room on it.
import fs, { cpSync, rmSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface Disk {
  /** Transactions so far. */
  readonly writes: () => number;
  /** From the n-th transaction from now on, in the second journal or in the store itself; `then` is called once. */
  fill(atWrite: number, part: 'journal' | 'store', then: () => void): void;
  free(): void;
  /** What a power cut leaves of a store, in another folder: everything up to the latest flush. */
  keepFlushed(storePath: string, folder: string): void;
  close(): void;
}

const SQLITE_FULL = 13;

/** Of all stores of this process. */
export function watchDisk(): Disk {
  const { exec } = DatabaseSync.prototype,
    { writeSync } = fs;
  let writes = 0,
    isLasting = false,
    isHalfWritten = false,
    filling: { readonly from: number; readonly part: 'journal' | 'store'; readonly then: () => void } | undefined,
    isFull = false,
    flushed: (() => void) | undefined;

  /** True if there is no room for this part of the transaction that is under way. */
  function hasNoRoom(part: 'journal' | 'store'): boolean {
    if (filling?.part !== part || writes + 1 < filling.from) return false;
    if (!isFull) filling.then();
    isFull = true;
    return true;
  }
  DatabaseSync.prototype.exec = function (sql) {
    if (sql.startsWith('PRAGMA synchronous = ')) isLasting = sql.endsWith('FULL');
    if (sql !== 'COMMIT') return exec.call(this, sql);
    if (hasNoRoom('store')) throw Object.assign(new Error('database or disk is full'), { errcode: SQLITE_FULL });
    exec.call(this, sql);
    writes++;
    if (isLasting) flushed?.();
  };
  fs.writeSync = ((file: number, bytes: Uint8Array, offset: number) => {
    if (!hasNoRoom('journal')) return writeSync(file, bytes, offset);
    isHalfWritten = !isHalfWritten;
    // As a disk does: what still has room is written, and the next call fails.
    if (isHalfWritten) return writeSync(file, bytes, offset, Math.ceil((bytes.length - offset) / 2));
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  }) as typeof fs.writeSync;
  syncBuiltinESMExports();
  return {
    writes: () => writes,
    fill(atWrite, part, then) {
      filling = { from: writes + atWrite, part, then };
    },
    free() {
      filling = undefined;
    },
    keepFlushed(storePath, folder) {
      flushed = () => {
        rmSync(folder, { recursive: true, force: true });
        cpSync(dirname(storePath), folder, { recursive: true });
      };
      flushed();
    },
    close() {
      DatabaseSync.prototype.exec = exec;
      fs.writeSync = writeSync;
      syncBuiltinESMExports();
    },
  };
}
