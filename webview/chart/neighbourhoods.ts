// Names for places on the map: where clusters are dense, the word that is common there and rare elsewhere.
import type { ClusterSnapshot } from '../../src/protocol/snapshot/clusterSnapshot.ts';

export interface Neighbourhood {
  readonly name: string;
  /** In units of the map: above its members. */
  readonly x: number;
  readonly y: number;
}

const cells = 14,
  most = 10,
  reach = 0.26,
  leastMembers = 6,
  leastPart = 0.02,
  leastShare = 0.35,
  longestWord = 18,
  wordsRead = 12;

/** The same clusters give the same places, whatever else changes. */
export function nameNeighbourhoods(clusters: readonly ClusterSnapshot[]): readonly Neighbourhood[] {
  const calm = clusters.filter(cluster => cluster.letter === undefined);
  const words = new Map(calm.map(cluster => [cluster, wordsOf(cluster.template)])),
    everywhere = countWords(words.values());
  const found: Neighbourhood[] = [],
    taken = new Set<string>();
  let free = new Set(calm);
  while (found.length < most) {
    const peak = crowdedPlace(free);
    if (!peak) break;
    const members = [...free].filter(({ x, y }) => Math.hypot(x - peak.x, y - peak.y) < reach);
    if (members.length < Math.max(leastMembers, leastPart * calm.length)) break;
    free = new Set([...free].filter(cluster => !members.includes(cluster)));
    const name = tellingWord(
      members.map(member => words.get(member) ?? []),
      everywhere,
      calm.length,
      taken,
    );
    if (name === undefined) continue;
    taken.add(name);
    const centre = mean(members.map(({ x }) => x)),
      middle = mean(members.map(({ y }) => y));
    found.push({ name, x: centre, y: middle + 1.9 * Math.sqrt(mean(members.map(({ y }) => (y - middle) ** 2))) });
  }
  return found;
}

/** The centre of the clusters in the fullest cell and its neighbours. */
function crowdedPlace(clusters: ReadonlySet<ClusterSnapshot>): { readonly x: number; readonly y: number } | undefined {
  const counts = new Map<number, number>();
  const cellOf = (value: number): number => Math.min(cells - 1, Math.max(0, Math.floor(((value + 1) / 2) * cells)));
  for (const { x, y } of clusters)
    for (const dx of [-1, 0, 1])
      for (const dy of [-1, 0, 1]) {
        const cell = (cellOf(y) + dy) * (cells + 2) + cellOf(x) + dx;
        counts.set(cell, (counts.get(cell) ?? 0) + (dx === 0 && dy === 0 ? 3 : 1));
      }
  let best: number | undefined;
  for (const [cell, count] of counts)
    if (best === undefined || count > (counts.get(best) ?? 0) || (count === counts.get(best) && cell < best))
      best = cell;
  if (best === undefined) return undefined;
  const column = ((best % (cells + 2)) + cells + 2) % (cells + 2),
    row = Math.floor(best / (cells + 2));
  const near = [...clusters].filter(({ x, y }) => Math.abs(cellOf(x) - column) <= 1 && Math.abs(cellOf(y) - row) <= 1);
  return near.length ? { x: mean(near.map(({ x }) => x)), y: mean(near.map(({ y }) => y)) } : undefined;
}

/** Of the words that many members have, the most characteristic one. */
function tellingWord(
  members: readonly (readonly string[])[],
  everywhere: ReadonlyMap<string, number>,
  total: number,
  taken: ReadonlySet<string>,
): string | undefined {
  let best: string | undefined,
    bestWeight = 0;
  for (const [word, count] of countWords(members)) {
    const share = count / members.length;
    if (share < leastShare || taken.has(word)) continue;
    const weight = share * Math.log((total + 1) / (everywhere.get(word) ?? 1));
    if (weight > bestWeight || (weight === bestWeight && best !== undefined && word < best))
      [best, bestWeight] = [word, weight];
  }
  return best;
}

function countWords(lists: Iterable<readonly string[]>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const words of lists) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** Each word once; parts of qualified names count separately. */
function wordsOf(template: string): readonly string[] {
  const words =
    template
      .slice(0, 300)
      .toLowerCase()
      .match(/[a-z][a-z_-]{2,40}/g) ?? [];
  return [...new Set(words.slice(0, wordsRead).filter(word => word.length <= longestWord && !dull.has(word)))];
}
const dull = new Set([
  'the',
  'and',
  'for',
  'with',
  'from',
  'com',
  'org',
  'net',
  'java',
  'info',
  'warn',
  'error',
  'debug',
  'not',
  'was',
  'has',
  'lambda',
  'client',
  'value',
]);

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
