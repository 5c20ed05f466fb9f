// Converts an exception in the middle of a stream, such as for a file that becomes unreadable, into a failure.
import { fail } from '../model/failure.ts';
import type { Result } from '../model/failure.ts';

export async function readSafely<T>(what: string, read: () => Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Error && 'code' in error)
      return fail('invalid', `${what} cannot be read.`, { cause: error.message });
    throw error;
  }
}
