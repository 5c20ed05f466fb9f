// The difference between two snapshots of a run. Unchanged parts are the same objects in both and are not sent again.
import type { RunSnapshot } from './snapshot.ts';
import type { ClusterSnapshot } from './clusterSnapshot.ts';

export interface SnapshotPatch {
  /** Every part except the clusters; an absent part has not changed. */
  readonly parts: Partial<Omit<RunSnapshot, 'clusters'>>;
  readonly clusters?: ClustersPatch;
}
export interface ClustersPatch {
  readonly hidden: number;
  /** New and changed clusters. */
  readonly put: readonly ClusterSnapshot[];
  /** Ids of all clusters shown, in order; absent if unchanged. */
  readonly order?: readonly string[];
}

/** Maximum number of clusters in a message, so that no message keeps its sender or its reader busy for long. */
export const mostClustersSent = 500;

/** Several patches if more clusters changed than one message may hold; none if nothing changed. */
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
    // The old order applies until the last patch; clusters that are not in it yet wait at its end.
    return {
      parts: isLast ? parts : {},
      clusters: { hidden: after.clusters.hidden, put, ...(isLast && isReordered && { order }) },
    };
  });
}

/** Unchanged parts stay the same objects, so that nothing is drawn again for them. */
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

/** At least one page, even an empty one. */
function pagesOf(clusters: readonly ClusterSnapshot[]): readonly (readonly ClusterSnapshot[])[] {
  return Array.from({ length: Math.max(1, Math.ceil(clusters.length / mostClustersSent)) }, (_, page) =>
    clusters.slice(page * mostClustersSent, (page + 1) * mostClustersSent),
  );
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
