// Which words of two templates differ, so that a reader sees at once why they are not the same event.

export interface ComparedWord {
  readonly text: string;
  readonly differs: boolean;
}

/** Words beyond this number are not compared and stay as they are. */
const mostWords = 160;

export function compareWords(
  left: string,
  right: string,
): { readonly left: readonly ComparedWord[]; readonly right: readonly ComparedWord[] } {
  const a = wordsOf(left),
    b = wordsOf(right),
    common = findCommon(a, b);
  const mark = (words: readonly string[], same: ReadonlySet<number>): readonly ComparedWord[] =>
    words.map((text, index) => ({ text, differs: !same.has(index) }));
  return { left: mark(a, common.left), right: mark(b, common.right) };
}

/** The positions of a longest common subsequence in both lists: O(n*m) in time and memory. */
export function findCommon(
  a: readonly string[],
  b: readonly string[],
): { readonly left: ReadonlySet<number>; readonly right: ReadonlySet<number> } {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    const row = lengths[i];
    for (let j = b.length - 1; row && j >= 0; j -= 1)
      row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const common = { left: new Set<number>(), right: new Set<number>() };
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) {
      common.left.add(i);
      common.right.add(j);
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1;
    else j += 1;
  }
  return common;
}

function wordsOf(text: string): readonly string[] {
  return text.split(' ').filter(Boolean).slice(0, mostWords);
}
