// How a cluster stands before anything is counted: unknown, to be compared, or no risk whatever it does.
import type { Severity } from '../../../model/evidence/evidence.ts';
import type { FeedbackMark } from '../../../model/evidence/feedback.ts';
import type { Cluster, SeenCluster } from '../count/clusters.ts';
import { usualSeverity } from '../count/tally.ts';
import { hasWatchedValue } from '../template/recognition.ts';

/** Side that the canary is compared with. */
export type Against = 'baseline' | 'before';

export interface Standings {
  readonly unknown: readonly Cluster[];
  readonly comparable: readonly Cluster[];
  /** Known whatever they do. */
  readonly suppressed: readonly Cluster[];
}

/** Without a reference no cluster is unknown but what a reviewer called a risk. */
export function sortByStanding(clusters: readonly Cluster[], hasReference: boolean, against: Against): Standings {
  const unknown: Cluster[] = [],
    comparable: Cluster[] = [],
    suppressed: Cluster[] = [];
  for (const cluster of clusters) {
    const {
      tally: { counts },
      learned,
      mark,
    } = cluster;
    const isNew = counts.canary > 0 && counts.baseline + counts.before === 0;
    if (mark === 'not-a-risk') suppressed.push(cluster);
    // What it usually does is not known yet where nothing but the reviewer knows it.
    else if (mark === 'not-a-risk-while-normal')
      (counts[against] === 0 && !learned ? suppressed : comparable).push(cluster);
    else if (mark !== undefined ? counts.canary > 0 : isNew && !learned && hasReference) unknown.push(cluster);
    else comparable.push(cluster);
  }
  return { unknown, comparable, suppressed };
}

/**
 * That of most of its lines. What a reviewer called a risk is an error at least, and so is a watched value that only
 * the canary has.
 */
export function severityOf({ tally, group, learned }: SeenCluster, mark: FeedbackMark | undefined): Severity {
  const severity = usualSeverity(tally.severities);
  const { canary, baseline, before } = tally.counts;
  const isRisk = mark === 'risk' || mark === 'always-fail',
    isNewValue = canary > 0 && baseline + before === 0 && !learned && hasWatchedValue(group);
  return (isRisk || isNewValue) && severity !== 'fatal' ? 'error' : severity;
}
