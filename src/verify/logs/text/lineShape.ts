// One pass over the bytes of a line to its shape: a number that all lines share which differ only in their figures. The
// hot path.
import {
  characterClass,
  delimiter as delimiterClass,
  digit as digitClass,
  space as spaceClass,
  letter as letterClass,
} from './characters.ts';

/** What a byte is to a shape; those of one atom are or-ed together. From `delimiter` on they end an atom. */
const digit = 1,
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
const slash = 47,
  lineFeed = 10,
  tab = 9,
  escapeCode = 27;

const kinds = new Uint8Array(256);
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

/**
 * Where the header may be, figures are told apart by their form; further on they are all alike, and count once where
 * they follow one another.
 */
const headTokens = 10;
export const longestShape = 4096;

/** A figure of digits alone in the head: how many there are tells a year from an epoch, hardly more. */
const mostDigits = 17;
const lengthClasses = [0, 2, 2, 5, 4, 5, 6, 5, 8, 5, 10, 5, 5, 13, 5, 5, 16, 5];
const lengthSymbols = Int32Array.from(lengthClasses, digits => 0x1000 + digits);
/** Other figures in the head, as `canonicalLine` writes them. */
const headForms = [
  '1a',
  'x.x1',
  'x.x1Error',
  'x1',
  '1x',
  '11/Jan/1111',
  'I1111',
  'W1111',
  'E1111',
  'F1111',
  '11AM',
  'INFO/x1',
  'WARNING/x1',
  'ERROR/x1',
  'DEBUG/x1',
  'CRITICAL/x1',
] as const;
/** The letters of klog's levels, which stand before month and day. */
const klogLetters = [...'IWEF'].map(letter => letter.charCodeAt(0));
const hexadecimal = 0,
  qualified = 1,
  exception = 2,
  named = 3,
  other = 4,
  monthDate = 5,
  klogDate = 6,
  clock = 10,
  processForm = 11,
  headSymbols = 0x2000;

/** Two independent hashes of a shape, and where its line ends; one object is used again and again. */
export interface LineShape {
  one: number;
  two: number;
  /** Index of the line feed. */
  end: number;
  /** The line has control characters in it: they are to be removed first (`withoutControls`). */
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
const spaced = 1,
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
  let at = shape.end,
    code = bytes[at]!,
    kind = kinds[code]!,
    escaped = false;
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
        do {
          code = bytes[++at]!;
          kind = kinds[code]!;
        } while (kind < delimiter);
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
      escaped = kind === escape;
      if (escaped) at = bytes.indexOf(lineFeed, at);
      break;
    }
  }
  shape.one = one ^ (one >>> 15);
  shape.two = two;
  shape.end = at;
  shape.escaped = escaped;
}

/** The same for the first tokens of a line; apart, since a call in a loop slows the whole of it. */
function hashHead(bytes: Uint8Array, from: number, shape: LineShape): void {
  let one = 0x811c9dc5 | 0,
    two = 0x9e3779b9 | 0,
    head = headTokens;
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
          while (kind < delimiter) {
            code = bytes[++at]!;
            kind = kinds[code]!;
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

function headForm(bytes: Uint8Array, start: number, end: number): number {
  const first = kinds[bytes[start]!]!;
  if (first === digit && end - start <= 11) {
    if (isMonthDate(bytes, start, end)) return monthDate;
    if (isClock(bytes, start, end)) return clock;
  }
  let seen = 0;
  for (let at = start; at < end; at++) seen |= kinds[bytes[at]!]!;
  const length = end - start;
  if ((length === 5 || length === 7 || length === 9) && isKlogDate(bytes, start, end))
    return klogDate + klogLetters.indexOf(bytes[start]!);
  if ((seen & (otherLetter | timeLetter)) === 0) return hexadecimal;
  if (first !== digit && (seen & otherSign) !== 0 && bytes.indexOf(slash, start + 4) < start + 9) {
    const level = processLevels.findIndex(word => startsWith(bytes, start, word));
    if (level >= 0) return processForm + level;
  }
  if ((first & anyLetter) === 0 || (seen & otherSign) !== 0) return other;
  return (seen & mark) === 0
    ? named
    : endsIn(bytes, end, errorEnd) || endsIn(bytes, end, exceptionEnd)
      ? exception
      : qualified;
}

function isKlogDate(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start + 1; at < end; at++) if (kinds[bytes[at]!] !== digit) return false;
  return klogLetters.includes(bytes[start]!);
}

const exceptionEnd = [...'Exception'].map(letter => letter.charCodeAt(0)),
  errorEnd = [...'Error'].map(letter => letter.charCodeAt(0));

/** `ERROR/worker-1`, as Celery has them: a level, and the process behind it. */
const processLevels = ['INFO/', 'WARNING/', 'ERROR/', 'DEBUG/', 'CRITICAL/'].map(word =>
  [...word].map(letter => letter.charCodeAt(0)),
);

function startsWith(bytes: Uint8Array, start: number, beginning: readonly number[]): boolean {
  return beginning.every((code, i) => bytes[start + i] === code);
}

function endsIn(bytes: Uint8Array, end: number, ending: readonly number[]): boolean {
  return ending.every((code, i) => bytes[end - ending.length + i] === code);
}

/** `06/May/2024`, `6-May-2024`: any three letters between signs. */
function isMonthDate(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (kinds[bytes[at]!] === digit) at++;
  const sign = bytes[at];
  if ((sign !== slash && sign !== 45) || at - start > 2 || bytes[at + 4] !== sign) return false;
  for (let i = at + 1; i < at + 4; i++) if ((kinds[bytes[i]!]! & anyLetter) === 0) return false;
  for (let i = at + 5; i < end; i++) if (kinds[bytes[i]!] !== digit) return false;
  return end - at > 6;
}

/** What stands behind the colon of `10:15AM` and `3:04PM`. */
function isClock(bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[end - 1] !== 77 || (bytes[end - 2] !== 65 && bytes[end - 2] !== 80)) return false;
  let at = start;
  while (kinds[bytes[at]!] === digit) at++;
  return at === end - 2 && at > start;
}

function runClass(longest: number): number {
  return longest <= 3 ? 2 : longest === 4 ? 4 : longest < 10 ? 5 : 10;
}

/** What all lines of one shape have in common, as a text that can be read like a line: figures are written as ones. */
export function canonicalLine(bytes: Uint8Array, from: number): string {
  const last = from + longestShape;
  const out: number[] = [];
  let at = from,
    head = headTokens,
    gap = unlinked,
    figureEnd = 0;
  for (;;) {
    const start = at;
    let kind = kinds[bytes[at]!]!;
    if (kind < delimiter) {
      let seen = 0;
      while (kind < delimiter) {
        seen |= kind;
        kind = kinds[bytes[++at]!]!;
      }
      const isPath = bytes[start] === slash && at - start > 1,
        isFigure = !isPath && (seen & digit) !== 0;
      if (isPath) append(out, bytes[start + 1] === slash ? '//1' : '/1');
      else if (!isFigure) for (let i = start; i < at; i++) out.push(bytes[i]!);
      else if (head > 0) append(out, headText(bytes, start, at));
      else if (gap < unlinked) out.length = figureEnd;
      else append(out, '1');
      const links = isFigure && head === 0;
      gap = links ? 0 : unlinked;
      if (links) figureEnd = out.length;
      if (head === 0 && at >= last) break;
    } else if (kind === delimiter) {
      gap |= bytes[at] === 44 ? comma : unlinked;
      out.push(bytes[at++]!);
    } else if (kind === blank) {
      while (kinds[bytes[at]!] === blank) at++;
      append(out, head > 0 && (at - start > 1 || bytes[start] === tab) ? '  ' : ' ');
      if (head > 0) head--;
      gap |= spaced;
    } else break;
  }
  return decoder.decode(Uint8Array.from(out));
}

const decoder = new TextDecoder();

function append(out: number[], text: string): void {
  for (let i = 0; i < text.length; i++) out.push(text.charCodeAt(i));
}

function headText(bytes: Uint8Array, start: number, end: number): string {
  const text = decoder.decode(bytes.subarray(start, end));
  if (/^\d+$/.test(text)) return '1'.repeat(lengthClasses[Math.min(text.length, mostDigits)]!);
  return /^[^A-Za-z_\u0080-\uffff][^A-SU-Ya-z_\u0080-\uffff]*$/.test(text)
    ? structureText(text)
    : headForms[headForm(bytes, start, end)]!;
}

/** Every run of digits as two ones, the first as many as tell how long the longest was. */
function structureText(text: string): string {
  let longest = 0,
    isFirst = true;
  for (const [run] of text.matchAll(/\d+/g)) longest = Math.max(longest, run.length);
  return text.replaceAll(/\d+/g, () => {
    const ones = isFirst ? runClass(longest) : 2;
    isFirst = false;
    return '1'.repeat(ones);
  });
}

const anyControls =
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_]?)|[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** A text without the sequences that colour a terminal and without control characters but the tab. */
export function withoutControls(text: string): string {
  return text.replaceAll(anyControls, '');
}
