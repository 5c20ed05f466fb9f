// What a finished verification would have said with what reviewers said since: from its report alone, as the lines are
// gone.
import { indexFeedback, type Feedback, type FeedbackMark } from '../model/evidence/feedback.ts';
import {
  combineOutcomes,
  type Check,
  type ClusterReport,
  type LogsCheck,
  type Outcome,
  type ReasonCode,
} from '../model/evidence/verdict.ts';

/** Evidence that is missing stays missing, whatever was said of the rest. */
const limits: readonly ReasonCode[] = [
  'could-not-read',
  'partial',
  'silent',
  'no-canary-data',
  'no-baseline-data',
  'not-enough-data',
];

export function reconsider(checks: readonly Check[], entries: readonly Feedback[]): Outcome {
  const find = indexFeedback(entries);
  return combineOutcomes(checks.map(check => (check.kind === 'logs' ? reconsiderLogs(check, find) : check.outcome)));
}

function reconsiderLogs(check: LogsCheck, find: ReturnType<typeof indexFeedback>): Outcome {
  const marked = check.clusters.map(cluster => ({ cluster, mark: find(cluster)?.mark ?? cluster.feedback }));
  if (marked.some(({ cluster, mark }) => mark === 'always-fail' && cluster.canaryCount > 0)) return 'fail';
  if (marked.every(({ cluster, mark }) => mark === cluster.feedback)) return check.outcome;
  const risky = marked.filter(({ cluster }) => cluster.class !== 'known');
  const cleared = risky.findIndex(({ cluster, mark }) => !isCleared(cluster, mark));
  // What a look weighed anew would say of a known cluster that somebody now calls a risk, its report does not know.
  if (
    cleared >= 0 ||
    marked.some(({ cluster, mark }) => mark === 'risk' && cluster.class === 'known' && cluster.canaryCount > 0)
  )
    return withoutRiskiest(check, cleared < 0 ? 0 : cleared);
  return check.reasons.some(({ code }) => limits.includes(code)) ? 'inconclusive' : 'pass';
}

function isCleared(cluster: ClusterReport, mark: FeedbackMark | undefined): boolean {
  return mark === 'not-a-risk' || (mark === 'not-a-risk-while-normal' && cluster.class === 'unknown');
}

/** The check itself said what it would be without its riskiest clusters. */
function withoutRiskiest({ outcome, whatIf = [] }: LogsCheck, cleared: number): Outcome {
  return whatIf.find(one => one.code === 'without-clusters' && one.clusters <= cleared)?.outcome ?? outcome;
}
