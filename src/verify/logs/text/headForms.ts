// The forms of figures in the head of a line, where the header may be: dates, times, levels with a process, names.
import { anyLetter, digit, hexLetter, kinds, mark, otherLetter, otherSign, slash, timeLetter } from './byteKinds.ts';

/** A figure of digits alone in the head: how many there are tells a year from an epoch, hardly more. */
export const mostDigits = 17;
export const lengthClasses = [0, 2, 2, 5, 4, 5, 6, 5, 8, 5, 10, 5, 5, 13, 5, 5, 16, 5];

/** Levels that are written together with a name that may hold digits. */
const levelWords = ['TRACE', 'DEBUG', 'INFO', 'NOTICE', 'WARN', 'WARNING', 'ERROR', 'SEVERE', 'CRITICAL', 'FATAL'];

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
  ...levelWords.map(level => `${level}/x1`),
  ...levelWords.flatMap(level => [`x1/${level}`, `x1.${level}`]),
];
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
  levelFirst = 11,
  levelLast = levelFirst + levelWords.length;

export function headForm(bytes: Uint8Array, start: number, end: number): number {
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
  const levelled = levelForm(bytes, start, end, seen);
  if (levelled > 0) return levelled;
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

/**
 * The form of a name with a level: `ERROR/worker-1` as Celery has it, `worker-1/error` and `shop2.ERROR` as log4j and
 * Monolog have it; else 0. In small letters, `shop2.info` is a host. `seen`: what its bytes are, or-ed together.
 */
function levelForm(bytes: Uint8Array, start: number, end: number, seen: number): number {
  if ((seen & (otherSign | mark)) === 0) return 0;
  let at = end;
  while (at > start && (kinds[bytes[at - 1]!]! & anyLetter) !== 0 && end - at <= longestLevel) at--;
  const sign = at > start && end - at >= shortestLevel ? bytes[at - 1] : undefined;
  if (sign === slash || sign === dot) {
    const level = levelBytes.findIndex(word => isLevel(bytes, at, end, word, sign === slash ? ~32 : ~0));
    if (level >= 0) return levelLast + 2 * level + (sign === slash ? 0 : 1);
  }
  const level = mayNameProcess(bytes, start) ? levelBytes.findIndex(word => begins(bytes, start, word)) : -1;
  return level < 0 ? 0 : levelFirst + level;
}

const dot = 46,
  levelBytes = levelWords.map(word => [...word].map(letter => letter.charCodeAt(0))),
  shortestLevel = 4,
  longestLevel = 8;

/** `bits`: those of each byte that count; without that of 32, small letters are as good as capitals. */
function isLevel(bytes: Uint8Array, start: number, end: number, word: readonly number[], bits: number): boolean {
  return end - start === word.length && word.every((code, i) => (bytes[start + i]! & bits) === code);
}

/** Looks at the few bytes that tell: a search for the next slash may run through the whole page, at every word. */
function mayNameProcess(bytes: Uint8Array, start: number): boolean {
  for (let at = start + shortestLevel; at <= start + longestLevel; at++) if (bytes[at] === slash) return true;
  return false;
}

function begins(bytes: Uint8Array, start: number, word: readonly number[]): boolean {
  return word.every((code, i) => bytes[start + i] === code) && bytes[start + word.length] === slash;
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

export function runClass(longest: number): number {
  return longest <= 3 ? 2 : longest === 4 ? 4 : longest < 10 ? 5 : 10;
}

/** A figure as it stands in the canonical text. `seen`: what its bytes are, or-ed together. */
export function headText(bytes: Uint8Array, start: number, end: number, seen: number): string {
  if (seen === digit) return ones(lengthClasses[Math.min(end - start, mostDigits)]!);
  const isStructure = (kinds[bytes[start]!]! & anyLetter) === 0 && (seen & (hexLetter | otherLetter)) === 0;
  return isStructure ? structureText(bytes, start, end) : headForms[headForm(bytes, start, end)]!;
}

/** Every run of digits as two ones, the first as many as tell how long the longest was. */
function structureText(bytes: Uint8Array, start: number, end: number): string {
  let text = '',
    longest = 0,
    firstRun = -1,
    run = 0;
  for (let at = start; at < end; at++) {
    const isDigit = kinds[bytes[at]!] === digit;
    run = isDigit ? run + 1 : 0;
    if (run > longest) longest = run;
    if (run === 1 && firstRun < 0) firstRun = text.length;
    else if (run === 1) text += '11';
    else if (!isDigit) text += String.fromCharCode(bytes[at]!);
  }
  return text.slice(0, firstRun) + ones(runClass(longest)) + text.slice(firstRun);
}

function ones(count: number): string {
  return '1'.repeat(count);
}
