// An approval between two phases of a canary. Its nodes are verified while it waits, and a failed verification is acted
// on at once.
import type { PlannedPhase } from '../../model/runs/plan.ts';
import { policy } from '../context.ts';
import { waitForApproval, type ApprovalAnswer } from './approvalStage.ts';
import { failedWaiting, findGoodEnd, findStart, type Canary, type PhaseEnd } from './canary.ts';
import { act } from './canaryDecision.ts';
import { guardedBy, startGuard, type Guard } from './guard.ts';
import type { Judgement } from './judge.ts';
import type { Scope } from './scope.ts';

/** Undefined if the canary may continue with the next phase. */
export async function passApproval(
  canary: Canary,
  phase: PlannedPhase,
  next: PlannedPhase,
): Promise<PhaseEnd | undefined> {
  const { context, stage, scope } = canary;
  const { approval, number } = phase;
  if (!approval || findStart(canary, next)) return undefined;
  const inside = scope.child();
  const guard = await guardPhase(canary, phase, inside);
  const answer = await waitForApproval(
    context,
    {
      id: questionOf(canary, phase),
      stage: stage.name,
      name: `phase ${number + 1} of ${stage.name}`,
      approval,
      otherwise: approval.onTimeout,
      mayRollBack: true,
    },
    inside,
  );
  const judgement = judgementOf(answer, approval.onTimeout);
  // The latest evidence is evaluated too, before the next phase begins.
  if (judgement.decision === 'promote' && !(await guard?.finish())) return undefined;
  return act({ ...canary, scope: inside, outer: scope, ...(guard && { guard }) }, phase, judgement);
}

export function findApproved({ context: { journal }, stage }: Canary, { number }: PlannedPhase) {
  const id = `${stage.name}/${number}/approval`;
  return journal.find('question-closed', event => event.question.startsWith(id) && event.result === 'approved');
}

/** Uses a new id if an earlier question was closed without a decision, because the process ended in between. */
function questionOf({ context: { journal }, stage }: Canary, { number }: PlannedPhase): string {
  const id = `${stage.name}/${number}/approval`;
  const dropped = journal
    .state()
    .questions.filter(({ question, closed }) => question.id.startsWith(id) && closed === 'overtaken');
  return dropped.length === 0 ? id : `${id}/again-${dropped.length}`;
}

function guardPhase(canary: Canary, phase: PlannedPhase, inside: Scope): Promise<Guard | undefined> {
  const { context, stage, startedAtMs } = canary;
  const { number, canaryNodes, baselineNodes } = phase;
  const failure = failedWaiting(stage);
  const verification = guardedBy(context, phase.verification, baselineNodes);
  const sinceMs = findGoodEnd(canary, phase)?.at;
  if (!verification || sinceMs === undefined) return Promise.resolve(undefined);
  return startGuard(
    context,
    {
      key: `${stage.name}/${number}/waiting`,
      stage: stage.name,
      environment: stage.environment,
      phase: number,
      verification,
      canaryNodes,
      baselineNodes,
      sinceMs,
      beforeToMs: startedAtMs,
      failure,
    },
    inside,
    () => {
      if (stage.onFailure.kind !== 'ignore') inside.cancel(failure);
    },
  );
}

function judgementOf(answer: ApprovalAnswer, onTimeout: 'rollback' | 'hold'): Judgement {
  const by = policy,
    reasons = [] as const;
  switch (answer.kind) {
    case 'approved':
      return { decision: 'promote', by, reasons };
    case 'rejected':
      return {
        decision: 'rollback',
        by: answer.by,
        reasons,
        failure: answer.failure,
        ...(answer.comment !== undefined && { comment: answer.comment }),
      };
    case 'timed-out':
      return { decision: onTimeout, by, reasons, failure: answer.failure };
    case 'standstill':
      return { decision: 'hold', by, reasons, failure: answer.failure };
    case 'cancelled':
      return { decision: 'cancelled', by, reasons, failure: answer.failure };
    default:
      return answer satisfies never;
  }
}
