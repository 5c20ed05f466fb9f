// What the lines say that nodes wrote while they were upgraded and started. Every start makes noise: earlier good
// start-ups tell which noise is usual, and without them an error is a reason to ask a person, not to roll back.
import type { ClusterReport, LogsCheck, VerificationReport } from '../model/evidence/verdict.ts';
import { combineOutcomes } from '../model/evidence/verdict.ts';

/** The report of a start-up with its own verdict; how often known events occur says nothing there. */
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
  // A service that waits for its database may write fatal lines again and again, and be well: without a start to
  // compare with, people are asked. A crash loop goes on, and fails the verification that follows as well.
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
