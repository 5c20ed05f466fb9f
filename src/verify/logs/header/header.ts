// Finds where a line's header ends: time, process, thread, level, logger. What follows is the message.
import type { Severity } from '../../../model/evidence/evidence.ts';
import { isDigit, isLetter, isSpace, skipSpaces } from '../text/characters.ts';
import { isIdentity, isQualified, isSeparator, readField, type Field } from './fields.ts';
import {
  emptyHeader,
  endOfRingTime,
  isKlog,
  isSyslog,
  readDotnetHead,
  readKlog,
  readPipes,
  readSyslog,
  readSyslogTag,
  type Header,
} from './headerStyles.ts';
import { levelOf, levelOfLetter } from '../text/severity.ts';
import { findTime, noTime, type FoundTime } from '../text/timestamps.ts';

/** The layouts of streams by the form of their lines' heads. */
export interface Layouts {
  /** Share of lines that begin with a time. */
  readonly timed: number;
  of(headKind: number): Layout;
}

/** Columns of a stream's header. */
export interface Layout {
  /** Columns that end in `|`, the time's included; 0 where there are none. */
  readonly pipes: number;
  /** What nearly every line has between level and message. */
  readonly columns: readonly ColumnKind[];
  /** Whether the time that was found is the line's own, and not one that its message tells of. */
  isOwn(time: FoundTime): boolean;
  /** Whether lines have their level in this field after the time, whatever stands between. */
  allowsLevelAt(index: number): boolean;
  /** Whether a level may still come at or after this field. */
  hasLevelFrom(index: number): boolean;
}

const headLimit = 400,
  mostFieldsToLevel = 8;
const found = noTime();
const field: Field = { start: 0, end: 0, kind: 'none' },
  following: Field = { start: 0, end: 0, kind: 'none' };

/**
 * Reads the header of `text` into `header`; `layouts` is what was learned of the streams (columns that a single line
 * cannot show).
 */
export function readHeader(text: string, layouts: Layouts, header: Header): void {
  const limit = text.length < headLimit ? text.length : headLimit;
  header.level = undefined;
  header.hasTime = false;
  header.end = header.timeStart = header.timeEnd = header.loggerStart = header.loggerEnd = 0;
  const timed = findTime(text, limit, found);
  const layout = layouts.of(timed ? headKind(text, found) : 0);
  let at = 0;
  const ring = timed && found.before === 0 && !found.isNumber ? 0 : endOfRingTime(text);
  if (ring > 0 || (timed && layout.isOwn(found))) {
    header.hasTime = true;
    header.timeStart = ring > 0 ? 1 : found.start;
    header.timeEnd = ring > 0 ? ring - 1 : found.end;
    at = ring > 0 ? ring : skipClosers(text, found.end, limit);
  }
  if (text.length < headLimit && readDotnetHead(text, header)) return;
  if (header.hasTime && found.before === 1 && isKlog(text)) {
    readKlog(text, at, limit, header);
    return;
  }
  if (header.hasTime && isSyslog(text)) {
    readSyslog(text, at, limit, header);
    readWithin(text, layouts, header);
    return;
  }
  if (header.hasTime && layout.pipes > 0) {
    readPipes(text, at, limit, layout.pipes, header);
    return;
  }
  const afterLevel = readLevel(text, at, limit, header, layout);
  if (afterLevel >= 0) at = afterLevel;
  else if (header.hasTime && found.syslog) {
    readSyslogTag(text, at, limit, header);
    readWithin(text, layouts, header);
    return;
  } else if (header.hasTime) at = readNumbers(text, at, limit);
  header.end = header.hasTime || header.level ? readLogger(text, at, limit, header, layout) : 0;
  if (
    header.end > 0 &&
    header.level === undefined &&
    /^\d{4}-\d\d-\d\d[T ]\d\d:/.test(text.slice(header.end, header.end + 16))
  ) {
    readWithin(text, layouts, header);
    return;
  }
  // A bracket that was opened before the time may close behind the logger: `[2026-03-03T10:00:00Z ERROR a::b] message`.
  if (text.charCodeAt(header.loggerEnd - 1) === 93 && text.lastIndexOf('[', header.loggerEnd) < header.loggerStart)
    header.loggerEnd--;
}

/**
 * What syslog hands on may have a header of its own, which begins with a time, or with a level in capitals or brackets.
 */
function readWithin(text: string, layouts: Layouts, header: Header): void {
  const start = header.end,
    inner = text.slice(start, start + headLimit);
  if (start === 0 || !/^(?:[[(]?\d{1,4}[-/:]\d|[IWEF]\d{4} |\[?\p{Lu}{4,8}[\]:, ])/u.test(inner)) return;
  const within = emptyHeader();
  readHeader(inner, layouts, within);
  if (within.end === 0 || (within.level === undefined && !within.hasTime)) return;
  header.end = start + within.end;
  header.level = within.level;
  if (within.loggerEnd === 0) return;
  header.loggerStart = start + within.loggerStart;
  header.loggerEnd = start + within.loggerEnd;
}

/** A number for the form of a line's head: lines of one format have the same, lines of another mostly not. Never 0. */
export function headKind(text: string, { start, end, before, syslog }: FoundTime): number {
  const after = end < text.length ? text.charCodeAt(end) & 127 : 0;
  return (
    1 +
    before +
    8 * (syslog ? 1 : 0) +
    16 * (isDigit(text.charCodeAt(start)) ? 0 : 1) +
    32 * (start === 0 ? 0 : 1) +
    64 * after
  );
}

function skipClosers(text: string, from: number, limit: number): number {
  let at = from;
  while (at < limit) {
    const code = text.charCodeAt(at);
    if (code !== 93 && code !== 41 && code !== 62 && code !== 34 && code !== 44 && code !== 58 && !isSpace(code)) break;
    at++;
  }
  return at;
}

/**
 * Position after the level, or -1 where there is none. Before it only numbers, brackets, dashes, or columns that the
 * stream always has.
 */
function readLevel(text: string, from: number, limit: number, header: Header, layout: Layout): number {
  let at = from,
    names = 0;
  for (let index = 0; index < mostFieldsToLevel; index++) {
    readField(text, at, limit, field);
    if (field.kind === 'none') return -1;
    const level = levelOfField(text, index, limit, header.hasTime);
    if (level) {
      if (index > 0 && names > 1 && !layout.allowsLevelAt(index)) return -1;
      header.level = level;
      // Go's word for what happened is the message's, too.
      return text.startsWith('panic:', field.start) ? field.start : afterLevel(text, limit, header);
    }
    if (field.kind === 'bracket' || field.kind === 'number' || field.kind === 'dash') {
      at = field.end;
      continue;
    }
    if (names++ >= 1 && !layout.hasLevelFrom(index)) return -1;
    if (!header.hasTime) return -1;
    if (header.loggerEnd === 0 && field.kind === 'dotted') {
      header.loggerStart = field.start;
      header.loggerEnd = field.end;
    }
    at = field.end;
  }
  return -1;
}

/**
 * `I NETWORK  [conn7] `: component and context, as MongoDB has them before 4.4
 * (mongodb.com/docs/v4.2/reference/log-messages).
 */
const mongoComponent = /^ ([A-Z_]{2,16}|-) +\[[^\]]{1,50}\] /;

/**
 * Steps over the field that is a level, and over the logger that is written together with it: `ERROR:a.b:message`,
 * `app.ERROR:`.
 */
function afterLevel(text: string, limit: number, header: Header): number {
  const { start, end } = field;
  const component = end === start + 1 ? mongoComponent.exec(text.slice(end, end + 80)) : null;
  if (component) {
    header.loggerStart = end + component[0].indexOf(component[1]!);
    header.loggerEnd = header.loggerStart + component[1]!.length;
    return end + component[0].length;
  }
  const [whole, logger] = /^[A-Z]{4,8}:([A-Za-z_][\w.$-]{0,80}):(?=\S)/.exec(text.slice(start, limit)) ?? [];
  if (whole !== undefined && logger !== undefined) {
    header.loggerStart = start + whole.length - logger.length - 1;
    header.loggerEnd = start + whole.length - 1;
    return start + whole.length;
  }
  return end;
}

/** The level that the current field is, if it is one. */
function levelOfField(text: string, index: number, limit: number, afterTime: boolean): Severity | undefined {
  let { start, end } = field;
  const bracketed = field.kind === 'bracket';
  if (bracketed) {
    start++;
    end--;
  }
  while (end > start && isLevelEnd(text.charCodeAt(end - 1))) end--;
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  if (bracketed || (index <= 1 && afterTime)) start = startOfLevel(text, start, end, bracketed);
  if (index <= 1) end = endOfLevel(text, start, end);
  const length = end - start;
  if (length === 1)
    return afterTime && !bracketed && isBareLetter(text, end, limit) ? levelOfLetter(text[start]!) : undefined;
  if (length < 3 || length > 14) return undefined;
  const first = text.charCodeAt(start),
    second = text.charCodeAt(start + 1);
  if (!isLetter(first) && first < 128) return undefined;
  const upper = (first <= 90 && second <= 90) || first >= 128;
  const titled = first <= 90 && index === 0 && afterTime;
  const word = text.slice(start, end);
  if (!upper && !bracketed && !titled && !(index === 0 && text.charCodeAt(end) === 58 && !alsoNames.has(word)))
    return undefined;
  return levelOf(word);
}

/**
 * Before a colon these in small letters name a part or a remark, as `audit:` does in the kernel's lines and `note:` in
 * a compiler's.
 */
const alsoNames = new Set(['audit', 'note', 'log', 'config', 'fine']);

/** A colon, a comma, a space, and the bracket that was opened before the time: `[10:00:00 INF]`. */
function isLevelEnd(code: number): boolean {
  return code === 58 || code === 44 || code === 93 || isSpace(code);
}

/**
 * `core:error`, `main/INFO`: a level behind what names a part, in brackets; and in capitals `app.ERROR`,
 * `util.py[DEBUG`.
 */
function startOfLevel(text: string, start: number, end: number, bracketed: boolean): number {
  for (let at = end - 1; at > start && end - at < 12; at--) {
    const code = text.charCodeAt(at);
    if (isLetter(code)) continue;
    const next = text.charCodeAt(at + 1);
    const divides = bracketed ? code === 58 || code === 47 : (code === 46 || code === 91) && next >= 65 && next <= 90;
    return divides && at < end - 2 ? at + 1 : start;
  }
  return start;
}

/** `ERRO[0007]` and `ERROR:a.b:`: a level with a figure in brackets, or with a logger, right behind it. */
function endOfLevel(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && at - start < 10 && text.charCodeAt(at) >= 65 && text.charCodeAt(at) <= 90) at++;
  if (at - start < 4) return end;
  const code = text.charCodeAt(at);
  return (code === 91 && isDigit(text.charCodeAt(at + 1))) || (code === 58 && isLetter(text.charCodeAt(at + 1)))
    ? at
    : end;
}

/**
 * A single letter is a level only before `tag:`, and before a component in capitals and a context in brackets, as
 * MongoDB has them before 4.4.
 */
function isBareLetter(text: string, end: number, limit: number): boolean {
  if (end >= limit || !isSpace(text.charCodeAt(end))) return false;
  if (/^ (?:[A-Z_]{2,16}|-) +\[/.test(text.slice(end, end + 24))) return true;
  let at = end + 1;
  while (at < limit && !isSpace(text.charCodeAt(at))) {
    if (text.charCodeAt(at) === 58) return true;
    at++;
  }
  return false;
}

function readNumbers(text: string, from: number, limit: number): number {
  const at = skipSpaces(text, from, limit);
  return text.charCodeAt(at) === 45 && isSpace(text.charCodeAt(at + 1)) ? at + 2 : at;
}

const mostColumns = 8;

/** Steps over what stands between level and message; returns the start of the message. */
function readLogger(text: string, from: number, limit: number, header: Header, layout: Layout): number {
  let at = skipSpaces(text, from, limit),
    learned = 0,
    taken = 0,
    closed = false;
  for (let column = 0; column < mostColumns; column++) {
    readField(text, at, limit, field);
    if (field.kind === 'none') break;
    const dash = field.kind === 'dash';
    const next =
      (closed ? 0 : endOfGiven(text, limit, header)) || endOfLearned(text, limit, header, layout.columns[learned]);
    if (next === 0) break;
    // A dash after a column ends the header: what follows is the message, whatever it looks like.
    if (dash) closed = taken > 0;
    else taken++;
    if (field.kind !== 'dash' && layout.columns[learned] === columnKind(text, limit)) learned++;
    at = skipSpaces(text, next, limit);
    if (text.charCodeAt(at) === 58 && isSpace(text.charCodeAt(at + 1))) at = skipSpaces(text, at + 1, limit);
  }
  return at;
}

/** End of the current field where any line's header may have it, else 0. */
function endOfGiven(text: string, limit: number, header: Header): number {
  const { start, end, kind } = field;
  if (kind === 'dash') return isSeparator(text, start, end) ? end : 0;
  if (kind === 'bracket')
    return isIdentity(text, start, end) ||
      (header.level !== undefined && header.loggerEnd === 0 && isBeforeLogger(text, end, limit))
      ? end
      : 0;
  if (kind === 'number') return isSpring(text, end, limit) ? end : 0;
  if (kind === 'dotted' && header.loggerEnd === 0 && header.level !== undefined) return takeLogger(header, start, end);
  if (kind !== 'colon') return 0;
  if (header.loggerEnd === 0) return isQualified(text, start, end) ? takeLogger(header, start, end - 1) : 0;
  return isIdPair(text, start, end, limit) ? field.end : 0;
}

/** End of the current field where the stream always has such a one, else 0. */
function endOfLearned(text: string, limit: number, header: Header, learned: ColumnKind | undefined): number {
  const { start } = field;
  if (learned === undefined || learned !== columnKind(text, limit)) return 0;
  const end = learned === 'dash' ? endAtDash(text, start, limit) : field.end;
  if (learned !== 'bracket' && header.loggerEnd === 0) takeLogger(header, start, field.end);
  return end;
}

/**
 * What a stream's lines may all have before the message: a bracket, a name with a colon, words before ` - `, or a word
 * before a gap that aligns columns.
 */
export type ColumnKind = 'bracket' | 'name' | 'dash' | 'aligned';

/** The kind of column that the field just read could be. */
function columnKind(text: string, limit: number): ColumnKind | undefined {
  const { end, kind } = field;
  if (kind === 'bracket')
    return end >= limit || isSpace(text.charCodeAt(end)) || text.charCodeAt(end) === 58 ? 'bracket' : undefined;
  if ((kind === 'word' || kind === 'dotted') && endAtDash(text, field.start, limit) > 0) return 'dash';
  if (kind === 'word' && text.startsWith('  ', end)) return 'aligned';
  return kind === 'colon' || kind === 'dotted' ? 'name' : undefined;
}

/** The kind of column that could stand at `at`, for learning. */
export function columnKindAt(text: string, at: number): ColumnKind | undefined {
  const limit = Math.min(text.length, headLimit);
  readField(text, at, limit, field);
  return field.kind === 'none' ? undefined : columnKind(text, limit);
}

/** Index of the first field after `at` that is a level, or -1, for learning. */
export function levelIndexAfter(text: string, at: number): number {
  const limit = Math.min(text.length, headLimit);
  let from = skipClosers(text, at, limit);
  for (let index = 0; index < mostFieldsToLevel; index++) {
    readField(text, from, limit, field);
    if (field.kind === 'none') return -1;
    if (levelOfField(text, index, limit, true)) return index;
    from = field.end;
  }
  return -1;
}

const longestBeforeDash = 48;

function endAtDash(text: string, start: number, limit: number): number {
  const stop = Math.min(limit, start + longestBeforeDash);
  for (let i = start, spaces = 0; i < stop && spaces < 3; i++) {
    if (!isSpace(text.charCodeAt(i))) continue;
    spaces++;
    if (text.charCodeAt(i + 1) === 45 && isSpace(text.charCodeAt(i + 2))) return i + 3;
  }
  return 0;
}

function takeLogger(header: Header, start: number, end: number): number {
  header.loggerStart = start;
  header.loggerEnd = end;
  return field.end;
}

/**
 * `[main] a.b.Class`, `[main] - `: a bracket before the logger, or before the dash that ends the header, is a thread.
 */
function isBeforeLogger(text: string, end: number, limit: number): boolean {
  readField(text, end, limit, following);
  const { start, end: stop, kind } = following;
  return (
    kind === 'dotted' ||
    (kind === 'colon' && isQualified(text, start, stop)) ||
    (kind === 'dash' && isSeparator(text, start, stop))
  );
}

/** `12345 ---`, Spring Boot's process id. */
function isSpring(text: string, end: number, limit: number): boolean {
  return text.startsWith('---', skipSpaces(text, end, limit));
}

const idName = /(?:trace|span|req|request|correlation|transaction|txn?|session)[-_]?id:$/i;

/** `TraceID: 839a09176629353135d3f6ce341fd71a`: steps over the value too. */
function isIdPair(text: string, start: number, end: number, limit: number): boolean {
  if (!idName.test(text.slice(start, end))) return false;
  readField(text, end, limit, field);
  for (let i = field.start; i < field.end; i++) if (isDigit(text.charCodeAt(i))) return true;
  return false;
}
