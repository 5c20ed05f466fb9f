// Walks the tokens of an NRQL query: looks ahead, takes what is expected, and reports what was not.
import { syntaxError, tokenizeNrql, type NrqlError, type Token } from './nrqlTokens.ts';

export interface Reader {
  peek(ahead?: number): Token;
  next(): Token;
  skip(count: number): void;
  atEnd(): boolean;
  /** Whether these keywords come next, in any case. */
  seesWords(words: readonly string[]): boolean;
  takeWord(word: string): boolean;
  takeSymbol(symbol: string): boolean;
  word(word: string): void;
  symbol(symbol: string): void;
  /** An event type, attribute or function, exactly as it was written. */
  name(): string;
  alias(): string;
  number(): number;
  wholeNumber(): number;
  atUnit(): boolean;
  /** Milliseconds of a unit of time. */
  unit(): number;
  /** Milliseconds of `10 seconds`. */
  duration(): number;
  list<T>(read: () => T): readonly T[];
  unexpected(token?: Token): NrqlError;
}

const minuteMs = 60_000;
const unitsMs: ReadonlyMap<string, number> = new Map(
  Object.entries({
    millisecond: 1,
    second: 1000,
    minute: minuteMs,
    hour: 60 * minuteMs,
    day: 1440 * minuteMs,
    week: 7 * 1440 * minuteMs,
    month: 30 * 1440 * minuteMs,
  }),
);

const reserved = new Set([
  'SELECT',
  'FROM',
  'WHERE',
  'FACET',
  'LIMIT',
  'SINCE',
  'UNTIL',
  'TIMESERIES',
  'COMPARE',
  'ORDER',
  'WITH',
  'AS',
  'AND',
  'OR',
  'NOT',
  'IN',
  'LIKE',
  'IS',
  'EXTRAPOLATE',
]);

export function createReader(source: string): Reader {
  const tokens = tokenizeNrql(source);
  let place = 0;
  const peek = (ahead = 0): Token => tokens[Math.min(place + ahead, tokens.length - 1)]!;
  const isWord = (token: Token, word: string) =>
    token.kind === 'word' && !token.quoted && token.text.toUpperCase() === word;
  const unitOf = (token: Token) =>
    token.kind === 'word' ? unitsMs.get(token.text.toLowerCase().replace(/s$/, '')) : undefined;
  const reader: Reader = {
    peek,
    next: () => {
      const token = peek();
      place++;
      return token;
    },
    skip: count => {
      place += count;
    },
    atEnd: () => peek().kind === 'end',
    seesWords: words => words.every((word, index) => isWord(peek(index), word)),
    takeWord: word => {
      const taken = isWord(peek(), word);
      if (taken) place++;
      return taken;
    },
    takeSymbol: symbol => {
      const taken = peek().kind === 'symbol' && peek().text === symbol;
      if (taken) place++;
      return taken;
    },
    word: word => {
      if (!reader.takeWord(word)) throw reader.unexpected();
    },
    symbol: symbol => {
      if (!reader.takeSymbol(symbol)) throw reader.unexpected();
    },
    name: () => {
      const token = reader.next();
      if (token.kind !== 'word' || (!token.quoted && reserved.has(token.text.toUpperCase())))
        throw reader.unexpected(token);
      return token.text;
    },
    alias: () => {
      const token = reader.next();
      if (token.kind !== 'word' && token.kind !== 'string') throw reader.unexpected(token);
      return token.text;
    },
    number: () => {
      const negative = reader.takeSymbol('-');
      const token = reader.next();
      if (token.kind !== 'number') throw reader.unexpected(token);
      return negative ? -Number(token.text) : Number(token.text);
    },
    wholeNumber: () => {
      const token = peek();
      const value = reader.number();
      if (!Number.isInteger(value) || value < 1) throw reader.unexpected(token);
      return value;
    },
    atUnit: () => unitOf(peek()) !== undefined,
    unit: () => {
      const token = reader.next();
      const durationMs = unitOf(token);
      if (durationMs === undefined) throw reader.unexpected(token);
      return durationMs;
    },
    duration: () => reader.number() * reader.unit(),
    list: read => {
      const items = [read()];
      while (reader.takeSymbol(',')) items.push(read());
      return items;
    },
    unexpected: (token = peek()) => syntaxError(source, token),
  };
  return reader;
}
