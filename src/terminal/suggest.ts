// The sentence that offers what was probably meant on a command line.
import { findNearest } from '../model/evidence/nearest.ts';

/** ` Did you mean X?`, or nothing. A word that was only begun means the first that goes on from it. */
export function suggest(
  word: string,
  known: readonly string[],
  show: (word: string) => string = meant => meant,
): string {
  const begun = word.length >= 3 ? known.find(one => one.startsWith(word)) : undefined;
  // Hardly anybody mistypes the first letter: `deploy` does not mean `replay`.
  const meant = begun ?? findNearest(word, known).find(one => word.slice(0, 2).includes(one.slice(0, 1)));
  return meant === undefined ? '' : ` Did you mean ${show(meant)}?`;
}
