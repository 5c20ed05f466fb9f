// Cuts a NRQL text into tokens with their places, for the parser and for New Relic's own wording of a syntax error.

export type Token =
  | {
      readonly kind: 'word';
      readonly text: string;
      /** Written between backticks: never a keyword. */ readonly quoted: boolean;
      readonly at: number;
    }
  | { readonly kind: 'string'; readonly text: string; readonly at: number }
  | { readonly kind: 'number'; readonly text: string; readonly at: number }
  | { readonly kind: 'symbol'; readonly text: string; readonly at: number }
  | { readonly kind: 'end'; readonly text: ''; readonly at: number };

/** What New Relic answers to a query that it cannot run; `message` is the vendor's wording. */
export class NrqlError extends Error {}

/** Lines and positions count from 1. */
export function syntaxError(source: string, token: Token): NrqlError {
  const before = source.slice(0, token.at).split('\n');
  const place = `NRQL Syntax Error: Error at line ${before.length} position ${before.at(-1)!.length + 1}`;
  return new NrqlError(
    token.kind === 'end' ? `${place}, unexpected end of query` : `${place}, unexpected '${token.text}'`,
  );
}

const symbols = ['!=', '<=', '>=', '<>', '=', '<', '>', '(', ')', ',', '*', '+', '-', '/', ':'];

export function tokenizeNrql(source: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const character = source[at]!;
    if (/\s/.test(character)) {
      at++;
      continue;
    }
    const token = readQuoted(source, at) ?? readPlain(source, at);
    if (!token) throw syntaxError(source, { kind: 'symbol', text: character, at });
    tokens.push(token.token);
    at = token.end;
  }
  tokens.push({ kind: 'end', text: '', at: source.length });
  return tokens;
}

interface Read {
  readonly token: Token;
  readonly end: number;
}

/** 'text' with \' for a quote inside, or `attribute name`. */
function readQuoted(source: string, at: number): Read | undefined {
  const quote = source[at];
  if (quote !== "'" && quote !== '`') return undefined;
  let text = '';
  for (let end = at + 1; end < source.length; end++) {
    const character = source[end]!;
    if (character === '\\' && quote === "'" && end + 1 < source.length) {
      const next = source[++end]!;
      text += next === "'" || next === '\\' ? next : `\\${next}`;
    } else if (character === quote) {
      const token: Token = quote === "'" ? { kind: 'string', text, at } : { kind: 'word', text, quoted: true, at };
      return { token, end: end + 1 };
    } else text += character;
  }
  throw syntaxError(source, { kind: 'symbol', text: quote, at });
}

const wordPattern = /[A-Za-z_][A-Za-z0-9_.]*/y;
const numberPattern = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

function readPlain(source: string, at: number): Read | undefined {
  const word = matchAt(wordPattern, source, at);
  if (word !== undefined) return { token: { kind: 'word', text: word, quoted: false, at }, end: at + word.length };
  const number = matchAt(numberPattern, source, at);
  if (number !== undefined) return { token: { kind: 'number', text: number, at }, end: at + number.length };
  const symbol = symbols.find(candidate => source.startsWith(candidate, at));
  return symbol === undefined ? undefined : { token: { kind: 'symbol', text: symbol, at }, end: at + symbol.length };
}

function matchAt(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}
