// What reviewers said of clusters: finds the mark that was meant for a cluster, by its key, else by what its template
// says.
import type { Feedback, FeedbackMark } from '../../../model/evidence/feedback.ts';
import type { SeenCluster } from './clusters.ts';
import { tokensOfTemplate } from '../template/recognition.ts';
import { indexBySimilarity, isReworded } from '../template/similarity.ts';
import type { Group } from '../template/templates.ts';

export interface Marks {
  of(cluster: SeenCluster): FeedbackMark | undefined;
}

/** Of several entries for one cluster the latest counts. */
export function readMarks(entries: readonly Feedback[]): Marks {
  const ordered = [...entries].sort((one, other) => other.atMs - one.atMs);
  const byKey = new Map<string, FeedbackMark>();
  for (const { key, mark } of ordered) if (!byKey.has(key)) byKey.set(key, mark);
  const worded = ordered.map(({ template, mark }) => ({ tokens: tokensOfTemplate(template), mark }));
  const index = indexBySimilarity(worded, ({ tokens }) => tokens);
  const byWording = new Map<Group, FeedbackMark | undefined>();

  function findReworded(group: Group): FeedbackMark | undefined {
    if (byWording.has(group)) return byWording.get(group);
    const alike = index.nearest(group.tokens);
    const mark = alike && isReworded(alike, alike.item.tokens, group.tokens) ? alike.item.mark : undefined;
    byWording.set(group, mark);
    return mark;
  }

  return {
    of: cluster => (entries.length === 0 ? undefined : (byKey.get(cluster.key) ?? findReworded(cluster.group))),
  };
}
