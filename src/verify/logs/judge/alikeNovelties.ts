// Unknown events that are one piece of news: the same new word in several statements, one statement from several
// loggers, or statements that differ in one word alone. Whether they hold a release is asked of all of them together.
import type { Cluster } from '../count/clusters.ts';
import { describe } from '../template/recognition.ts';

/** What the lines of an unknown cluster count. */
export interface LineWeights {
  readonly line: number;
  readonly most: number;
  /** Its lines, those of one second counting less and less. */
  readonly events: number;
}

/** What each cluster counts together with those that say the same: no more than one of them may. */
export function weighAlike(
  clusters: readonly Cluster[],
  weightsOf: (cluster: Cluster) => LineWeights,
): ReadonlyMap<Cluster, number> {
  const keys = new Map(clusters.map(cluster => [cluster, keysOf(cluster)])),
    sums = new Map<string, { sum: number; most: number }>();
  for (const [cluster, own] of keys) {
    const { line, most, events } = weightsOf(cluster);
    for (const key of own) {
      const pooled = sums.get(key) ?? { sum: 0, most: 0 };
      sums.set(key, { sum: pooled.sum + line * events, most: Math.max(pooled.most, most) });
    }
  }
  return new Map(
    [...keys].map(([cluster, own]) => [
      cluster,
      Math.max(
        ...own.map(key => {
          const { sum, most } = sums.get(key)!;
          return Math.min(sum, most);
        }),
      ),
    ]),
  );
}

/** With fewer tokens two statements that differ in one word have nothing in common. */
const leastTokens = 3,
  mostTokens = 40;

function keysOf({ group, turn }: Cluster): readonly string[] {
  const { tokens } = group,
    keys = [`text ${describe(group)}`];
  if (turn !== undefined) keys.push(`turn ${turn.toLowerCase()}`);
  if (tokens.length < leastTokens || tokens.length > mostTokens) return keys;
  const texts = tokens.map(({ text }) => text);
  tokens.forEach(({ kind }, place) => {
    if (kind === 'word') keys.push(`but ${place} ${texts.toSpliced(place, 1).join(' ')}`);
  });
  return keys;
}
