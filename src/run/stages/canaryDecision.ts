// Decides how a canary phase ends, journals the decision and carries it out: continue with the next phase, stop, or
// roll back.
import type { PlannedPhase } from '../../model/runs/plan.ts';
import type { Failure } from '../../model/failure.ts';
import type { Decision } from '../../model/runs/runEvents.ts';
import type { StageResult } from './approvalStage.ts';
import { policy } from '../context.ts';
import { failedAtStart, type Canary, type PhaseEnd } from './canary.ts';
import { decideFailure } from './failedStep.ts';
import type { Judgement } from './judge.ts';
import { lastWorkingRelease, recordStanding } from '../releases/ledger.ts';
import { rollBack } from '../releases/rollback.ts';
import { findHold } from '../unattended.ts';

/** `check` is the verification that was in progress. */
export async function afterFailedHook(
  canary: Canary,
  phase: PlannedPhase,
  failure: Failure,
  check?: Judgement['check'],
): Promise<PhaseEnd> {
  const { context, stage, scope } = canary;
  const cancelled = scope.cancelled();
  const running = check && { check };
  if (cancelled)
    return act(canary, phase, { decision: 'cancelled', by: policy, reasons: [], failure: cancelled, ...running });
  if (failure.kind === 'unattended' || findHold(context))
    return act(canary, phase, { decision: 'hold', by: policy, reasons: [], failure, ...running });
  const decided = await decideFailure(
    context,
    {
      stage: stage.name,
      key: `${stage.name}/${phase.number}/hook`,
      onFailure: stage.onFailure,
      failure,
      missingData: stage.verification.missingData,
    },
    scope,
  );
  return act(canary, phase, { ...decided, reasons: [], failure, ...running });
}

/**
 * A cancelled, overdue or unattended canary is rolled back. If another run has taken its environment, it is left as it
 * is.
 */
function endOfScope({ stage }: Canary, { decision, failure }: Judgement): Judgement['decision'] {
  if (decision !== 'cancelled' || failure?.kind === 'cancelled') return decision;
  if (failure?.kind === 'unattended') return 'rollback';
  return failure?.kind === 'timeout' && (stage.onFailure.kind === 'rollback' || stage.onFailure.kind === 'ask')
    ? 'rollback'
    : 'stop';
}

/**
 * A failure found in the meantime overrides the decision that was about to be made. A person's instruction overrides
 * both.
 */
async function heedGuard(canary: Canary, phase: PlannedPhase, judgement: Judgement): Promise<Judgement> {
  const { context, stage, guard, startUp, outer } = canary;
  const earlier = await guard?.finish(),
    breach = earlier ?? startUp?.breach();
  const isByPerson = judgement.by.via !== 'policy';
  if (!breach || !outer || outer.cancelled() || judgement.decision === 'rollback' || isByPerson) return judgement;
  const { onFailure, verification } = stage;
  const weighed = context.phases.decide({
    report: breach,
    onFailure,
    healthSources: context.pipeline.healthSources,
    missingData: verification.missingData,
    heldByPerson: false,
    waitedOut: false,
  });
  const failure = (earlier && guard?.failure) ?? failedAtStart(stage);
  const decided =
    weighed.decision === 'ask'
      ? await decideFailure(
          context,
          {
            stage: stage.name,
            key: guard?.key ?? `${stage.name}/${phase.number}/meanwhile`,
            onFailure,
            failure,
            missingData: verification.missingData,
          },
          outer,
        )
      : { decision: weighed.decision, by: policy };
  return {
    ...decided,
    reasons: weighed.reasons,
    ...(judgement.check && { check: judgement.check }),
    failure: decided.decision === 'cancelled' ? (outer.cancelled() ?? failure) : failure,
  };
}

export async function act(canary: Canary, phase: PlannedPhase, found: Judgement): Promise<PhaseEnd> {
  const {
    context: { journal },
    stage,
  } = canary;
  const judgement = await heedGuard(canary, phase, found);
  const { by, reasons, failure, comment } = judgement;
  const decision = endOfScope(canary, judgement);
  journal.record({
    type: 'decided',
    stage: stage.name,
    decision: inEvents(decision),
    by,
    reasons,
    strategy: stage.onFailure.kind,
    ...(failure && { failure }),
    ...(comment !== undefined && { comment }),
  });
  canary.load?.stop();
  if (decision === 'rollback' || decision === 'cancelled') canary.startUp?.stop();
  const end = await carryOut(canary, phase, { ...judgement, decision });
  if (end.kind === 'end') await canary.startUp?.finish({ learn: false });
  return end;
}

export async function carryOut(canary: Canary, phase: PlannedPhase, judgement: Judgement): Promise<PhaseEnd> {
  const { context, stage } = canary;
  const { decision, by, failure } = judgement;
  switch (decision) {
    case 'promote':
    case 'continue':
      finishPhase(canary, phase, decision);
      return {
        kind: 'go-on',
        judgement,
        ...(canary.startUp && { startUp: canary.startUp }),
        byHand: by.via !== 'policy' || decision === 'continue',
      };
    case 'hold':
    case 'stop':
      await judgement.check?.finish({ learn: false });
      recordStanding(context, stage.environment, context.release, decision === 'hold' ? 'held' : 'failed');
      finishPhase(canary, phase, decision);
      return { kind: 'end', result: { outcome: decision === 'hold' ? 'held' : 'failed', ...(failure && { failure }) } };
    case 'rollback':
    case 'cancelled': {
      judgement.check?.stop();
      const result = await backToWorking(canary, phase, judgement);
      finishPhase(canary, phase, decision);
      return { kind: 'end', result };
    }
    default:
      return decision satisfies never;
  }
}

function finishPhase(
  { context: { journal }, stage }: Canary,
  { number }: PlannedPhase,
  decision: Judgement['decision'],
): void {
  journal.recordOnce(
    { type: 'phase-finished', stage: stage.name, phase: number, decision: inEvents(decision) },
    event => event.stage === stage.name && event.phase === number && event.decision === inEvents(decision),
  );
}

/** The events have no decision `cancelled`: a cancelled canary is rolled back. */
function inEvents(decision: Judgement['decision']): Decision {
  return decision === 'cancelled' ? 'rollback' : decision;
}

async function backToWorking(canary: Canary, phase: PlannedPhase, judgement: Judgement): Promise<StageResult> {
  const { context, stage, planned, startedAtMs } = canary;
  const working = lastWorkingRelease(context, stage.environment, context.release);
  const wanted: StageResult['outcome'] = judgement.decision === 'cancelled' ? 'cancelled' : 'rolled-back';
  if (!working.ok) {
    await judgement.check?.finish({ learn: false });
    recordStanding(context, stage.environment, context.release, 'failed');
    context.journal.recordOnce(
      { type: 'rollback-impossible', stage: stage.name, failure: working.failure },
      event => event.stage === stage.name,
    );
    return { outcome: judgement.decision === 'cancelled' ? 'cancelled' : 'failed', failure: working.failure };
  }
  const result = await rollBack(context, {
    stage: stage.name,
    environment: stage.environment,
    from: context.release,
    to: working.value,
    nodes: [phase.canaryNodes],
    otherNodes: planned.nodes.filter(node => !phase.canaryNodes.includes(node)),
    hook: stage.rollback,
    ...(stage.rollbackBatches && { batches: stage.rollbackBatches }),
    ...(stage.check !== undefined && { check: stage.check }),
    verification: stage.verification,
    beforeToMs: startedAtMs,
    onBack: async () => {
      await judgement.check?.finish({ learn: false });
    },
  });
  if (result.proven) return { outcome: wanted, ...(judgement.failure && { failure: judgement.failure }) };
  return {
    outcome: 'failed',
    failure: result.failure ?? { kind: 'hook-failed', message: 'The rollback could not be verified.' },
  };
}
