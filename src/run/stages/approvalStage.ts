// An approval stage: asks, counts the approvals of different people, and never takes silence for a yes.
import { succeed, type Failure } from '../../model/failure.ts';
import type { ApprovalStage } from '../../model/pipeline.ts';
import type { Instruction, Question, StageOutcome } from '../../model/runs/runEvents.ts';
import type { RunContext } from '../context.ts';
import { ask, closeQuestion, collectAnswers } from './question.ts';
import type { Scope } from './scope.ts';
import { findStandstill } from '../unattended.ts';

export interface StageResult {
  readonly outcome: StageOutcome;
  readonly failure?: Failure;
  /** It failed, and the pipeline says to go on all the same. */
  readonly ignored?: boolean;
}

export async function runApproval(context: RunContext, stage: ApprovalStage, scope: Scope): Promise<StageResult> {
  const {
    ports: { clock },
    journal,
  } = context;
  const question = ask(context, {
    id: `${stage.name}/approval`,
    kind: 'approval',
    stage: stage.name,
    message: stage.message,
    approvers: stage.approvers,
    minimum: stage.minimum,
    starterMayAnswer: stage.starterMayApprove,
    commentRequired: stage.commentRequired,
    deadlineMs: clock.now() + stage.timeoutMs,
    otherwise: stage.onTimeout,
  });
  const standstill = findStandstill(context);
  if (standstill) {
    closeQuestion(context, question, 'overtaken');
    return { outcome: 'held', failure: standstill };
  }
  if (context.approve && mayApproveInAdvance(stage, context.by.name)) {
    const answer = { type: 'approve', by: context.by, at: clock.now(), comment: 'Approved in advance.' } as const;
    journal.recordOnce({ type: 'answered', question: question.id, answer }, event => event.question === question.id);
    closeQuestion(context, question, 'approved');
    return { outcome: 'passed' };
  }
  const result = await collectApprovals(context, stage, question, scope);
  if (result?.type === 'approve') {
    closeQuestion(context, question, 'approved');
    return { outcome: 'passed' };
  }
  if (result) {
    closeQuestion(context, question, 'rejected');
    return {
      outcome: 'rejected',
      failure: {
        kind: 'refused',
        message: `${result.by.name} rejected ${stage.name}${result.comment ? `: ${result.comment}` : '.'}`,
      },
    };
  }
  const cancelled = scope.cancelled();
  closeQuestion(context, question, cancelled ? 'overtaken' : 'timed-out');
  if (cancelled) return { outcome: 'cancelled', failure: cancelled };
  const message =
    `Nobody decided on ${stage.name} within ` +
    `${stage.timeoutMs < 120_000 ? `${stage.timeoutMs / 1000} s` : `${Math.round(stage.timeoutMs / 60_000)} min`}.`;
  return { outcome: stage.onTimeout === 'hold' ? 'held' : 'rejected', failure: { kind: 'timeout', message } };
}

/** The rejection, or the approval that makes enough of them. */
function collectApprovals(
  context: RunContext,
  stage: ApprovalStage,
  question: Question,
  scope: Scope,
): Promise<Instruction | undefined> {
  return collectAnswers(
    context,
    question,
    ['approve', 'reject'],
    scope,
    answers => {
      const rejection = answers.find(answer => answer.type === 'reject');
      if (rejection) return rejection;
      return answers.length >= stage.minimum ? answers.at(-1) : undefined;
    },
    answer => {
      if (answer.type !== 'approve') return succeed(answer);
      const inputs = context.phases.checkInputs(
        stage.inputs,
        Object.fromEntries(Object.entries(answer.inputs ?? {}).map(([name, value]) => [name, String(value)])),
      );
      return inputs.ok ? succeed({ ...answer, inputs: inputs.value }) : inputs;
    },
  );
}

/** One person's approval in advance is enough only where one approval is, and where that person may give it. */
export function mayApproveInAdvance(stage: ApprovalStage, name: string): boolean {
  const wantsMore =
    stage.minimum > 1 ||
    stage.commentRequired ||
    stage.inputs.some(input => input.required && input.default === undefined);
  return !wantsMore && stage.starterMayApprove && (stage.approvers.length === 0 || stage.approvers.includes(name));
}
