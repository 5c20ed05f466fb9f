// The clusters for chart, table and detail: the risky ones in full, with letters; the rest thinned and bounded.
import { indexFeedback, type Feedback } from '../../model/evidence/feedback.ts';
import type { ClusterReport } from '../../model/evidence/verdict.ts';

import type { VerifiedStage } from './snapshotChecks.ts';
import type { ClustersSnapshot, ClusterSnapshot } from './clusterSnapshot.ts';
import { type PlacedCluster, signOf, snapshotCluster, idOf } from './snapshotCluster.ts';

/** Snapshots of a verification's clusters by id and content key, reused at the next evaluation. */
export type ClusterMemory = Map<string, { readonly sign: string; readonly snapshot: ClusterSnapshot }>;

const mostCalm = 2_000,
  mostWhole = 100;

/** The clusters to show, in order: the riskiest first, then those on the canary, then those on the baseline only. */
export function placeClusters(stages: readonly VerifiedStage[]): {
  readonly placed: readonly PlacedCluster[];
  readonly hidden: number;
} {
  const checks = stages.flatMap(({ verification, report }) =>
    report.checks.flatMap(check =>
      check.kind === 'logs'
        ? [
            {
              check,
              risky: check.clusters.filter(cluster => cluster.class !== 'known'),
              place: `${verification.key}/${check.source}`,
              sinceMs: verification.sinceMs,
            },
          ]
        : [],
    ),
  );
  const all = checks.flatMap(of => of.check.clusters.map(cluster => ({ ...of, cluster })));
  const risky = all.filter(({ cluster }) => cluster.class !== 'known');
  const calm = all
    .filter(({ cluster }) => cluster.class === 'known')
    .sort((left, right) => weight(right.cluster) - weight(left.cluster));
  return {
    placed: [...risky, ...calm.slice(0, mostCalm)].map((one, index) => ({
      ...one,
      id: idOf(one.place, one.cluster.key),
      ...(index < risky.length && { letter: letterOf(index) }),
    })),
    hidden: checks.reduce((sum, { check }) => sum + check.hiddenClusters, 0) + Math.max(0, calm.length - mostCalm),
  };
}

/** Yields every few clusters, so that the caller can let other work run; unchanged clusters stay the same objects. */
export function* snapshotClusters(
  { placed, hidden }: ReturnType<typeof placeClusters>,
  feedback: readonly Feedback[],
  memory: ClusterMemory,
): Generator<void, ClustersSnapshot> {
  const ids = new Set(placed.map(({ id }) => id)),
    find = indexFeedback(feedback);
  const shown: ClusterSnapshot[] = [];
  for (const [index, one] of placed.entries()) {
    const said = find(one.cluster);
    const isWhole = index < mostWhole && one.letter !== undefined;
    const sign = signOf(one, said, isWhole, ids);
    const known = memory.get(one.id);
    const snapshot = known?.sign === sign ? known.snapshot : snapshotCluster(one, said, isWhole, ids);
    shown.push(snapshot);
    if (snapshot !== known?.snapshot) memory.set(one.id, { sign, snapshot });
    if (snapshot !== known?.snapshot || index % 50 === 49) yield;
  }
  for (const id of memory.keys()) if (!ids.has(id)) memory.delete(id);
  return { shown, hidden };
}

/** Clusters on the canary come before clusters on the baseline only. */
function weight({ canaryCount, baselineCount }: ClusterReport): number {
  return (canaryCount > 0 ? 1e9 : 0) + canaryCount + baselineCount;
}

/** 0 is `A`, 25 is `Z`, 26 is `AA`. */
function letterOf(index: number): string {
  return (index >= 26 ? letterOf(Math.floor(index / 26) - 1) : '') + String.fromCharCode(65 + (index % 26));
}
