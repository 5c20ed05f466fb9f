// Finds the times that stand at the head of a log line, in any of the usual forms, without regular expressions.
import { isDigit, isLetter, isSpace } from './characters.ts';

const months = new Set([
  'Jan',
  'Feb',
  'Mar',
  'Apr',
  'May',
  'Jun',
  'Jul',
  'Aug',
  'Sep',
  'Sept',
  'Oct',
  'Nov',
  'Dec',
  'January',
  'February',
  'March',
  'April',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]);
const days = new Set([
  'Mon',
  'Tue',
  'Wed',
  'Thu',
  'Fri',
  'Sat',
  'Sun',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
  'Sunday',
]);
const zones = new Set([
  'UTC',
  'GMT',
  'Z',
  'CST',
  'CDT',
  'EST',
  'EDT',
  'PST',
  'PDT',
  'MST',
  'MDT',
  'CET',
  'CEST',
  'BST',
  'IST',
  'JST',
  'MSK',
  'AM',
  'PM',
]);

export function isMonth(word: string): boolean {
  return months.has(word);
}
export function isWeekday(word: string): boolean {
  return days.has(word);
}
export function isZone(word: string): boolean {
  return zones.has(word);
}

/** What a token is to a timestamp. `part` is one only next to others. */
export type TimeKind = 'none' | 'date' | 'time' | 'epoch' | 'part' | 'month' | 'weekday' | 'zone';

/** The kind of text[start, end), which holds no space. Linear, and at most 40 characters are looked at. */
export function timeKind(text: string, start: number, end: number): TimeKind {
  const length = end - start;
  if (length === 0 || length > 40) return 'none';
  const first = text.charCodeAt(start);
  if (isLetter(first)) return wordKind(text, start, end);
  if (first === 43 || first === 45) return length === 5 || length === 6 ? zoneOffset(text, start, end) : 'none';
  if (!isDigit(first)) return 'none';
  return numberKind(text, start, end);
}

function wordKind(text: string, start: number, end: number): TimeKind {
  if (end - start > 10) return 'none';
  const word = text.slice(start, text.charCodeAt(end - 1) === 44 ? end - 1 : end);
  return months.has(word) ? 'month' : days.has(word) ? 'weekday' : zones.has(word) ? 'zone' : 'none';
}

function zoneOffset(text: string, start: number, end: number): TimeKind {
  for (let i = start + 1; i < end; i++) if (!isDigit(text.charCodeAt(i)) && text.charCodeAt(i) !== 58) return 'none';
  return 'zone';
}

function numberKind(text: string, start: number, end: number): TimeKind {
  let digits = 0,
    colons = 0,
    dashes = 0,
    dots = 0,
    longest = 0,
    run = 0;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (isDigit(code)) {
      digits++;
      run++;
      if (run > longest) longest = run;
      continue;
    }
    run = 0;
    if (code === 58) colons++;
    else if (code === 45 || code === 47 || code === 43) dashes++;
    else if (code === 46 || code === 44) dots++;
    else if (code === 84 || code === 116 || code === 95) dashes += 0;
    else if (code === 90 && i === end - 1) break;
    else if ((code === 65 || code === 80) && text.charCodeAt(i + 1) === 77 && i + 2 === end && colons > 0) {
      // `3:04PM`
      dots++;
      break;
    } else return isMonthInside(text, i, end) ? 'date' : 'none';
  }
  if (digits === end - start) return pureNumber(digits);
  if (longest > 10 || colons > 5) return 'none';
  if (colons >= 1)
    return dots >= 3 && dashes === 0 ? 'none' : dashes >= 2 ? 'date' : colons >= 2 || dots > 0 ? 'time' : 'part';
  if (dashes === 2 && digits >= 4 && longest <= 4) return 'date';
  if (dashes >= 3 && digits >= 8) return 'date';
  if (dots === 2 && dashes === 0 && longest === 4 && digits >= 6) return 'date';
  if (dashes + dots === 1 && digits <= 4 && longest <= 2) return 'part';
  return digits >= 11 && dots === 1 && dashes === 0 && text.charCodeAt(start + 10) === 46 ? 'epoch' : 'none';
}

/** 14/Mar/2024:10:00:01 and 14-Mar-2024. */
function isMonthInside(text: string, at: number, end: number): boolean {
  return at + 3 < end && months.has(text.slice(at, at + 3)) && !isLetter(text.charCodeAt(at + 3));
}

function pureNumber(digits: number): TimeKind {
  if (digits === 10 || digits === 13 || digits === 16) return 'epoch';
  return digits === 6 || digits === 8 || digits === 4 || digits <= 2 ? 'part' : 'none';
}

/**
 * The time found at the head of a line: text[start, end), how many other tokens stood before it, and how many of these
 * are plain words.
 */
export interface FoundTime {
  start: number;
  end: number;
  before: number;
  words: number;
  syslog: boolean;
  /** It is nothing but a number. */ isNumber: boolean;
}

export function noTime(): FoundTime {
  return { start: 0, end: 0, before: 0, words: 0, syslog: false, isNumber: false };
}

const mostTokens = 12,
  mostBefore = 4;

/**
 * Fills `found` and returns true where the head of the line holds a time. Brackets and commas around it belong to it.
 */
export function findTime(text: string, limit: number, found: FoundTime): boolean {
  found.end = -1;
  found.before = 0;
  found.start = 0;
  found.syslog = false;
  let at = 0,
    others = 0,
    words = 0,
    since = 0;
  for (let count = 0; count < mostTokens; count++) {
    while (at < limit && isBorder(text.charCodeAt(at))) at++;
    let end = at;
    while (end < limit && !isBorderEnd(text.charCodeAt(end))) end++;
    if (end === at) break;
    const kind = timeKind(text, at, end);
    const next = kind === 'none' ? -1 : completeTime(text, at, end, kind, limit, found);
    if (next > 0) {
      if (found.end < 0) {
        found.start = at;
        found.before = others;
        found.words = words;
      }
      found.isNumber = found.start === at && kind === 'epoch';
      found.end = next;
      since = 0;
      at = next;
      continue;
    }
    others++;
    since++;
    if (isPlainWord(text, at, end)) words++;
    if (found.end < 0 ? others > mostBefore : since > 1 || !mayStandBetween(text, at, end)) break;
    at = end;
  }
  return found.end >= 0;
}

/** Letters alone, but for a sign at the end. */
function isPlainWord(text: string, start: number, end: number): boolean {
  for (let i = start; i < end - 1; i++) if (!isLetter(text.charCodeAt(i))) return false;
  return isLetter(text.charCodeAt(start));
}

/** A token that two times may have between them: a node's name, never a plain word. */
function mayStandBetween(text: string, start: number, end: number): boolean {
  if (end - start === 1) return true;
  let upper = true;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (isDigit(code)) return true;
    if (code >= 97 && code <= 122) upper = false;
  }
  return upper;
}

/** End of the time that begins with this token, or -1: months and bare numbers are times only in company. */
function completeTime(
  text: string,
  start: number,
  end: number,
  kind: TimeKind,
  limit: number,
  found: FoundTime,
): number {
  if (kind === 'zone') return found.end >= 0 && start - found.end <= 1 ? end : -1;
  if (kind === 'time' || kind === 'epoch' || kind === 'date') return end;
  if (kind === 'part' && found.end >= 0 && (end - start === 4 || isClock(text, start, end)) && start - found.end <= 1)
    return end;
  let at = start,
    sawNumber = false,
    sawMonth = false;
  for (let count = 0; count < 5; count++) {
    let stop = at;
    while (stop < limit && !isBorderEnd(text.charCodeAt(stop))) stop++;
    const here = timeKind(text, at, stop);
    if (here === 'time' || (here === 'date' && sawMonth)) {
      found.syslog = sawMonth;
      return sawNumber || sawMonth || kind === 'weekday' ? stop : -1;
    }
    if (here === 'part') {
      if (isCompactPair(at, stop, sawNumber, start)) return stop;
      sawNumber = true;
    } else if (here === 'month') sawMonth = true;
    else if (here !== 'weekday') return -1;
    at = stop;
    while (at < limit && (isSpace(text.charCodeAt(at)) || text.charCodeAt(at) === 44)) at++;
  }
  return -1;
}

/** `10:15`, which is a time after a date. */
function isClock(text: string, start: number, end: number): boolean {
  return end - start === 5 && text.charCodeAt(start + 2) === 58;
}

/** 081109 203615: two bare numbers of six digits, at the very head of the line. */
function isCompactPair(at: number, stop: number, second: boolean, start: number): boolean {
  return second && start === 0 && stop - at === 6 && at - start <= 9 && at - start >= 7;
}

function isBorder(code: number): boolean {
  return (
    isSpace(code) ||
    code === 91 ||
    code === 40 ||
    code === 60 ||
    code === 62 ||
    code === 34 ||
    code === 44 ||
    code === 124 ||
    code === 93 ||
    code === 41
  );
}

function isBorderEnd(code: number): boolean {
  return isSpace(code) || code === 93 || code === 41 || code === 62 || code === 34 || code === 124 || code === 91;
}
