// What good deployments taught: clusters in, clusters out, bounded, the least recently seen forgotten first.
import type { LearnedCluster, LearnedEvents, Role, SeenIn } from '../../../model/evidence/evidence.ts';
import type { Cluster } from './clusters.ts';
import { describe, type Recognizer } from '../template/recognition.ts';
import { indexBySimilarity, isReworded } from '../template/similarity.ts';
import { usualSeverity } from './tally.ts';
import type { Group } from '../template/templates.ts';

const mostLearned = 5_000,
  longestTemplate = 2_000,
  mostSeenIn = 5;

/** Puts learned templates into the shared state, so that a line of one falls into its group. */
export function seedLearned(
  learned: LearnedEvents | undefined,
  recognizer: Recognizer,
): readonly (readonly [Group, LearnedCluster])[] {
  return (learned?.clusters ?? []).map(cluster => [recognizer.groupOfTemplate(cluster.template), cluster]);
}

/**
 * Learned clusters by the group they are part of now, those of most deployments first: groups may have merged since,
 * and one template may have several loggers.
 */
export function resolveLearned(
  seeded: readonly (readonly [Group, LearnedCluster])[],
  recognizer: Recognizer,
  seen: readonly Group[],
): Map<Group, LearnedCluster[]> {
  const resolved = new Map<Group, LearnedCluster[]>();
  for (const [group, cluster] of seeded) {
    const root = recognizer.root(group),
      list = resolved.get(root);
    if (list) list.push(cluster);
    else resolved.set(root, [cluster]);
  }
  for (const list of resolved.values())
    list.sort((one, other) => other.deployments - one.deployments || (one.key < other.key ? -1 : 1));
  const index = indexBySimilarity([...resolved], ([other]) => other.tokens);
  for (const group of seen) {
    if (resolved.has(group)) continue;
    const alike = index.nearest(group.tokens);
    if (alike && isReworded(alike, alike.item[0].tokens, group.tokens)) resolved.set(group, alike.item[1]);
  }
  return resolved;
}

export interface GoodDeployment {
  readonly version: string | undefined;
  readonly atMs: number;
  /** Whose lines show how often it logs: the canary's, or those of a release that was adopted as it ran. */
  readonly role: Role;
  /** Nodes of that role times minutes. */
  readonly nodeMinutes: number;
}

/** What was known, and what this good deployment showed. */
export function mergeLearned(
  known: LearnedEvents | undefined,
  clusters: readonly Cluster[],
  { version, atMs, role, nodeMinutes }: GoodDeployment,
): LearnedEvents {
  const before = new Map((known?.clusters ?? []).map(cluster => [cluster.key, cluster]));
  const byKey = new Map(before);
  for (const { key, group, tally, learned } of clusters) {
    const lines = tally.counts.canary + tally.counts.baseline + tally.counts.before,
      own = tally.counts[role],
      old = before.get(key);
    if (lines === 0) continue;
    const seenIn: readonly SeenIn[] = [
      ...(own > 0 && version !== undefined ? [{ version, atMs }] : []),
      ...(old?.seenIn ?? []),
    ].slice(0, mostSeenIn);
    byKey.set(key, {
      key,
      template: learned?.key === key ? learned.template : describe(group).slice(0, longestTemplate),
      severity: usualSeverity(tally.severities),
      deployments: (old?.deployments ?? 0) + 1,
      lines: (old?.lines ?? 0) + lines,
      rate: own / Math.max(nodeMinutes, 1 / 60),
      nodeMinutes,
      lastSeenMs: Math.max(tally.lastMs, old?.lastSeenMs ?? 0),
      ...(seenIn.length > 0 ? { seenIn } : {}),
    });
  }
  const newest = [...byKey.values()].sort((a, b) => b.lastSeenMs - a.lastSeenMs || (a.key < b.key ? -1 : 1));
  return { format: 1, deployments: (known?.deployments ?? 0) + 1, clusters: newest.slice(0, mostLearned) };
}
