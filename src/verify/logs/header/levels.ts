// Finds the level of a line: before its time, right behind it, or in a column further on.
import type { Severity } from '../../../model/evidence/evidence.ts';
import { isDigit, isLetter, isSpace } from '../text/characters.ts';
import { readField, type Field } from './fields.ts';
import type { Header } from './headerStyles.ts';
import { levelOf, levelOfLetter, namesMore } from '../text/severity.ts';

/** What a stream's lines show of where their level is. */
export interface LevelPlaces {
  /** Whether lines have their level in this field after the time, whatever stands between. */
  allowsLevelAt(index: number): boolean;
  /** Whether a level may still come at or after this field. */
  hasLevelFrom(index: number): boolean;
}

export const mostFieldsToLevel = 8;
const tab = 9,
  space = 32;
const field: Field = { start: 0, end: 0, kind: 'none' };

/**
 * Position after the level, or -1 where there is none. Before it only numbers, brackets, dashes, or columns that the
 * stream always has.
 */
export function readLevel(text: string, from: number, limit: number, header: Header, places: LevelPlaces): number {
  let at = from,
    names = 0;
  for (let index = 0; index < mostFieldsToLevel; index++) {
    readField(text, at, limit, field);
    if (field.kind === 'none') return -1;
    const level = levelOfField(text, field, index, limit, header.hasTime);
    if (level) {
      if (index > 0 && names > 1 && !places.allowsLevelAt(index)) return -1;
      header.level = level;
      // Go's word for what happened is the message's, too.
      return text.startsWith('panic:', field.start) ? field.start : afterLevel(text, limit, header);
    }
    if (field.kind === 'bracket' || field.kind === 'number' || field.kind === 'dash') {
      at = field.end;
      continue;
    }
    if (names++ >= 1 && !places.hasLevelFrom(index)) return -1;
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

/** The level that a field is, if it is one. `index`: how many stood before it since the time. */
export function levelOfField(
  text: string,
  { start: fieldStart, end: fieldEnd, kind }: Field,
  index: number,
  limit: number,
  afterTime: boolean,
): Severity | undefined {
  let start = fieldStart,
    end = fieldEnd;
  const bracketed = kind === 'bracket';
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
    return afterTime && isLetterSet(text, start, limit, index) ? levelOfLetter(text[start]!) : undefined;
  if (length < 3 || length > 14) return undefined;
  const first = text.charCodeAt(start),
    second = text.charCodeAt(start + 1);
  if (!isLetter(first) && first < 128) return undefined;
  const upper = (first <= 90 && second <= 90) || first >= 128;
  const titled = first <= 90 && index === 0 && afterTime;
  const isColumn = afterTime && isGap(text, start - 1, -1) && isGap(text, end, 1);
  const word = text.slice(start, end);
  if (!upper && !bracketed && !titled && !isColumn && !(index === 0 && text.charCodeAt(end) === 58 && !namesMore(word)))
    return undefined;
  return levelOf(word);
}

/** A tab, or the two spaces that align columns. */
function isGap(text: string, at: number, step: 1 | -1): boolean {
  const code = text.charCodeAt(at);
  return code === tab || (code === space && text.charCodeAt(at + step) === space);
}

/**
 * A colon, a comma, a space, the marks of `ERR!` and `INFO>`, and the bracket that was opened before the time:
 * `[10:00:00 INF]`.
 */
function isLevelEnd(code: number): boolean {
  return code === 58 || code === 33 || code === 44 || code === 62 || code === 93 || isSpace(code);
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

/**
 * `ERRO[0007]`, `ERROR:a.b:` and, in a bracket that was opened before the time, `ERROR/worker-1]`: a level with a
 * figure in brackets, with a logger or with a process right behind it.
 */
function endOfLevel(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && at - start < 10 && text.charCodeAt(at) >= 65 && text.charCodeAt(at) <= 90) at++;
  if (at - start < 4) return end;
  const code = text.charCodeAt(at);
  return (code === 91 && isDigit(text.charCodeAt(at + 1))) ||
    (code === 58 && isLetter(text.charCodeAt(at + 1))) ||
    (code === 47 && text.charCodeAt(end - 1) !== 47 && text.charCodeAt(end) === 93)
    ? at
    : end;
}

/**
 * A single letter is a level only in brackets behind the time, before `!`, ` | ` or `tag:`, in a column of its own, and
 * before a component in capitals and a context in brackets, as MongoDB has them before 4.4.
 */
const setLetter = /^(?:! | \| | (?:[A-Z_]{2,16}|-) +\[|\s\S*:| [\w.$/-]{1,40} +:\s)/;

function isLetterSet(text: string, at: number, limit: number, index: number): boolean {
  const rest = text.slice(at + 1, Math.min(limit, at + 120));
  if (text.charCodeAt(at - 1) === 91 && rest.startsWith(']')) return index === 0;
  return setLetter.test(rest) || (/^ {2,}\S/.test(rest) && text.startsWith('  ', at - 2));
}

const wordBefore = /(^|[\s[(<|=])(\p{L}{3,14})(?=[\s\])>|:,-]|$)/gu,
  letterBefore = /^[[(<]?([VTDIWEFC])[\s\])>|]+[[(<]?$/;

/**
 * The level that stands before the time: `ERROR [main] 2026-03-03 10:00:00`, `[error] [2026-...`, `E 2026-...`. In
 * small letters only what the line begins with, or what stands in brackets.
 */
export function levelBefore(head: string): Severity | undefined {
  // A letter and what divides it from the time at least; before most times there is a bracket alone.
  if (head.length < 2) return undefined;
  for (const { 1: opener = '', 2: word = '', index } of head.matchAll(wordBefore)) {
    const level = levelOf(word);
    if (level && (index === 0 || /[[(<|]/.test(opener) || word === word.toUpperCase())) return level;
  }
  return levelOfLetter(letterBefore.exec(head)?.[1] ?? '');
}
