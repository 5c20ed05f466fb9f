// How alike two templates are, and in which words they differ.
import { listByKey } from '../text/listByKey.ts';
import { severityOfWords } from '../text/severity.ts';
import type { Token } from './tokens.ts';

export interface Alike<Item> {
  readonly item: Item;
  /** Weighted Dice of the words that both have: longer words say more. 0 to 1. */ readonly similarity: number;
}

export interface SimilarityIndex<Item> {
  /** The item most like these tokens, of equals the first; undefined where none shares a word. */
  nearest(tokens: readonly Token[], accepts?: (item: Item) => boolean): Alike<Item> | undefined;
}

/** As many items may have a word that still tells them apart. */
const mostHaving = 40;

/**
 * Finds the most similar of many templates by the words they share: looks at those that share a rare one, and at all
 * that share any where there are none.
 */
export function indexBySimilarity<Item>(
  items: readonly Item[],
  tokensOf: (item: Item) => readonly Token[],
): SimilarityIndex<Item> {
  const known = items.map(item => weigh(tokensOf(item)));
  const having = listByKey(known.map(({ weights }) => weights.keys()));
  return {
    nearest(tokens, accepts = () => true) {
      const own = weigh(tokens),
        lists = [...own.weights.keys()].map(word => having.get(word) ?? []);
      const rare = lists.filter(list => list.length <= mostHaving);
      let best: Alike<Item> | undefined;
      for (const index of new Set(
        (rare.some(list => list.length > 0) ? rare : lists).flat().sort((one, other) => one - other),
      )) {
        const alike = dice(own, known[index]!);
        if (alike > (best?.similarity ?? 0) && accepts(items[index]!))
          best = { item: items[index]!, similarity: alike };
      }
      return best;
    },
  };
}

interface Weighted {
  readonly weights: ReadonlyMap<string, number>;
  readonly total: number;
}

function weigh(tokens: readonly Token[]): Weighted {
  const weights = wordWeights(tokens);
  return { weights, total: [...weights.values()].reduce((sum, weight) => sum + weight, 0) };
}

function dice(one: Weighted, other: Weighted): number {
  let shared = 0;
  for (const [word, weight] of one.weights) shared += Math.min(weight, other.weights.get(word) ?? 0);
  return (2 * shared) / (one.total + other.total);
}

function wordWeights(tokens: readonly Token[]): Map<string, number> {
  const weights = new Map<string, number>();
  for (const token of tokens) {
    if (!isWord(token)) continue;
    const word = token.text.toLowerCase();
    weights.set(word, (weights.get(word) ?? 0) + Math.min(3, Math.sqrt(word.length)));
  }
  return weights;
}

/** Frames of a trace are marks, and words too. */
function isWord({ text, kind }: Token): boolean {
  return kind === 'word' || (kind === 'mark' && text.length >= 3);
}

export interface WordDifference {
  readonly removed: readonly string[];
  readonly inserted: readonly string[];
}

const mostCompared = 120;

/**
 * The words of `known` that `tokens` lacks, and those it has instead, in their order (longest common subsequence of the
 * first 120 words).
 */
export function differingWords(known: readonly Token[], tokens: readonly Token[]): WordDifference {
  const one = known.filter(isWord).slice(0, mostCompared),
    other = tokens.filter(isWord).slice(0, mostCompared);
  const common = Array.from({ length: one.length + 1 }, () => new Uint8Array(other.length + 1));
  for (let i = one.length - 1; i >= 0; i--) {
    for (let j = other.length - 1; j >= 0; j--)
      common[i]![j] =
        one[i]!.text === other[j]!.text ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
  }
  const removed: string[] = [],
    inserted: string[] = [];
  for (let i = 0, j = 0; i < one.length || j < other.length;) {
    if (i < one.length && j < other.length && one[i]!.text === other[j]!.text) {
      i++;
      j++;
      continue;
    }
    if (j >= other.length || (i < one.length && common[i + 1]![j]! >= common[i]![j + 1]!)) removed.push(one[i++]!.text);
    else inserted.push(other[j++]!.text);
  }
  return { removed, inserted };
}

const alikeEnough = 0.9;

/** Whether one is the other with its wording slightly changed, and nothing in the change speaks of trouble. */
export function isReworded({ similarity }: Alike<unknown>, known: readonly Token[], tokens: readonly Token[]): boolean {
  return (
    similarity >= alikeEnough &&
    Math.abs(known.length - tokens.length) <= 3 &&
    severityOfWords(differingWords(known, tokens).inserted.join(' ')) === 'unknown'
  );
}
