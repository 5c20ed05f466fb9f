// Describes errors of the store in sentences, with what the user can do about them.
import { StoreError } from '../../../model/failure.ts';
import type { Failure } from '../../../model/failure.ts';

export { StoreError };

export const SQLITE_PERM = 3,
  SQLITE_BUSY = 5,
  SQLITE_READONLY = 8,
  SQLITE_IOERR = 10,
  SQLITE_CORRUPT = 11,
  SQLITE_FULL = 13,
  SQLITE_CANTOPEN = 14,
  SQLITE_CONSTRAINT = 19,
  SQLITE_NOTADB = 26;

/** SQLite's primary result code; undefined for other errors. */
export function primaryCode(error: unknown): number | undefined {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  return typeof code === 'number' ? code & 0xff : undefined;
}

/** Explains an error of SQLite or the file system, with the name of the file and a hint. */
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
        `The history ${path} is locked: another process keeps it from being written.`,
        'Try again, or end the process that holds it.',
      );
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return explain(
        `The history ${path} is damaged or not a history at all. It was left as it is.`,
        'Rebuild it from the journals beside it with: backstop doctor --repair. Or restore it from a backup.',
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
      if ((error as NodeJS.ErrnoException | null)?.code === 'ENOSPC')
        return explain(
          `The history ${path} could not be written: the disk is full.`,
          'Free some space and try again; what was written before is safe.',
        );
      return explain(
        `The history ${path} cannot be used.`,
        'Check the rights of the file and its folder, or set BACKSTOP_HOME to another folder.',
      );
  }
}
