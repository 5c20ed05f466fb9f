// What good deployments taught: clusters in, clusters out, bounded, the least recently seen forgotten first.
import type { LearnedCluster, LearnedEvents } from '../../model/evidence.ts';
import { hashText } from './characters.ts';
import type { Cluster } from './clusters.ts';
import { describe, type Recognizer } from './recognition.ts';
import { indexBySimilarity, isReworded } from './similarity.ts';
import { usualSeverity } from './tally.ts';
import type { Group } from './templates.ts';

const mostLearned = 5_000, longestTemplate = 2_000;

/** The stable name of a template that was never learned. */
function keyOf(template: string, logger: string): string {
  const text = logger === '' ? template : `${logger} ${template}`;
  return hashText(text).toString(36).padStart(7, '0') + hashText(text, 0x9747b28c).toString(36).padStart(7, '0');
}

export function clusterKey({ learned, group, logger }: Cluster): string {
  return learned?.key ?? keyOf(describe(group), logger);
}

/** Puts learned templates into the shared state, so that a line of one falls into its group. */
export function seedLearned(learned: LearnedEvents | undefined, recognizer: Recognizer): Map<Group, LearnedCluster> {
  const seeded = new Map<Group, LearnedCluster>();
  for (const cluster of learned?.clusters ?? []) seeded.set(recognizer.groupOfTemplate(cluster.template), cluster);
  return seeded;
}

/** Learned clusters by the group they are part of now: groups may have merged since. */
export function resolveLearned(seeded: ReadonlyMap<Group, LearnedCluster>, recognizer: Recognizer, seen: readonly Group[]): Map<Group, LearnedCluster> {
  const resolved = new Map<Group, LearnedCluster>();
  for (const [group, cluster] of seeded) {
    const root = recognizer.root(group), other = resolved.get(root);
    if (!other || other.deployments < cluster.deployments) resolved.set(root, cluster);
  }
  const index = indexBySimilarity([...resolved], ([other]) => other.tokens);
  for (const group of seen) {
    if (resolved.has(group)) continue;
    const alike = index.nearest(group.tokens);
    if (alike && isReworded(alike, alike.item[0].tokens, group.tokens)) resolved.set(group, alike.item[1]);
  }
  return resolved;
}

/** What was known, and what this good deployment showed on the canary. `nodeMinutes`: canary nodes times minutes. */
export function mergeLearned(known: LearnedEvents | undefined, clusters: readonly Cluster[], nodeMinutes: number): LearnedEvents {
  const byKey = new Map((known?.clusters ?? []).map(cluster => [cluster.key, cluster]));
  for (const { group, logger, tally, learned } of clusters) {
    const lines = tally.counts.canary + tally.counts.baseline + tally.counts.before;
    if (lines === 0) continue;
    const template = learned?.template ?? describe(group).slice(0, longestTemplate);
    const key = clusterKey({ group, logger, tally, learned });
    const before = byKey.get(key);
    byKey.set(key, {
      key, template, severity: usualSeverity(tally.severities), deployments: (known?.clusters.find(one => one.key === key)?.deployments ?? 0) + 1,
      lines: (before?.lines ?? 0) + lines, rate: tally.counts.canary / Math.max(nodeMinutes, 1 / 60), lastSeenMs: Math.max(tally.lastMs, before?.lastSeenMs ?? 0),
    });
  }
  const newest = [...byKey.values()].sort((a, b) => b.lastSeenMs - a.lastSeenMs || (a.key < b.key ? -1 : 1));
  return { format: 1, deployments: (known?.deployments ?? 0) + 1, clusters: newest.slice(0, mostLearned) };
}
