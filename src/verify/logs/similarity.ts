// How alike two templates are, and whether one is only another filling of the other.
import { hole, type Token } from './tokens.ts';

/** Weighted Dice of the words two templates share: longer words say more. 0 to 1. */
export function similarity(one: readonly Token[], other: readonly Token[]): number {
  const left = wordWeights(one), right = wordWeights(other);
  let shared = 0, total = 0;
  for (const [word, weight] of left) { total += weight; shared += Math.min(weight, right.get(word) ?? 0); }
  for (const weight of right.values()) total += weight;
  return total === 0 ? 0 : 2 * shared / total;
}

function wordWeights(tokens: readonly Token[]): Map<string, number> {
  const weights = new Map<string, number>();
  for (const { text, kind } of tokens) {
    if (kind === 'hole' || (kind === 'mark' && text.length < 3)) continue;
    const word = text.toLowerCase();
    weights.set(word, (weights.get(word) ?? 0) + Math.min(3, Math.sqrt(text.length)));
  }
  return weights;
}

/**
 * Whether `tokens` is `known` with other words where parameters stand: at its holes, and at most in one more place
 * that looks like a parameter's (after `=` or `:`, in quotes or brackets) in a template that is otherwise the same.
 */
export function isFillingOf(known: readonly Token[], tokens: readonly Token[]): boolean {
  return differsInParameters(known, tokens) || (mayHaveNames(tokens) && differsInParameters(joinNames(known), joinNames(tokens)));
}

function differsInParameters(known: readonly Token[], tokens: readonly Token[]): boolean {
  if (known.length !== tokens.length) return false;
  let opened = 0, words = 0;
  for (let i = 0; i < known.length; i++) {
    const one = known[i]!, other = tokens[i]!;
    if (one.text === other.text) { if (one.kind === 'word') words++; continue; }
    if (one.kind === 'mark' || other.kind === 'mark') return false;
    if (one.kind === 'hole' || other.kind === 'hole' || isParameterPlace(known, i)) { opened++; continue; }
    return false;
  }
  return opened <= 2 && words >= 2;
}

function isParameterPlace(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1];
  return before?.kind === 'mark' && (before.text === '=' || before.text === '"' || before.text === '\'');
}

function mayHaveNames(tokens: readonly Token[]): boolean {
  return tokens.some((token, i) => isNamed(tokens, i, token));
}

/** `name:<*>` may be a host with its port where others have a figure alone. */
function isNamed(tokens: readonly Token[], at: number, token: Token): boolean {
  const colon = tokens[at + 1], value = tokens[at + 2];
  return token.kind === 'word' && colon?.text === ':' && !colon.spaced && value?.kind === 'hole' && !value.spaced;
}

function joinNames(tokens: readonly Token[]): Token[] {
  const joined: Token[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (!isNamed(tokens, i, token)) { joined.push(token); continue; }
    joined.push({ text: hole, kind: 'hole', spaced: token.spaced });
    i += 2;
  }
  return joined;
}
