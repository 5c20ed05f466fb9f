// Joins parameters that follow one another, and elements that repeat, so that lists of any length look the same.
import { hole, type Token } from './tokens.ts';

const links = new Set([
  ',',
  ':',
  '-',
  '/',
  '|',
  '.',
  '+',
  ';',
  '##',
  '::',
  '--',
  '---',
  '->',
  '=>',
  '_',
  '@',
  '*',
  '&',
]);

/** Positions in code that follow one another, `a.B.run:12 a.C.call:7`, say who called whom: one parameter. */
export function joinPositions(tokens: readonly Token[]): Token[] {
  const out: Token[] = [];
  for (let i = 0; i < tokens.length; i++) {
    let end = i;
    while (isPosition(tokens, end)) end += 3;
    if (end - i <= 3) {
      out.push(tokens[i]!);
      continue;
    }
    out.push({ text: hole, kind: 'hole', spaced: tokens[i]!.spaced });
    i = end - 1;
  }
  return out;
}

/** A name with a dot in it, a colon and a figure, without a space between them. */
function isPosition(tokens: readonly Token[], at: number): boolean {
  const [name, colon, line] = [tokens[at], tokens[at + 1], tokens[at + 2]];
  return (
    name?.kind === 'word' &&
    name.text.includes('.') &&
    colon?.text === ':' &&
    !colon.spaced &&
    line?.isFigure === true &&
    !line.spaced
  );
}

/** Parameters that follow one another are one: `a, b, c`, `12:30:45`, `0 0 5`, `1##2##3`. */
export function joinRuns(tokens: readonly Token[]): Token[] {
  const out: Token[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    const last = out[out.length - 1];
    if (token.kind === 'hole' && last?.kind === 'hole') {
      last.text = hole;
      continue;
    }
    const next = tokens[i + 1];
    if (token.kind === 'mark' && last?.kind === 'hole' && next?.kind === 'hole' && links.has(token.text)) continue;
    out.push(token);
  }
  return out;
}

const longestRepeat = 6,
  leastPhrase = 3;

/**
 * A run of tokens that follows itself once or more is a list of elements, however many: `<*> <ok> <*> <ok>` is `<*>
 * <ok>`.
 */
export function joinRepeats(tokens: Token[]): Token[] {
  const out: Token[] = [];
  for (const token of tokens) {
    out.push(token);
    for (let length = 2; length <= longestRepeat && 2 * length <= out.length; length++) {
      if (!isRepeat(out, length)) continue;
      out.length -= length;
      break;
    }
  }
  return out;
}

/**
 * Whether the last tokens are the ones before them once more. A repetition holds a parameter or several words, so that
 * a word said twice stays.
 */
function isRepeat(tokens: readonly Token[], length: number): boolean {
  const second = tokens.length - length;
  let isElement = length >= leastPhrase;
  for (let i = second; i < tokens.length; i++) {
    if (tokens[i]!.text !== tokens[i - length]!.text) return false;
    isElement ||= tokens[i]!.kind === 'hole';
  }
  return isElement;
}
