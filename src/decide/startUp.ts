// Judges the log lines that nodes wrote during their upgrade and start. Every start logs errors that mean nothing;
// earlier good start-ups show which are usual. Without them, an error is a reason to ask a person, not to roll back.
import type { ClusterReport, LogsCheck, VerificationReport } from '../model/evidence/verdict.ts';
import { combineOutcomes } from '../model/evidence/verdict.ts';

/** A start-up's report gets its own verdict: it ignores how often known events occur. */
export function judgeStartUp(report: VerificationReport): VerificationReport {
  const checks = report.checks.filter(check => check.kind === 'logs').map(judgeLogs);
  return {
    ...report,
    outcome: combineOutcomes(checks.map(({ outcome }) => outcome)),
    checks,
  };
}

function judgeLogs(check: LogsCheck): LogsCheck {
  const { whatIf: _, neededMs: __, ...rest } = check;
  const errors = check.clusters.filter(isNewError),
    outcome = outcomeOf(check, errors);
  return {
    ...rest,
    name: `${check.name} (start-up)`,
    outcome,
    clusters: errors,
    hiddenClusters: check.hiddenClusters + check.clusters.length - errors.length,
    reasons: outcome === 'pass' ? [] : [reasonOf(check, errors)],
  };
}

function isNewError({ class: kind, severity, feedback }: ClusterReport): boolean {
  return feedback === 'always-fail' || (kind === 'unknown' && (severity === 'error' || severity === 'fatal'));
}

function outcomeOf(
  { learnedDeployments, threshold }: LogsCheck,
  errors: readonly ClusterReport[],
): LogsCheck['outcome'] {
  if (errors.some(({ feedback }) => feedback === 'always-fail')) return 'fail';
  if (!errors.some(({ severity, evidence }) => severity === 'fatal' || evidence >= threshold)) return 'pass';
  // A service that waits for its database may log fatal errors repeatedly and still be healthy. Without a start to
  // compare with, people are asked. A crash loop continues and fails the verification that follows as well.
  return learnedDeployments > 0 ? 'fail' : 'inconclusive';
}

function reasonOf({ learnedDeployments }: LogsCheck, errors: readonly ClusterReport[]): LogsCheck['reasons'][number] {
  return {
    code: 'start-up-errors',
    values: {
      clusters: errors.length,
      lines: errors.reduce((sum, { canaryCount }) => sum + canaryCount, 0),
      nodes: new Set(errors.flatMap(({ nodes }) => Object.keys(nodes))).size,
      startUps: learnedDeployments,
    },
  };
}
