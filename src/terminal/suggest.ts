// Suggests what the user probably meant on a command line.
import { findNearest } from '../model/evidence/nearest.ts';

/** Returns ` Did you mean X?` or an empty text. An incomplete word means the first word that begins with it. */
export function suggest(
  word: string,
  known: readonly string[],
  show: (word: string) => string = meant => meant,
): string {
  const begun = word.length >= 3 ? known.find(one => one.startsWith(word)) : undefined;
  // The first letter is rarely mistyped: `deploy` does not mean `replay`.
  const meant = begun ?? findNearest(word, known).find(one => word.slice(0, 2).includes(one.slice(0, 1)));
  return meant === undefined ? '' : ` Did you mean ${show(meant)}?`;
}
