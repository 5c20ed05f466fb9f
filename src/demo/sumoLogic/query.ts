// The supported part of Sumo Logic's search language: a scope of keywords and metadata, then `timeslice` and `count`.
import type { LogRecord } from '../fleet/telemetry.ts';
import { matchesWildcard } from '../servers/wildcards.ts';

export interface SumoQuery {
  readonly matches: (record: LogRecord) => boolean;
  /** Absent: the query returns messages. */
  readonly count?: { readonly by: readonly string[]; readonly name: string };
  readonly timesliceMs?: number;
}

/** What the search reports in `pendingErrors`. */
export class SumoQueryError extends Error {}

type Matcher = SumoQuery['matches'];
export type FieldOf = (record: LogRecord, field: string) => string | undefined;
interface Token {
  readonly text: string;
  readonly kind: 'word' | 'phrase' | '(' | ')' | '=' | '|' | ',';
}

const mostTokens = 2000;

/** `fieldOf` returns the value of a field, whose name is in lower case; undefined if there is none. */
export function parseSumoQuery(source: string, fieldOf: FieldOf = metadataOf): SumoQuery {
  const tokens = tokenize(source);
  if (tokens.length > mostTokens) throw new SumoQueryError('Parse error: the query is too long');
  const bar = tokens.findIndex(({ kind }) => kind === '|');
  const scope = bar < 0 ? tokens : tokens.slice(0, bar);
  const operators = bar < 0 ? [] : splitAt(tokens.slice(bar + 1));
  return { matches: readScope(scope, fieldOf), ...readOperators(operators) };
}

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  const pattern = /\s+|"((?:[^"\\]|\\.)*)"|([()=|,!])|([^\s()=|,!"][^\s()=|,"]*)|(")/gy;
  for (const match of source.matchAll(pattern)) {
    const [whole, phrase, symbol, word, broken] = match;
    if (broken !== undefined) throw new SumoQueryError(`Parse error: unbalanced quote at position ${match.index + 1}`);
    if (phrase !== undefined) tokens.push({ kind: 'phrase', text: phrase.replace(/\\(.)/g, '$1') });
    else if (symbol === '!') tokens.push({ kind: 'word', text: 'NOT' });
    else if (symbol !== undefined) tokens.push({ kind: symbol as Token['kind'], text: whole });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
  }
  return tokens;
}

function splitAt(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]];
  for (const token of tokens) {
    if (token.kind === '|') parts.push([]);
    else parts.at(-1)!.push(token);
  }
  return parts;
}

const deepest = 60;

function readScope(tokens: readonly Token[], fieldOf: FieldOf): Matcher {
  let place = 0;
  const peek = () => tokens[place];
  const takes = (word: string) => {
    const taken = isWord(peek(), word);
    if (taken) place++;
    return taken;
  };
  const either = (depth: number): Matcher => {
    let left = both(depth);
    while (takes('OR')) {
      const one = left,
        other = both(depth);
      left = record => one(record) || other(record);
    }
    return left;
  };
  const both = (depth: number): Matcher => {
    let left = single(depth);
    while (peek() && peek()!.kind !== ')' && !isWord(peek(), 'OR')) {
      takes('AND');
      const one = left,
        other = single(depth);
      left = record => one(record) && other(record);
    }
    return left;
  };
  const single = (depth: number): Matcher => {
    const token = peek();
    if (depth > deepest) throw new SumoQueryError('Parse error: the query is nested too deeply');
    if (takes('NOT')) {
      const inner = single(depth + 1);
      return record => !inner(record);
    }
    if (
      !token ||
      (token.kind !== 'word' && token.kind !== 'phrase' && token.kind !== '(') ||
      isWord(token, 'OR') ||
      isWord(token, 'AND')
    )
      throw unexpected(token);
    place++;
    if (token.kind === '(') {
      const inner = either(depth + 1);
      if (peek()?.kind !== ')') throw unexpected(peek());
      place++;
      return inner;
    }
    if (token.kind === 'phrase') return phraseMatcher(token.text);
    if (peek()?.kind !== '=') return keywordMatcher(token.text);
    place++;
    const value = tokens[place++];
    if (value?.kind !== 'word' && value?.kind !== 'phrase') throw unexpected(value);
    return metadataMatcher(token.text, value.text, fieldOf);
  };
  if (tokens.length === 0) return () => true;
  const matcher = either(0);
  if (place < tokens.length) throw unexpected(peek());
  return matcher;
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === 'word' && token.text.toUpperCase() === word;
}

function unexpected(token: Token | undefined): SumoQueryError {
  return new SumoQueryError(
    token ? `Parse error: unexpected '${token.text}'` : 'Parse error: unexpected end of the query',
  );
}

function phraseMatcher(phrase: string): Matcher {
  const wanted = phrase.toLowerCase();
  return record => lowerText(record).includes(wanted);
}

/** A keyword is a whole word of the message, in any case; `*` in it matches any part of a word. */
function keywordMatcher(keyword: string): Matcher {
  const wanted = keyword.toLowerCase();
  if (wanted === '*') return () => true;
  if (wanted.includes('*'))
    return record =>
      lowerText(record)
        .split(/[\s"'`()[\]{}<>,;:=|]+/)
        .some(word => matchesWildcard(word, wanted, '*'));
  return record => hasWord(lowerText(record), wanted);
}

function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isWordCharacter(text[at - 1]) && !isWordCharacter(text[at + word.length])) return true;
  }
  return false;
}

function isWordCharacter(character: string | undefined): boolean {
  return character !== undefined && /[a-z0-9_]/.test(character);
}

const lowerTexts = new WeakMap<LogRecord, string>();
function lowerText(record: LogRecord): string {
  const known = lowerTexts.get(record) ?? record.text.toLowerCase();
  lowerTexts.set(record, known);
  return known;
}

/** Values are compared in any case. An index or view has every record; a field that no record has matches none. */
function metadataMatcher(name: string, value: string, fieldOf: FieldOf): Matcher {
  const field = name.toLowerCase(),
    wanted = value.toLowerCase();
  if (field === '_index' || field === '_view') return () => true;
  // A field has few values, and very many records.
  const known = new Map<string, boolean>();
  return record => {
    const found = fieldOf(record, field);
    if (found === undefined) return false;
    let matches = known.get(found);
    if (matches === undefined) known.set(found, (matches = matchesWildcard(found.toLowerCase(), wanted, '*')));
    return matches;
  };
}

export function metadataOf(record: LogRecord, field: string): string | undefined {
  switch (field) {
    case '_sourcecategory':
      return record.category;
    case '_sourcehost':
      return record.node;
    case '_sourcename':
      return `/var/log/${record.category}.log`;
    case '_source':
      return record.category.split('/').at(-1)!;
    case '_collector':
      return 'storefront';
    default:
      return undefined;
  }
}

const unitsMs: ReadonlyMap<string, number> = new Map([
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

function readOperators(operators: readonly (readonly Token[])[]): Pick<SumoQuery, 'count' | 'timesliceMs'> {
  let timesliceMs: number | undefined;
  let count: SumoQuery['count'];
  for (const operator of operators) {
    const [head, ...rest] = operator;
    if (isWord(head, 'TIMESLICE') && !count && timesliceMs === undefined) timesliceMs = readTimeslice(rest);
    else if (isWord(head, 'COUNT') && !count) count = readCount(rest, timesliceMs !== undefined);
    else throw unexpected(head);
  }
  return { ...(count && { count }), ...(timesliceMs !== undefined && { timesliceMs }) };
}

function readTimeslice(tokens: readonly Token[]): number {
  const match = /^(\d{1,6})([smhd])$/.exec(tokens[0]?.text ?? '');
  if (!match || tokens.length > 1 || Number(match[1]) === 0) throw unexpected(tokens[0]);
  return Number(match[1]) * unitsMs.get(match[2]!)!;
}

/** `count`, `count by a, b`, `count as n by a`, and the older `count a`. */
function readCount(tokens: readonly Token[], sliced: boolean): NonNullable<SumoQuery['count']> {
  let rest = tokens;
  let name = '_count';
  if (isWord(rest[0], 'AS')) {
    if (rest[1]?.kind !== 'word') throw unexpected(rest[1]);
    name = rest[1].text.toLowerCase();
    rest = rest.slice(2);
  }
  if (isWord(rest[0], 'BY')) {
    rest = rest.slice(1);
    if (rest.length === 0) throw unexpected(undefined);
  }
  const by = rest.filter((_, index) => index % 2 === 0).map(token => token.text.toLowerCase());
  const separators = rest.filter((_, index) => index % 2 === 1);
  const wrong =
    separators.find(({ kind }) => kind !== ',') ??
    rest.find((token, index) => index % 2 === 0 && token.kind !== 'word');
  if (wrong || (rest.length > 0 && rest.length % 2 === 0)) throw unexpected(wrong ?? rest.at(-1));
  const unknown = by.find(field => (field === '_timeslice' ? !sliced : !groupable.has(field)));
  if (unknown !== undefined)
    throw new SumoQueryError(`Field ${unknown} not found, please check the spelling and try again.`);
  return { by, name };
}

const groupable = new Set(['_sourcecategory', '_sourcehost', '_sourcename', '_source', '_collector']);
