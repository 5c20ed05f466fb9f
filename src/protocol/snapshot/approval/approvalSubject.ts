// What an approval is about: the stages, or the phases of a canary, that begin once it is given.
import type { RunPlan, PlannedPhase, PlannedStage } from '../../../model/runs/plan.ts';
import type { Pipeline } from '../../../model/pipeline.ts';
import { openQuestions, stagesOf, type QuestionState, type RunState } from '../../../model/runs/runState.ts';

export interface ApprovalSubject {
  readonly asked: QuestionState;
  /** Everything up to the next approval. */
  readonly stages: readonly { readonly planned: PlannedStage; readonly phases: readonly PlannedPhase[] }[];
}

/** Undefined if the run does not wait for an approval. */
export function openApproval(state: RunState): QuestionState | undefined {
  return state.outcome === undefined
    ? openQuestions(state).find(({ question }) => question.kind === 'approval')
    : undefined;
}

export function approvalSubject(state: RunState, plan: RunPlan): ApprovalSubject | undefined {
  const asked = openApproval(state);
  if (!asked) return undefined;
  const at = plan.groups.findIndex(group => group.some(({ stage }) => stage.name === asked.question.stage)),
    own = plan.groups[at]?.find(({ stage }) => stage.name === asked.question.stage);
  if (own?.stage.kind === 'canary') {
    const done = stagesOf(state).find(({ name }) => name === asked.question.stage)?.phase?.number ?? 0;
    return { asked, stages: [{ planned: own, phases: own.phases.filter(({ number }) => number > done) }] };
  }
  const later = at < 0 ? [] : plan.groups.slice(at + 1),
    end = later.findIndex(group => group.some(({ stage }) => stage.kind === 'approval'));
  return {
    asked,
    stages: later
      .slice(0, end < 0 ? later.length : end)
      .flat()
      .map(planned => ({ planned, phases: planned.phases })),
  };
}

/**
 * The environment that an open approval lets the run change, from the pipeline in its journal; the last, if several.
 */
export function approvalEnvironment(state: RunState, pipeline: Pipeline | undefined): string | undefined {
  const asked = openApproval(state);
  if (!asked || !pipeline) return undefined;
  const plan = { groups: pipeline.stages.map(group => group.map(stage => ({ stage, nodes: [], phases: [] }))) };
  return approvalSubject(state, plan)
    ?.stages.flatMap(({ planned: { stage } }) => (stage.kind === 'approval' ? [] : [stage.environment]))
    .at(-1);
}
