// What each byte of a line is to the line's shape: one table, since the scanners see every byte.
import {
  characterClass,
  delimiter as delimiterClass,
  digit as digitClass,
  space as spaceClass,
  letter as letterClass,
} from './characters.ts';

/** What a byte is to a shape; those of one atom are or-ed together. From `delimiter` on they end an atom. */
export const digit = 1,
  hexLetter = 2,
  timeLetter = 4,
  otherLetter = 8,
  mark = 16,
  dash = 32,
  otherSign = 64,
  anyLetter = hexLetter | timeLetter | otherLetter,
  delimiter = 128,
  blank = 129,
  lineEnd = 130,
  escape = 131;
export const slash = 47,
  lineFeed = 10,
  tab = 9,
  escapeCode = 27;

export const kinds = new Uint8Array(256);
for (let code = 0; code < 256; code++) kinds[code] = kindOf(code);

function kindOf(code: number): number {
  if (code === lineFeed) return lineEnd;
  if (code === escapeCode) return escape;
  const character = String.fromCharCode(code);
  switch (code < 128 ? characterClass(code) : letterClass) {
    case digitClass:
      return digit;
    case delimiterClass:
      return delimiter;
    case spaceClass:
      return blank;
    case letterClass:
      return /[a-fA-F]/.test(character) ? hexLetter : /[TZ]/.test(character) ? timeLetter : otherLetter;
    default:
      return '.$#@'.includes(character) ? mark : character === '-' ? dash : otherSign;
  }
}
