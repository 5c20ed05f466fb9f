// Walks the tokens of an NRQL query: looks ahead, takes what is expected, and reports what was not.
import { syntaxError, tokenizeNrql, type NrqlError, type Token } from './nrqlTokens.ts';

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

export class Reader {
  readonly #source: string;
  readonly #tokens: readonly Token[];
  #place = 0;

  constructor(source: string) {
    this.#source = source;
    this.#tokens = tokenizeNrql(source);
  }

  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#place + ahead, this.#tokens.length - 1)]!;
  }

  next(): Token {
    const token = this.peek();
    this.#place++;
    return token;
  }

  skip(count: number): void {
    this.#place += count;
  }

  atEnd(): boolean {
    return this.peek().kind === 'end';
  }

  /** True if these keywords come next, in any case. */
  seesWords(words: readonly string[]): boolean {
    return words.every((word, index) => isWord(this.peek(index), word));
  }

  takeWord(word: string): boolean {
    return this.#take(isWord(this.peek(), word));
  }

  takeSymbol(symbol: string): boolean {
    const { kind, text } = this.peek();
    return this.#take(kind === 'symbol' && text === symbol);
  }

  word(word: string): void {
    if (!this.takeWord(word)) throw this.unexpected();
  }

  symbol(symbol: string): void {
    if (!this.takeSymbol(symbol)) throw this.unexpected();
  }

  /** An event type, attribute or function, exactly as it was written. */
  name(): string {
    const token = this.next();
    if (token.kind !== 'word' || (!token.quoted && reserved.has(token.text.toUpperCase())))
      throw this.unexpected(token);
    return token.text;
  }

  alias(): string {
    const token = this.next();
    if (token.kind !== 'word' && token.kind !== 'string') throw this.unexpected(token);
    return token.text;
  }

  number(): number {
    const negative = this.takeSymbol('-');
    const token = this.next();
    if (token.kind !== 'number') throw this.unexpected(token);
    return negative ? -Number(token.text) : Number(token.text);
  }

  wholeNumber(): number {
    const token = this.peek();
    const value = this.number();
    if (!Number.isInteger(value) || value < 1) throw this.unexpected(token);
    return value;
  }

  atUnit(): boolean {
    return unitOf(this.peek()) !== undefined;
  }

  /** Milliseconds of a unit of time. */
  unit(): number {
    const token = this.next();
    const durationMs = unitOf(token);
    if (durationMs === undefined) throw this.unexpected(token);
    return durationMs;
  }

  /** Milliseconds of `10 seconds`. */
  duration(): number {
    return this.number() * this.unit();
  }

  list<T>(read: () => T): readonly T[] {
    const items = [read()];
    while (this.takeSymbol(',')) items.push(read());
    return items;
  }

  unexpected(token = this.peek()): NrqlError {
    return syntaxError(this.#source, token);
  }

  #take(matches: boolean): boolean {
    if (matches) this.#place++;
    return matches;
  }
}

function isWord(token: Token, word: string): boolean {
  return token.kind === 'word' && !token.quoted && token.text.toUpperCase() === word;
}

function unitOf(token: Token): number | undefined {
  return token.kind === 'word' ? unitsMs.get(token.text.toLowerCase().replace(/s$/, '')) : undefined;
}
