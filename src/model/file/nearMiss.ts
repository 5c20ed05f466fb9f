// The sentence that offers what was probably meant, for problems of a pipeline file.
import { findNearest } from '../evidence/nearest.ts';

/** ` Did you mean x?`, or nothing. */
export function suggest(written: string, names: readonly string[]): string {
  const [nearest] = findNearest(written, names);
  return nearest === undefined ? '' : ` Did you mean \`${nearest}\`?`;
}
