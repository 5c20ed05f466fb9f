// Finds where a line's header ends: time, process, thread, level, logger. What follows is the message.
import { isDigit, isSpace, skipSpaces } from '../text/characters.ts';
import {
  holdsSentence,
  isIdentity,
  isQualified,
  isSeparator,
  readField,
  skipClosers,
  skipFigures,
  type Field,
} from './fields.ts';
import {
  emptyHeader,
  endOfRingTime,
  isFromHost,
  isKlog,
  isSyslog,
  readDotnetHead,
  readKlog,
  readPipes,
  readSyslog,
  levelOfMark,
  readSyslogTag,
  type Header,
} from './headerStyles.ts';
import { levelBefore, levelOfField, mostFieldsToLevel, readLevel, type LevelPlaces } from './levels.ts';
import { levelInside, levelOf } from '../text/severity.ts';
import { findTime, noTime, type FoundTime } from '../text/timestamps.ts';

/** The layouts of streams by the form of their lines' heads. */
export interface Layouts {
  /** Share of lines that begin with a time. */
  readonly timed: number;
  of(headKind: number): Layout;
}

/** Columns of a stream's header. */
export interface Layout extends LevelPlaces {
  /** Columns that end in `|`, the time's included; 0 where there are none. */
  readonly pipes: number;
  /** What nearly every line has between level and message. */
  readonly columns: readonly ColumnKind[];
  /** Whether the time that was found is the line's own, and not one that its message tells of. */
  isOwn(time: FoundTime): boolean;
}

const headLimit = 400,
  longestTag = 160;
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
  const ring = endOfRing(text, timed);
  if (ring > 0 || (timed && layout.isOwn(found))) {
    header.hasTime = true;
    header.timeStart = ring > 0 ? 1 : found.start;
    header.timeEnd = ring > 0 ? ring - 1 : found.end;
    at = ring > 0 ? ring : skipFigures(text, found, skipClosers(text, found.end, limit));
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
  const given = header.hasTime && ring <= 0 && found.start > 0 ? levelBefore(text.slice(0, found.start)) : undefined;
  if (header.hasTime && layout.pipes > 0) {
    readPipes(text, at, limit, layout.pipes, header);
    header.level ??= given;
    return;
  }
  header.level = given ?? levelOfMark(text);
  const afterLevel = header.level === undefined ? readLevel(text, at, limit, header, layout) : -1;
  if (afterLevel >= 0) at = afterLevel;
  else if (header.hasTime && (found.syslog || isFromHost(text.slice(at, at + longestTag)))) {
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

/** Whether a line begins with a time of its own; what `readHeader` says of it, and nothing else. */
export function hasOwnTime(text: string, layouts: Layouts): boolean {
  const timed = findTime(text, text.length < headLimit ? text.length : headLimit, found);
  return endOfRing(text, timed) > 0 || (timed && layouts.of(headKind(text, found)).isOwn(found));
}

/** Where the time of the kernel's ring buffer ends, in a line that begins with no other; else 0. */
function endOfRing(text: string, timed: boolean): number {
  return timed && found.before === 0 && !found.isNumber ? 0 : endOfRingTime(text);
}

/**
 * What syslog hands on may have a header of its own, which begins with a time, with a level in capitals or brackets, or
 * with a level before a colon.
 */
function readWithin(text: string, layouts: Layouts, header: Header): void {
  const start = header.end,
    inner = text.slice(start, start + headLimit);
  const level = start === 0 ? undefined : levelInside(inner, 0),
    [word = ''] = /^\p{L}+: +/u.exec(inner) ?? [];
  if (level && word !== '') {
    header.level = level;
    header.end = start + word.length;
    return;
  }
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

function readNumbers(text: string, from: number, limit: number): number {
  const at = skipSpaces(text, from, limit);
  return text.charCodeAt(at) === 45 && isSpace(text.charCodeAt(at + 1)) ? at + 2 : at;
}

const mostColumns = 8;

/** Steps over what stands between level and message; returns the start of the message. */
function readLogger(text: string, from: number, limit: number, header: Header, layout: Layout): number {
  let at = skipSpaces(text, from, limit),
    last = at,
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
    last = at;
    at = skipSpaces(text, next, limit);
    if (text.charCodeAt(at) === 58 && isSpace(text.charCodeAt(at + 1))) at = skipSpaces(text, at + 1, limit);
  }
  return at >= text.length && holdsSentence(text, last) ? last : at;
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
  if (learned === 'name') header.level ??= levelOf(text.slice(start, field.end - 1));
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
    if (levelOfField(text, field, index, limit, true)) return index;
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
