// Decides what to do, based on the evidence and on what the pipeline says about it.
import type { DecisionMade, Situation } from '../model/runs/decision.ts';
import type { Reason } from '../model/evidence/verdict.ts';

/**
 * A pass promotes, unless a person holds the canary. A failure leads to what the pipeline says; `ask` falls back to a
 * rollback if no one answers. A metric can override this for its own failure: `rollback` takes precedence over the
 * stage, and `hold` weakens it. An inconclusive result holds; after the wait it stays on hold, or is rolled back if the
 * pipeline says so. It never promotes.
 */
export function decide(situation: Situation): DecisionMade {
  const { report, onFailure, missingData, heldByPerson, waitedOut } = situation;
  if (!report) return { decision: onFailureDecision(onFailure.kind, waitedOut), reasons: [] };
  if (report.outcome === 'fail') {
    const own = gravestOf(report, situation.healthSources);
    return { decision: own ?? onFailureDecision(onFailure.kind, waitedOut), reasons: reasonsOf(report, 'fail') };
  }
  if (report.outcome === 'pass')
    return { decision: heldByPerson ? 'hold' : 'promote', reasons: reasonsOf(report, 'pass') };
  return {
    decision: waitedOut && missingData === 'rollback' ? 'rollback' : 'hold',
    reasons: reasonsOf(report, 'inconclusive'),
  };
}

/** What the failed metrics themselves say; undefined if the stage decides, as it does for logs. */
function gravestOf(
  report: NonNullable<Situation['report']>,
  healthSources: Situation['healthSources'],
): 'rollback' | 'hold' | undefined {
  const said = report.checks
    .filter(check => check.outcome === 'fail')
    .map(({ kind, source, name }) => {
      const read = kind === 'logs' ? undefined : healthSources[source];
      if (read?.kind === 'measurement') return read.onFailure;
      return read?.kind === 'metrics' ? read.metrics.find(metric => metric.name === name)?.onFailure : undefined;
    });
  if (said.includes('rollback')) return 'rollback';
  return said.length > 0 && said.every(one => one === 'hold') ? 'hold' : undefined;
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
