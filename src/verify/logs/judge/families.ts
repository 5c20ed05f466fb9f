// Events that are one statement with several values in one place (`for provider a`, `for provider b`): how often they
// come is also asked of all of them together.
import type { Cluster } from '../count/clusters.ts';
import { mergeTallies } from '../count/tally.ts';
import { severityOf } from './expectations.ts';

export interface Family {
  /** Indexes of its clusters. */
  readonly members: readonly number[];
  /** All of them as one. */
  readonly whole: Cluster;
}

/** Clusters that differ in one word alone, each in its largest family; the others are in none. */
export function findFamilies(clusters: readonly Cluster[]): Family[] {
  const byKey = new Map<string, number[]>();
  const keysOf = clusters.map(familyKeys);
  keysOf.forEach((keys, i) => {
    for (const key of keys) {
      const members = byKey.get(key);
      if (members) members.push(i);
      else byKey.set(key, [i]);
    }
  });
  const taken = new Set<number>();
  return [...byKey.values()]
    .sort((one, other) => other.length - one.length)
    .flatMap(all => {
      const members = all.filter(i => !taken.has(i));
      if (members.length < 2) return [];
      for (const i of members) taken.add(i);
      const first = clusters[members[0]!]!;
      const tally = mergeTallies(members.map(i => clusters[i]!.tally));
      return [{ members, whole: { ...first, tally, learned: undefined } }];
    });
}

/** One for each word of a cluster: all but that word. What a reviewer marked stands for itself. */
function familyKeys(cluster: Cluster): string[] {
  const { group, logger, rank, mark } = cluster,
    { tokens } = group;
  if (mark || tokens.length < leastTokens) return [];
  const rest = `${severityOf(cluster)} ${rank} ${logger}`;
  return tokens.flatMap(({ kind }, place) =>
    kind === 'word' ? [`${rest} ${place} ${tokens.map(({ text }, i) => (i === place ? '' : text)).join(' ')}`] : [],
  );
}

/** Fewer tokens say too little for two clusters to be the same statement. */
const leastTokens = 4;
