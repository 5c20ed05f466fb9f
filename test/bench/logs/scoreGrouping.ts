// How well a grouping agrees with the true one. Definitions: Zhu et al. (ICSE 2019), Jiang et al. (ISSTA 2024).

export interface GroupingScore {
  /** Share of lines whose group is exactly right. */
  readonly accuracy: number;
  /** F1 over groups that are exactly right. */
  readonly f1: number;
  /** F1 over pairs of lines put together. */
  readonly pairwiseF1: number;
}

export function scoreGrouping(predicted: readonly number[], truth: readonly string[]): GroupingScore {
  const groups = new Map<number, Map<string, number>>(),
    sizes = new Map<string, number>();
  truth.forEach((label, i) => {
    sizes.set(label, (sizes.get(label) ?? 0) + 1);
    const labels = groups.get(predicted[i]!) ?? new Map<string, number>();
    groups.set(predicted[i]!, labels);
    labels.set(label, (labels.get(label) ?? 0) + 1);
  });
  let rightLines = 0,
    rightGroups = 0,
    together = 0,
    predictedPairs = 0,
    truePairs = 0;
  for (const labels of groups.values()) {
    const size = [...labels.values()].reduce((sum, count) => sum + count, 0);
    predictedPairs += pairs(size);
    for (const count of labels.values()) together += pairs(count);
    if (labels.size === 1 && sizes.get([...labels.keys()][0]!) === size) {
      rightLines += size;
      rightGroups++;
    }
  }
  for (const size of sizes.values()) truePairs += pairs(size);
  return {
    accuracy: rightLines / truth.length,
    f1: harmonic(rightGroups / groups.size, rightGroups / sizes.size),
    pairwiseF1: harmonic(share(together, predictedPairs), share(together, truePairs)),
  };
}

/**
 * The best accuracy that any grouping by text can have: lines of statements that write, figures apart, what no other
 * statement writes.
 */
export function attainableAccuracy(texts: readonly string[], truth: readonly string[]): number {
  const writers = new Map<string, Set<string>>();
  texts.forEach((text, i) => {
    const bare = text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|\d+/g, '#'),
      labels = writers.get(bare) ?? new Set();
    writers.set(bare, labels.add(truth[i]!));
  });
  const shared = new Set([...writers.values()].flatMap(labels => (labels.size > 1 ? [...labels] : [])));
  return truth.filter(label => !shared.has(label)).length / truth.length;
}

function pairs(size: number): number {
  return (size * (size - 1)) / 2;
}

function share(part: number, whole: number): number {
  return whole === 0 ? 1 : part / whole;
}

function harmonic(one: number, other: number): number {
  return one + other === 0 ? 0 : (2 * one * other) / (one + other);
}
