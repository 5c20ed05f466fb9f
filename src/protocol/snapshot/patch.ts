// What changed between two snapshots of a run: parts that did not change are the same objects in both, and are not sent
// again.
import type { RunSnapshot } from './snapshot.ts';
import type { ClusterSnapshot } from './clusterSnapshot.ts';

export interface SnapshotPatch {
  /** Every part but the clusters; a part that is absent did not change. */
  readonly parts: Partial<Omit<RunSnapshot, 'clusters'>>;
  readonly clusters?: ClustersPatch;
}
export interface ClustersPatch {
  readonly hidden: number;
  /** New and changed ones. */
  readonly put: readonly ClusterSnapshot[];
  /** Ids of all that are shown, in their order; absent when it is the same as before. */
  readonly order?: readonly string[];
}

/** A message holds at most so many clusters: none keeps its sender or its reader busy for long. */
export const mostClustersSent = 500;

/** Several patches, where more clusters changed than one message may hold; none when nothing did. */
export function compareSnapshots(before: RunSnapshot, after: RunSnapshot): readonly SnapshotPatch[] {
  const parts = Object.fromEntries(
    Object.entries(after).filter(
      ([name, value]) => name !== 'clusters' && !isSame(before[name as keyof RunSnapshot], value),
    ),
  ) as SnapshotPatch['parts'];
  const old = new Map(before.clusters.shown.map(cluster => [cluster.id, cluster]));
  const changed = after.clusters.shown.filter(cluster => old.get(cluster.id) !== cluster);
  const order = after.clusters.shown.map(cluster => cluster.id);
  const isReordered =
    order.length !== before.clusters.shown.length || before.clusters.shown.some(({ id }, index) => id !== order[index]);
  if (changed.length === 0 && !isReordered && before.clusters.hidden === after.clusters.hidden)
    return Object.keys(parts).length === 0 ? [] : [{ parts }];
  return pagesOf(changed).map((put, index, pages) => {
    const isLast = index === pages.length - 1;
    // Until the last of them the order is the old one: what is not in it yet waits at the end.
    return {
      parts: isLast ? parts : {},
      clusters: { hidden: after.clusters.hidden, put, ...(isLast && isReordered && { order }) },
    };
  });
}

/** What did not change stays the same object, so that nothing is drawn again for it. */
export function applyPatch(before: RunSnapshot, { parts, clusters }: SnapshotPatch): RunSnapshot {
  return { ...before, ...parts, ...(clusters && { clusters: applyClusters(before.clusters, clusters) }) };
}

function applyClusters(
  { shown }: RunSnapshot['clusters'],
  { hidden, put, order }: ClustersPatch,
): RunSnapshot['clusters'] {
  const byId = new Map(shown.map(cluster => [cluster.id, cluster]));
  for (const cluster of put) byId.set(cluster.id, cluster);
  return { hidden, shown: order ? order.flatMap(id => byId.get(id) ?? []) : [...byId.values()] };
}

/** At least one page, be it empty. */
function pagesOf(clusters: readonly ClusterSnapshot[]): readonly (readonly ClusterSnapshot[])[] {
  return Array.from({ length: Math.max(1, Math.ceil(clusters.length / mostClustersSent)) }, (_, page) =>
    clusters.slice(page * mostClustersSent, (page + 1) * mostClustersSent),
  );
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
