// Events that are one statement with several values in one place (`for provider a`, `for provider b`): how often they
// come is also asked of all of them together.
import type { Cluster } from '../count/clusters.ts';
import { hashText } from '../text/characters.ts';
import { severityOf } from './expectations.ts';
import type { Measures } from './measures.ts';

export interface Family {
  /** Indexes of its clusters. */
  readonly members: readonly number[];
  /** All of them as one. */
  readonly whole: Cluster;
}

/** Clusters that differ in one word alone, each in its largest family; the others are in none. */
export function findFamilies(clusters: readonly Cluster[], measures: Measures): Family[] {
  const firsts = new Map<string, number>(),
    families = new Map<string, number[]>();
  clusters.forEach((cluster, i) => {
    for (const key of familyKeys(cluster)) {
      const first = firsts.get(key),
        members = families.get(key);
      // Most keys are those of one cluster.
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
      return [{ members, whole: measures.whole(members.map(i => clusters[i]!)) }];
    });
}

/**
 * One for each word of a cluster: all but that word, as two hashes that every token is part of, so that the work is
 * linear in the tokens. What a reviewer marked stands for itself.
 */
function familyKeys(cluster: Cluster): string[] {
  const { group, logger, rank, mark } = cluster,
    { tokens } = group;
  if (mark || tokens.length < leastTokens) return [];
  const ones = tokens.map(({ text }, place) => hashText(text, place)),
    twos = tokens.map(({ text }, place) => hashText(text, ~place));
  const one = ones.reduce((all, hash) => all ^ hash, 0),
    two = twos.reduce((all, hash) => all ^ hash, 0);
  const rest = `${tokens.length} ${severityOf(cluster)} ${rank} ${logger}`;
  return tokens.flatMap(({ kind }, place) =>
    kind === 'word' ? [`${place} ${one ^ ones[place]!} ${two ^ twos[place]!} ${rest}`] : [],
  );
}

/** Fewer tokens say too little for two clusters to be the same statement. */
const leastTokens = 4;
