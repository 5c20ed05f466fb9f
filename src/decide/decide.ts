// From what the evidence says, and what the pipeline wants done about it, to what is done.
import type { DecisionMade, Situation } from '../model/runs/decision.ts';
import type { Reason } from '../model/evidence/verdict.ts';

/**
 * A pass promotes, unless a person holds the canary. A failure does what the pipeline says; `ask` falls back to rolling
 * back when nobody answered. What could not be measured is neither: it holds, and when the wait is over it stays held,
 * or is rolled back where the pipeline says so. It never promotes.
 */
export function decide({ report, onFailure, missingData, heldByPerson, waitedOut }: Situation): DecisionMade {
  if (!report || report.outcome === 'fail')
    return { decision: onFailureDecision(onFailure.kind, waitedOut), reasons: report ? reasonsOf(report, 'fail') : [] };
  if (report.outcome === 'pass')
    return { decision: heldByPerson ? 'hold' : 'promote', reasons: reasonsOf(report, 'pass') };
  return {
    decision: waitedOut && missingData === 'rollback' ? 'rollback' : 'hold',
    reasons: reasonsOf(report, 'inconclusive'),
  };
}

function onFailureDecision(kind: Situation['onFailure']['kind'], waitedOut: boolean): DecisionMade['decision'] {
  switch (kind) {
    case 'rollback':
      return 'rollback';
    case 'stop':
      return 'stop';
    case 'ignore':
      return 'continue';
    case 'ask':
      return waitedOut ? 'rollback' : 'ask';
    default:
      return kind satisfies never;
  }
}

function reasonsOf(
  report: NonNullable<Situation['report']>,
  outcome: 'pass' | 'fail' | 'inconclusive',
): readonly Reason[] {
  return report.checks.filter(check => check.outcome === outcome).flatMap(check => check.reasons);
}
