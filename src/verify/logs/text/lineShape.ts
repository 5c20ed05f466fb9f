// One pass over the bytes of a line to its shape: a number that all lines share which differ only in their figures. The
// hot path.
import {
  anyLetter,
  blank,
  delimiter,
  digit,
  escape,
  hexLetter,
  kinds,
  lineFeed,
  otherLetter,
  slash,
  tab,
} from './byteKinds.ts';
import { headForm, lengthClasses, mostDigits, runClass } from './headForms.ts';

/**
 * Where the header may be, figures are told apart by their form; further on they are all alike, and count once where
 * they follow one another.
 */
export const headTokens = 10;
export const longestShape = 4096;

/** Symbols of figures in the head: of digits alone by how many there are, of others by their form. */
const lengthSymbols = Int32Array.from(lengthClasses, digits => 0x1000 + digits);
const headSymbols = 0x2000;

/** Two independent hashes of a shape, and where its line ends; one object is used again and again. */
export interface LineShape {
  one: number;
  two: number;
  /** Index of the line feed. */
  end: number;
  /** The line is to be made plain first (`toPlain`): it has control characters, or figures amid unspaced writing. */
  escaped: boolean;
}

export function emptyShape(): LineShape {
  return { one: 0, two: 0, end: 0, escaped: false };
}

/** Symbols beside bytes. */
const figure = 0x5bd1e995,
  path = 0x27d4eb2f,
  host = 0x165667b1,
  wideGap = 1;
/** What stood since the last figure: at most a space and a comma, and another figure is one with it. */
export const spaced = 1,
  comma = 2,
  unlinked = 4;

/**
 * Reads the line at bytes[from] up to its line feed, which must be there. Two lines have the same shape exactly where
 * `canonicalLine` writes the same text for them (but for chance: two hashes of 32 bits).
 */
export function hashLine(bytes: Uint8Array, from: number, shape: LineShape): void {
  hashHead(bytes, from, shape);
  const last = from + longestShape;
  let one = shape.one,
    two = shape.two,
    figureOne = 0,
    figureTwo = 0,
    gap = unlinked;
  let at = shape.escaped ? bytes.indexOf(lineFeed, shape.end) : shape.end,
    code = bytes[at]!,
    kind = kinds[code]!,
    escaped = shape.escaped;
  for (;;) {
    if (kind < delimiter) {
      const start = at,
        startOne = one,
        startTwo = two;
      if (code !== slash) {
        while (kind < delimiter && kind !== digit) {
          one = Math.imul(one ^ code, 0x01000193);
          two = (Math.imul(two, 31) + code) | 0;
          code = bytes[++at]!;
          kind = kinds[code]!;
        }
      }
      if (kind >= delimiter) gap = unlinked;
      else {
        let seen = bytes[start]! | bytes[at - 1]!;
        do {
          code = bytes[++at]!;
          kind = kinds[code]!;
          seen |= code;
        } while (kind < delimiter);
        if (seen >= 0x80 && bytes[start] !== slash && hasUnspaced(bytes, start, at)) {
          escaped = true;
          at = bytes.indexOf(lineFeed, at);
          break;
        }
        if (bytes[start] === slash) {
          const symbol = at - start === 1 ? slash : bytes[start + 1] === slash ? host : path;
          one = Math.imul(startOne ^ symbol, 0x1b873593);
          two = (Math.imul(startTwo, 31) + symbol) | 0;
          gap = unlinked;
        } else {
          if (gap < unlinked) {
            one = figureOne;
            two = figureTwo;
          } else {
            figureOne = one = Math.imul(startOne ^ figure, 0x1b873593);
            figureTwo = two = (Math.imul(startTwo, 31) + figure) | 0;
          }
          gap = 0;
        }
      }
      if (at < last) continue;
      at = bytes.indexOf(lineFeed, at);
      break;
    }
    if (kind === delimiter) {
      one = Math.imul(one ^ code, 0x01000193);
      two = (Math.imul(two, 31) + code) | 0;
      gap |= code === 44 ? comma : unlinked;
      code = bytes[++at]!;
      kind = kinds[code]!;
    } else if (kind === blank) {
      do {
        code = bytes[++at]!;
        kind = kinds[code]!;
      } while (kind === blank);
      one = Math.imul(one ^ 32, 0x01000193);
      two = (Math.imul(two, 31) + 32) | 0;
      gap |= spaced;
    } else {
      if (kind === escape) {
        escaped = true;
        at = bytes.indexOf(lineFeed, at);
      }
      break;
    }
  }
  shape.one = one ^ (one >>> 15);
  shape.two = two;
  shape.end = at;
  shape.escaped = escaped;
}

/**
 * Whether an atom has letters of a writing without spaces: Chinese, Japanese or Korean, in UTF-8 three bytes from
 * U+3000 on.
 */
function hasUnspaced(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if ((bytes[i]! & 0xf0) === 0xe0 && bytes[i]! >= 0xe3) return true;
  return false;
}

/** The same for the first tokens of a line; apart, since a call in a loop slows the whole of it. */
function hashHead(bytes: Uint8Array, from: number, shape: LineShape): void {
  let one = 0x811c9dc5 | 0,
    two = 0x9e3779b9 | 0,
    head = headTokens;
  shape.escaped = false;
  let at = from,
    code = bytes[at]!,
    kind = kinds[code]!;
  for (;;) {
    if (kind < delimiter) {
      const start = at,
        startOne = one,
        startTwo = two,
        isPath = code === slash;
      let symbol = 0;
      if ((kind & anyLetter) === 0 && !isPath) {
        // Of digits with signs (dates, addresses, versions) the signs count, and how long the longest run of digits is.
        let run = 0,
          longest = 0,
          sum = 0;
        for (;;) {
          if (kind === digit) {
            if (run++ === 0) sum = Math.imul(sum ^ 49, 0x01000193);
          } else {
            if (run > longest) longest = run;
            if (kind >= delimiter || (kind & (hexLetter | otherLetter)) !== 0) break;
            sum = Math.imul(sum ^ code, 0x01000193);
            run = 0;
          }
          code = bytes[++at]!;
          kind = kinds[code]!;
        }
        if (kind >= delimiter && longest > 0)
          symbol =
            longest === at - start
              ? lengthSymbols[longest < mostDigits ? longest : mostDigits]!
              : Math.imul(sum ^ runClass(longest), 0x01000193);
        else at = start;
      }
      if (symbol === 0) {
        code = bytes[at]!;
        kind = kinds[code]!;
        while (kind < delimiter && kind !== digit) {
          one = Math.imul(one ^ code, 0x01000193);
          two = (Math.imul(two, 31) + code) | 0;
          code = bytes[++at]!;
          kind = kinds[code]!;
        }
        if (kind < delimiter || isPath) {
          let seen = bytes[start]! | bytes[at - 1]!;
          while (kind < delimiter) {
            code = bytes[++at]!;
            kind = kinds[code]!;
            seen |= code;
          }
          if (seen >= 0x80 && !isPath && hasUnspaced(bytes, start, at)) {
            shape.escaped = true;
            break;
          }
          symbol = !isPath
            ? headSymbols + headForm(bytes, start, at)
            : at - start === 1
              ? slash
              : bytes[start + 1] === slash
                ? host
                : path;
        }
      }
      if (symbol !== 0) {
        one = Math.imul(startOne ^ symbol, 0x1b873593);
        two = (Math.imul(startTwo, 31) + symbol) | 0;
      }
    } else if (kind === delimiter) {
      one = Math.imul(one ^ code, 0x01000193);
      two = (Math.imul(two, 31) + code) | 0;
      code = bytes[++at]!;
      kind = kinds[code]!;
    } else if (kind === blank) {
      const start = at,
        first = code;
      do {
        code = bytes[++at]!;
        kind = kinds[code]!;
      } while (kind === blank);
      const symbol = at - start > 1 || first === tab ? wideGap : 32;
      one = Math.imul(one ^ symbol, 0x01000193);
      two = (Math.imul(two, 31) + symbol) | 0;
      if (--head === 0) break;
    } else break;
  }
  shape.one = one;
  shape.two = two;
  shape.end = at;
}
