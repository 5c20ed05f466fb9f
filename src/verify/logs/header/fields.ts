// Steps over one field of a header: a word, or a bracket with all that is in it.
import { isDigit, isLetter, isSpace } from '../text/characters.ts';

export type FieldKind = 'number' | 'bracket' | 'colon' | 'dotted' | 'word' | 'dash' | 'none';

/** One field text[start, end) and where the next may begin. */
export interface Field {
  start: number;
  end: number;
  kind: FieldKind;
}

const longestBracket = 200;

/** Reads the field at or after `from`. With `pipes`, fields end at `|`. */
export function readField(text: string, from: number, limit: number, field: Field): void {
  let at = from;
  while (at < limit && (isSpace(text.charCodeAt(at)) || text.charCodeAt(at) === 124)) at++;
  field.start = at;
  const code = text.charCodeAt(at);
  if (at >= limit) {
    field.end = at;
    field.kind = 'none';
    return;
  }
  const close = code === 91 ? 93 : code === 40 ? 41 : code === 60 ? 62 : 0;
  if (close !== 0) {
    const end = endOfBracket(text, at, limit, code, close);
    if (end > 0) {
      field.end = end;
      field.kind = 'bracket';
      return;
    }
  }
  let end = at;
  while (end < limit && !isSpace(text.charCodeAt(end)) && text.charCodeAt(end) !== 124) end++;
  field.end = end;
  field.kind = kindOfWord(text, at, end);
}

function endOfBracket(text: string, at: number, limit: number, open: number, close: number): number {
  let depth = 0;
  const stop = Math.min(limit, at + longestBracket);
  for (let i = at; i < stop; i++) {
    const code = text.charCodeAt(i);
    if (code === open) depth++;
    else if (code === close && --depth === 0) return i + 1;
  }
  return -1;
}

function kindOfWord(text: string, start: number, end: number): FieldKind {
  let digits = 0,
    signs = 0,
    name = true,
    marks = 0;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (isDigit(code)) digits++;
    else if (code === 46 || code === 36 || code === 35 || code === 64 || code === 58 || code === 47) {
      signs++;
      if (i > start && i < end - 1) marks++;
    } else if (isLetter(code) || code === 95) continue;
    else if (code === 45) signs++;
    else name = name && (code === 91 || code === 93 || code === 40 || code === 41 || code === 42);
  }
  if (signs === end - start) return 'dash';
  if (digits === end - start) return 'number';
  const last = text.charCodeAt(end - 1);
  if (last === 58 && end - start > 1) return name ? 'colon' : 'word';
  return name && marks > 0 && isNameLike(text, start, end) ? 'dotted' : 'word';
}

/** `dfs.DataNode$PacketResponder`, `Class#123`: a name that code has, not a path, a host or an exception. */
function isNameLike(text: string, start: number, end: number): boolean {
  if (!isLetter(text.charCodeAt(start)) && text.charCodeAt(start) !== 95) return false;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === 47 || code === 40 || (code === 58 && text.charCodeAt(i + 1) !== 58 && text.charCodeAt(i - 1) !== 58))
      return false;
  }
  return !text.startsWith('Exception', end - 9) && !text.startsWith('Error', end - 5);
}

/** A dash or two, or a colon, between columns. */
export function isSeparator(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (text.charCodeAt(i) !== 45 && text.charCodeAt(i) !== 58) return false;
  return end - start <= 3;
}

/** `a.b.Class:`, `ns::name:`: a name with a place in code, and no exception. */
export function isQualified(text: string, start: number, end: number): boolean {
  if (text.startsWith('Exception:', end - 10) || text.startsWith('Error:', end - 6)) return false;
  for (let i = start; i < end - 1; i++) {
    const code = text.charCodeAt(i);
    if (code === 46 || code === 36 || code === 35) return isLetter(text.charCodeAt(start)) && i > start;
    if (code === 58 && text.charCodeAt(i + 1) === 58 && i + 2 < end - 1) return true;
  }
  return false;
}

/** A bracket that holds nothing but ids, numbers and dashes: `[-]`, `[req-1f.. 8a.. - - -]`. */
export function isIdentity(text: string, start: number, end: number): boolean {
  let at = start + 1;
  const last = end - 1;
  let tokens = 0,
    ids = 0;
  while (at < last) {
    while (at < last && isSpace(text.charCodeAt(at))) at++;
    if (at >= last) break;
    let stop = at,
      hex = 0,
      marks = 0;
    while (stop < last && !isSpace(text.charCodeAt(stop))) {
      const code = text.charCodeAt(stop);
      if (isDigit(code) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70)) hex++;
      else if (code === 45 || code === 44 || code === 58) marks++;
      stop++;
    }
    tokens++;
    if (stop - at === marks || (hex >= 16 && hex + marks >= stop - at - 4) || (hex + marks === stop - at && hex >= 8))
      ids++;
    at = stop;
  }
  return tokens > 0 && (ids === tokens || (tokens >= 4 && ids >= 3));
}

/** `<Error> <Pool> <BEA-000000> <The pool is exhausted.>`: a bracket may be the message itself. */
export function holdsSentence(text: string, at: number): boolean {
  return /^[<[(][^ ]+ +[^ ]+ /.test(text.slice(at, at + 200));
}

/** Where the brackets, commas, colons and spaces behind a time end. */
export function skipClosers(text: string, from: number, limit: number): number {
  let at = from;
  while (at < limit) {
    const code = text.charCodeAt(at);
    if (code !== 93 && code !== 41 && code !== 62 && code !== 34 && code !== 44 && code !== 58 && !isSpace(code)) break;
    at++;
  }
  return at;
}

/** `[2026/03/03 10:00:00.123456,  3]`: the figures that a bracket holds behind the time that it began with. */
export function skipFigures(text: string, { start, end }: { start: number; end: number }, from: number): number {
  if (text.charCodeAt(start - 1) !== 91 || !isDigit(text.charCodeAt(from)) || text.startsWith(']', end)) return from;
  return from + (/^[\d\s,]{1,20}\]\s*/.exec(text.slice(from, from + 24))?.[0].length ?? 0);
}
