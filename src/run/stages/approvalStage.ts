// An approval: asks, counts the approvals of different people, and never treats silence as approval.
import { succeed, type Failure } from '../../model/failure.ts';
import type { Approval, ApprovalStage } from '../../model/pipeline.ts';
import type { Instruction, Person, Question, StageOutcome } from '../../model/runs/runEvents.ts';
import type { RunContext } from '../context.ts';
import { ask, closeQuestion, collectAnswers } from './question.ts';
import type { Scope } from './scope.ts';
import { findStandstill } from '../unattended.ts';

export interface StageResult {
  readonly outcome: StageOutcome;
  readonly failure?: Failure;
  /** The stage failed, and the pipeline says to continue anyway. */
  readonly ignored?: boolean;
}

export interface ApprovalTask {
  /** Stable across a restart. */
  readonly id: string;
  readonly stage: string;
  /** The name of the approval in messages of failures. */
  readonly name: string;
  readonly approval: Approval;
  readonly otherwise: Question['otherwise'];
  /** A canary is waiting for it, and anyone may roll that canary back. */
  readonly mayRollBack?: true;
}

export type ApprovalAnswer =
  | { readonly kind: 'approved' }
  | { readonly kind: 'rejected'; readonly by: Person; readonly comment?: string; readonly failure: Failure }
  | { readonly kind: 'timed-out' | 'cancelled' | 'standstill'; readonly failure: Failure };

export async function runApproval(context: RunContext, stage: ApprovalStage, scope: Scope): Promise<StageResult> {
  const { name, onTimeout } = stage;
  const answer = await waitForApproval(
    context,
    { id: `${name}/approval`, stage: name, name, approval: stage, otherwise: onTimeout },
    scope,
  );
  switch (answer.kind) {
    case 'approved':
      return { outcome: 'passed' };
    case 'timed-out':
      return { outcome: onTimeout === 'hold' ? 'held' : 'rejected', failure: answer.failure };
    case 'standstill':
      return { outcome: 'held', failure: answer.failure };
    case 'rejected':
    case 'cancelled':
      return { outcome: answer.kind, failure: answer.failure };
    default:
      return answer satisfies never;
  }
}

export async function waitForApproval(context: RunContext, task: ApprovalTask, scope: Scope): Promise<ApprovalAnswer> {
  const {
    ports: { clock },
    journal,
  } = context;
  const { approval, name } = task;
  const question = ask(context, {
    id: task.id,
    kind: 'approval',
    stage: task.stage,
    message: approval.message,
    approvers: approval.approvers,
    minimum: approval.minimum,
    starterMayAnswer: approval.starterMayApprove,
    commentRequired: approval.commentRequired,
    deadlineMs: clock.now() + approval.timeoutMs,
    otherwise: task.otherwise,
  });
  // A question that an earlier process closed remains closed, even if someone has answered since.
  const closed = journal.find('question-closed', event => event.question === question.id)?.result;
  if (closed === 'approved') return { kind: 'approved' };
  if (closed === 'timed-out') return { kind: 'timed-out', failure: unanswered(name, approval) };
  const standstill = findStandstill(context);
  if (standstill) {
    closeQuestion(context, question, 'overtaken');
    return { kind: 'standstill', failure: standstill };
  }
  if (context.approve && mayApproveInAdvance(approval, context.by.name)) {
    const answer = { type: 'approve', by: context.by, at: clock.now(), comment: 'Approved in advance.' } as const;
    journal.recordOnce({ type: 'answered', question: question.id, answer }, event => event.question === question.id);
    closeQuestion(context, question, 'approved');
    return { kind: 'approved' };
  }
  const result = await collectApprovals(context, task, question, scope);
  if (result?.type === 'approve') {
    closeQuestion(context, question, 'approved');
    return { kind: 'approved' };
  }
  if (result) {
    const { by, comment, type } = result;
    closeQuestion(context, question, 'rejected');
    const did = type === 'reject' ? 'rejected' : 'rolled back before';
    const message = `${by.name} ${did} ${name}${comment ? `: ${comment}` : '.'}`;
    return {
      kind: 'rejected',
      by,
      ...(comment !== undefined && { comment }),
      failure: { kind: 'refused', message },
    };
  }
  const cancelled = scope.cancelled();
  closeQuestion(context, question, cancelled ? 'overtaken' : 'timed-out');
  return cancelled
    ? { kind: 'cancelled', failure: cancelled }
    : { kind: 'timed-out', failure: unanswered(name, approval) };
}

function unanswered(name: string, { timeoutMs }: Approval): Failure {
  const within = timeoutMs < 120_000 ? `${timeoutMs / 1000} s` : `${Math.round(timeoutMs / 60_000)} min`;
  return { kind: 'timeout', message: `Nobody decided on ${name} within ${within}.` };
}

/** Resolves with the rejection, or with the last approval that is needed. */
function collectApprovals(
  context: RunContext,
  { approval, mayRollBack }: ApprovalTask,
  question: Question,
  scope: Scope,
): Promise<Instruction | undefined> {
  return collectAnswers(
    context,
    question,
    mayRollBack ? ['approve', 'reject', 'rollback'] : ['approve', 'reject'],
    scope,
    answers => {
      const rejection = answers.find(answer => answer.type !== 'approve');
      if (rejection) return rejection;
      return answers.length >= approval.minimum ? answers.at(-1) : undefined;
    },
    answer => {
      if (answer.type !== 'approve') return succeed(answer);
      const inputs = context.phases.checkInputs(
        approval.inputs,
        Object.fromEntries(Object.entries(answer.inputs ?? {}).map(([name, value]) => [name, String(value)])),
      );
      return inputs.ok ? succeed({ ...answer, inputs: inputs.value }) : inputs;
    },
  );
}

/** An approval in advance is enough only if one approval is required and this person may give it. */
export function mayApproveInAdvance(approval: Approval, name: string): boolean {
  const { minimum, commentRequired, inputs, starterMayApprove, approvers } = approval;
  const wantsMore =
    minimum > 1 || commentRequired || inputs.some(input => input.required && input.default === undefined);
  return !wantsMore && starterMayApprove && (approvers.length === 0 || approvers.includes(name));
}
