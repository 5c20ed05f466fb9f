// The log events of one canary as they are kept for later runs, and counted there as if they had come before the
// canary.
import type { KeptCluster, KeptLogs } from '../../../model/evidence/evidence.ts';
import type { Cluster } from './clusters.ts';
import { describe } from '../template/recognition.ts';
import { usualSeverity, type Tally } from './tally.ts';

/** Those of the most lines are kept. */
const mostClusters = 5_000,
  longestTemplate = 2_000,
  mostNodes = 200;

export interface KeptWindow {
  readonly canarySinceMs: number;
  readonly canaryMs: number;
  /** Canary nodes that logged. */
  readonly nodes: number;
}

export function keepLogs(clusters: readonly Cluster[], { canarySinceMs, canaryMs, nodes }: KeptWindow): KeptLogs {
  const kept = clusters
    .filter(({ tally }) => tally.counts.canary > 0)
    .sort((one, other) => other.tally.counts.canary - one.tally.counts.canary || (one.key < other.key ? -1 : 1));
  return {
    nodes,
    durationMs: canaryMs,
    clusters: kept.slice(0, mostClusters).map(cluster => keepCluster(cluster, canarySinceMs)),
  };
}

function keepCluster({ group, logger, tally }: Cluster, canarySinceMs: number): KeptCluster {
  const bins: [number, number][] = [];
  tally.timelines.canary.each((atMs, lines) => {
    bins.push([Math.max(0, atMs - canarySinceMs), lines]);
  });
  return {
    template: describe(group).slice(0, longestTemplate),
    logger,
    severity: usualSeverity(tally.severities),
    nodes: Object.fromEntries([...tally.nodes.canary].slice(0, mostNodes)),
    bins: bins.sort(([one], [other]) => one - other),
  };
}

/** Counts a kept event in the time before: what came `sinceMs` after that canary began came so long after `fromMs`. */
export function countKept(tally: Tally, { nodes, bins, severity }: KeptCluster, fromMs: number): void {
  let lines = 0;
  for (const [sinceMs, more] of bins) {
    lines += more;
    tally.timelines.before.add(fromMs + sinceMs, more);
    tally.firstMs = Math.min(tally.firstMs, fromMs + sinceMs);
    tally.lastMs = Math.max(tally.lastMs, fromMs + sinceMs);
  }
  tally.counts.before += lines;
  for (const [node, count] of Object.entries(nodes))
    tally.nodes.before.set(node, (tally.nodes.before.get(node) ?? 0) + count);
  tally.severities.set(severity, (tally.severities.get(severity) ?? 0) + lines);
}
