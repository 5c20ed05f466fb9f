// Events that are one statement with several values in one place (`for provider a`, `for provider b`): how often they
// come is also asked of all of them together.
import type { Cluster } from '../count/clusters.ts';
import { hashText } from '../text/characters.ts';

export interface Family {
  /** Indexes of its clusters. */
  readonly members: readonly number[];
  /** All of them as one. */
  readonly whole: Cluster;
}

/**
 * Finds the clusters that differ in one word alone among some of `clusters`, each in its largest family; the others are
 * in none. An answer has the members of each family, as their indexes among these clusters.
 */
export function indexFamilies(clusters: readonly Cluster[]): (some: readonly Cluster[]) => number[][] {
  const shared = sharedKeys(clusters);
  return some => {
    const firsts = new Map<number, number>(),
      families = new Map<number, number[]>();
    some.forEach((cluster, i) => {
      for (const key of shared.get(cluster) ?? []) {
        const first = firsts.get(key),
          members = families.get(key);
        if (first === undefined) firsts.set(key, i);
        else if (members) members.push(i);
        else families.set(key, [first, i]);
      }
    });
    const taken = new Set<number>();
    return [...families.values()]
      .sort((one, other) => other.length - one.length)
      .flatMap(all => {
        const members = all.filter(i => !taken.has(i));
        if (members.length < 2) return [];
        for (const i of members) taken.add(i);
        return [members];
      });
  };
}

/** The keys of each cluster that another one has too, as numbers: most keys are those of one cluster. */
function sharedKeys(clusters: readonly Cluster[]): ReadonlyMap<Cluster, readonly number[]> {
  const numbers = new Map<string, number>(),
    sizes: number[] = [];
  const all = clusters.map(cluster =>
    familyKeys(cluster).map(key => {
      const number = numbers.get(key) ?? numbers.size;
      numbers.set(key, number);
      sizes[number] = (sizes[number] ?? 0) + 1;
      return number;
    }),
  );
  return new Map(clusters.map((cluster, i) => [cluster, all[i]!.filter(number => sizes[number]! > 1)]));
}

/**
 * One for each word of a cluster: all but that word, as two hashes that every token is part of, so that the work is
 * linear in the tokens. What a reviewer marked stands for itself.
 */
function familyKeys(cluster: Cluster): string[] {
  const { group, logger, rank, mark, severity } = cluster,
    { tokens } = group;
  if (mark || tokens.length < leastTokens) return [];
  const ones = tokens.map(({ text }, place) => hashText(text, place)),
    twos = tokens.map(({ text }, place) => hashText(text, ~place));
  const one = ones.reduce((all, hash) => all ^ hash, 0),
    two = twos.reduce((all, hash) => all ^ hash, 0);
  const rest = `${tokens.length} ${severity} ${rank} ${logger}`;
  return tokens.flatMap(({ kind }, place) =>
    kind === 'word' ? [`${place} ${one ^ ones[place]!} ${two ^ twos[place]!} ${rest}`] : [],
  );
}

/** Fewer tokens say too little for two clusters to be the same statement. */
const leastTokens = 4;
