// Decides what happens after a hook failed, as the pipeline says; asks a person if it says `ask`.
import type { Failure } from '../../model/failure.ts';
import type { FailureStrategy, Verification } from '../../model/pipeline.ts';
import type { Decision, Person } from '../../model/runs/runEvents.ts';
import { policy, type RunContext } from '../context.ts';
import { ask, closeQuestion, waitForAnswer } from './question.ts';
import type { Scope } from './scope.ts';

export interface FailedStep {
  readonly key: string;
  readonly stage: string;
  readonly onFailure: FailureStrategy;
  readonly failure: Failure;
  readonly missingData: Verification['missingData'];
}

export interface FailureDecision {
  readonly decision: Decision | 'cancelled';
  readonly by: Person;
  readonly comment?: string;
}

export async function decideFailure(context: RunContext, step: FailedStep, scope: Scope): Promise<FailureDecision> {
  const situation = {
    onFailure: step.onFailure,
    missingData: step.missingData,
    heldByPerson: false,
    healthSources: {},
  };
  const { decision } = context.phases.decide({ ...situation, waitedOut: false });
  if (decision !== 'ask') return { decision, by: policy };
  // An overdue stage has no time left to wait for an answer.
  if (scope.cancelled()?.kind === 'timeout') return { decision: 'rollback', by: policy };
  const forMs = step.onFailure.kind === 'ask' ? step.onFailure.forMs : 0;
  const question = ask(context, {
    id: `${step.key}/ask`,
    kind: 'ask',
    stage: step.stage,
    message: `${step.failure.message} Roll back, or continue?`,
    approvers: [],
    minimum: 1,
    starterMayAnswer: true,
    commentRequired: false,
    deadlineMs: context.ports.clock.now() + forMs,
    otherwise: 'rollback',
  });
  const answer = await waitForAnswer(context, question, ['rollback', 'promote'], scope);
  if (!answer && scope.cancelled()) {
    closeQuestion(context, question, 'overtaken');
    return { decision: 'cancelled', by: policy };
  }
  closeQuestion(context, question, answer ? (answer.type === 'promote' ? 'promote' : 'rollback') : 'timed-out');
  if (!answer) return { decision: 'rollback', by: policy };
  return {
    decision: answer.type === 'promote' ? 'continue' : 'rollback',
    by: answer.by,
    ...(answer.comment !== undefined && { comment: answer.comment }),
  };
}
