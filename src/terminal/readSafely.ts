// A file may turn out unreadable in the middle of a stream, where only a throw can say so: here it becomes a failure
// again.
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
