// The verdict of a finished verification with feedback that was given since. Based only on its report, because the log
// lines are no longer available.
import { indexFeedback, type Feedback, type FeedbackMark } from '../model/evidence/feedback.ts';
import {
  combineOutcomes,
  type Check,
  type ClusterReport,
  type LogsCheck,
  type Outcome,
  type ReasonCode,
} from '../model/evidence/verdict.ts';

/** Missing evidence remains missing, whatever the feedback on the rest. */
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
  // The report does not contain what a new evaluation would say about a known cluster that is now marked as a risk.
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

/** The check itself recorded its outcome without its riskiest clusters. */
function withoutRiskiest({ outcome, whatIf = [] }: LogsCheck, cleared: number): Outcome {
  return whatIf.find(one => one.code === 'without-clusters' && one.clusters <= cleared)?.outcome ?? outcome;
}
