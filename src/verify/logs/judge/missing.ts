// Events that every baseline node logs and the canary does not: a code path that is not reached any more leaves
// silence, not an error.
import { lnEvidenceOfMore } from './betaMixture.ts';
import type { Cluster } from '../count/clusters.ts';
import { isTrouble } from '../settings.ts';

export interface Missing {
  readonly clusters: ReadonlySet<Cluster>;
  /** ln of the evidence that more is missing on the canary than chance takes from a baseline node. */
  readonly lnEvidence: number;
}

const leastNodes = 2;

/**
 * What one node lacks though all others have it, for the canary as a whole and for each baseline node in turn: in a
 * good deployment the canary is one of them. One lost path takes many events with it, so that the number of events
 * counts by its logarithm. Trouble that went away is no loss.
 */
export function findMissing(comparable: readonly Cluster[]): Missing {
  const all = new Set<string>();
  for (const { tally } of comparable) for (const node of tally.nodes.baseline.keys()) all.add(node);
  const nodes = [...all];
  if (nodes.length < leastNodes) return { clusters: new Set(), lnEvidence: 0 };
  const missing = new Set<Cluster>(),
    lost = new Map(nodes.map(node => [node, 0]));
  for (const cluster of comparable) {
    const {
      counts,
      nodes: { baseline },
    } = cluster.tally;
    if (baseline.size < nodes.length - 1 || isTrouble(cluster.severity)) continue;
    if (counts.canary === 0) {
      if (baseline.size === nodes.length) missing.add(cluster);
      continue;
    }
    const without = baseline.size === nodes.length ? undefined : nodes.find(node => !baseline.has(node));
    if (without !== undefined) lost.set(without, lost.get(without)! + 1);
  }
  const expected = [...lost.values()].reduce((sum, count) => sum + damp(1 + count), 0);
  return { clusters: missing, lnEvidence: lnEvidenceOfMore(damp(missing.size), expected, 1 / (nodes.length + 1)) };
}

function damp(events: number): number {
  return Math.log2(1 + events);
}
