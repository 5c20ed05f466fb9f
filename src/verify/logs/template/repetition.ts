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

const longestRepeat = 6;

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
 * Whether the last tokens are the ones before them once more. A repetition holds a parameter, so that words said twice
 * stay.
 */
function isRepeat(tokens: readonly Token[], length: number): boolean {
  const second = tokens.length - length;
  let hasHole = false;
  for (let i = second; i < tokens.length; i++) {
    if (tokens[i]!.text !== tokens[i - length]!.text) return false;
    hasHole ||= tokens[i]!.kind === 'hole';
  }
  return hasHole;
}
