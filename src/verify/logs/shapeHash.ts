// One pass over a message to a number: words count as they are, everything with a digit in it counts as the same. The hot path.
import { characterClass, delimiter, digit, space } from './characters.ts';

const figure = 0x5bd1e995, longestMessage = 4096;

/** Two independent hashes of a shape; one object is used again and again. */
export interface ShapeHash { one: number; two: number }

/** Hashes text[start, end), at most 4,096 characters of it. Figures that follow one another count once. */
export function hashShape(text: string, start: number, hash: ShapeHash): void {
  const end = text.length - start > longestMessage ? start + longestMessage : text.length;
  let one = 0x811c9dc5, two = 0x9e3779b9, atom = 0x811c9dc5, inAtom = false, hasDigit = false, lastFigure = false, gap = 0;
  for (let i = start; i <= end; i++) {
    const code = i < end ? text.charCodeAt(i) : 32;
    const kind = characterClass(code);
    if ((kind & (space | delimiter)) === 0) {
      inAtom = true;
      if (kind === digit) hasDigit = true;
      atom = Math.imul(atom ^ code, 0x01000193);
      continue;
    }
    if (inAtom) {
      if (!(hasDigit && lastFigure && isLink(gap))) {
        if (gap !== 0) { one = Math.imul(one ^ gap, 0x85ebca6b); two = Math.imul(two + gap, 0x27d4eb2f) ^ (two >>> 15); }
        const value = hasDigit ? figure : atom;
        one = Math.imul(one ^ value, 0xcc9e2d51); one ^= one >>> 13;
        two = Math.imul(two + value, 0x1b873593); two ^= two >>> 16;
      }
      lastFigure = hasDigit;
      gap = 0; atom = 0x811c9dc5; inAtom = false; hasDigit = false;
    }
    if (kind === space) { if (gap === 0) gap = 32; } else gap = (gap <= 32 ? code : Math.imul(gap, 131) + code) | 0;
  }
  if (gap > 32) one = Math.imul(one ^ gap, 0x85ebca6b);
  hash.one = one & 0x3fffffff;
  hash.two = two | 0;
}

function isLink(gap: number): boolean {
  return gap === 32 || gap === 44 || gap === 58;
}
