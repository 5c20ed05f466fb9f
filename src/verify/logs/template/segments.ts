// Parts of a message that may hold any number of words: what stands in quotes, what follows the last `=`,
// and a pair `name=value` that ends it. Each is one place.
import type { Token } from './tokens.ts';

export interface Segment {
  /** The rest of the message, with the part left open. */
  readonly key: string;
  /** What stands in the part. */
  readonly text: string;
}

const mostQuoted = 24;

/** The parts of several words, or of words where others may have several. Empty for most messages. */
export function segmentsOf(tokens: readonly Token[]): Segment[] {
  const found: Segment[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const end = endOfQuote(tokens, i);
    if (end <= i + 1) continue;
    found.push(segment(tokens, i + 1, end));
    i = end;
  }
  const last = tokens.findLastIndex(({ text }) => text === '=');
  if (isPair(tokens, last - 1)) found.push(segment(tokens, last - 1, tokens.length));
  if (last > 0 && isPlain(tokens.slice(last + 1))) found.push(segment(tokens, last + 1, tokens.length));
  return found;
}

function segment(tokens: readonly Token[], from: number, to: number): Segment {
  const rest = [...tokens.slice(0, from), gap, ...tokens.slice(to)].map(({ text }) => text);
  return {
    key: rest.join('\u0002'),
    text: tokens
      .slice(from, to)
      .map(({ text }) => text)
      .join(' '),
  };
}

/** `Server environment:user.dir=/srv`: the only pair of a message that says something before it. */
function isPair(tokens: readonly Token[], at: number): boolean {
  const name = tokens[at],
    before = tokens[at - 1];
  if (name === undefined || before === undefined || name.kind === 'mark' || tokens[at + 1]!.spaced) return false;
  if (!name.spaced && before.text !== ':') return false;
  const heading = tokens.slice(0, at);
  return heading.some(({ kind }) => kind === 'word') && heading.every(({ text }) => text !== '=');
}

/** Stands for the part; no line has such a token. */
const gap: Token = { text: '\u0001', kind: 'mark', spaced: false };

/** A few words, and nothing that divides them. */
function isPlain(tokens: readonly Token[]): boolean {
  return tokens.length > 0 && tokens.length <= mostQuoted && tokens.every(({ kind }) => kind !== 'mark');
}

/** Where the quote that opens at `at` closes; `at` where none opens there or where it is a key. */
function endOfQuote(tokens: readonly Token[], at: number): number {
  const { text, spaced } = tokens[at]!;
  if ((text !== '"' && text !== "'") || !(spaced || at === 0 || tokens[at - 1]!.kind === 'mark')) return at;
  for (let i = at + 1; i < tokens.length && i <= at + mostQuoted; i++) {
    if (tokens[i]!.text !== text) continue;
    const after = tokens[i + 1];
    if (after !== undefined && !after.spaced && after.kind !== 'mark') continue;
    return after?.text === ':' || after?.text === '=' ? at : i;
  }
  return at;
}
