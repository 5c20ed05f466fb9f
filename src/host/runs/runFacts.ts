// The facts about a run, each as one word, for menus, badges, the status bar and notifications.
import { chooseEnvironments } from '../../model/environmentChoice.ts';
import { allStages, type Pipeline } from '../../model/pipeline.ts';
import {
  openQuestions,
  speaksForPhase,
  stagesOf,
  type QuestionState,
  type RunState,
  type StageState,
} from '../../model/runs/runState.ts';

export type RunFact =
  | 'open'
  | 'ended'
  | 'waiting'
  | 'approval'
  | 'decision'
  | 'canary'
  | 'verifying'
  | 'rollingBack'
  | 'repeatable'
  | 'evidence'
  | 'held';

export function runFacts(state: RunState): readonly RunFact[] {
  const isOpen = state.outcome === undefined;
  const questions = isOpen ? openQuestions(state) : [];
  const canary = isOpen ? runningCanary(state) : undefined;
  return [
    isOpen ? 'open' : 'ended',
    ...(questions.length ? ['waiting' as const] : []),
    ...(questions.some(({ question }) => question.kind === 'approval') ? ['approval' as const] : []),
    ...(questions.some(({ question }) => question.kind !== 'approval') ? ['decision' as const] : []),
    ...(canary ? ['canary' as const] : []),
    ...(canary && verifying(canary) ? ['verifying' as const] : []),
    ...(isOpen && stagesOf(state).some(isRollingBack) ? ['rollingBack' as const] : []),
    ...(failedStage(state) ? ['repeatable' as const] : []),
    ...(state.outcome === 'held' ? ['held' as const] : []),
    ...(stagesOf(state).some(stage => stage.verifications.length) ? ['evidence' as const] : []),
  ];
}

/** The canary stage in progress that is not being rolled back. */
export function runningCanary(state: RunState): StageState | undefined {
  return stagesOf(state).find(stage => stage.phase && stage.status === 'running' && !stage.rollback);
}

export function verifying(stage: StageState): boolean {
  return stage.verifications.some(one => one.status === 'running' && speaksForPhase(one));
}

export function isRollingBack(stage: StageState): boolean {
  return stage.rollback !== undefined && stage.rollback.finishedAtMs === undefined && stage.status === 'running';
}

/** The stage from which a new run can repeat a run that ended badly; undefined for any other run. */
export function failedStage(state: RunState): string | undefined {
  if (state.outcome === undefined || state.outcome === 'promoted') return undefined;
  return stagesOf(state).find(
    ({ status }) =>
      status === 'failed' ||
      status === 'rolled-back' ||
      status === 'held' ||
      status === 'rejected' ||
      status === 'cancelled',
  )?.name;
}

/** The stage that was left on hold when the run ended. */
export function heldStage(state: RunState): StageState | undefined {
  return state.outcome === 'held' ? stagesOf(state).find(({ status }) => status === 'held') : undefined;
}

export function isWaiting(state: RunState, stage: string): boolean {
  return state.outcome === undefined && openQuestions(state).some(({ question }) => question.stage === stage);
}

/**
 * The open question that a command refers to: the one with this id, else that of the stage, else the first of its kind.
 */
export function findQuestion(
  state: RunState,
  wanted: { readonly question?: string; readonly stage?: string },
  kind: 'approval' | 'decision',
): QuestionState | undefined {
  const open =
    state.outcome === undefined
      ? openQuestions(state).filter(({ question }) => (question.kind === 'approval') === (kind === 'approval'))
      : [];
  // An answer to a question that has been closed must not answer another one.
  if (wanted.question !== undefined) return open.find(({ question }) => question.id === wanted.question);
  return open.find(({ question }) => question.stage === wanted.stage) ?? open[0];
}

/** The environment of the last stage that has not begun. */
export function nextEnvironment(state: RunState, pipeline: Pipeline | undefined): string | undefined {
  const pending = new Set(
    stagesOf(state)
      .filter(({ status }) => status === 'pending')
      .map(({ name }) => name),
  );
  const stages = pipeline ? allStages(chooseEnvironments(pipeline, state.inputs)) : [];
  const last = stages.findLast(stage => stage.kind !== 'approval' && pending.has(stage.name));
  return last && last.kind !== 'approval' ? last.environment : undefined;
}
