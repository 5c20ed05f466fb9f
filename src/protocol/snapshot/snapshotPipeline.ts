// A pipeline that has never run, drawn as its stages: what the panel shows before there is a run.
import type { Pipeline } from '../../model/pipeline.ts';
import type { PlannedStage, RunPlan } from '../../model/runs/plan.ts';
import { formatCount } from '../words/format.ts';
import { plainLine } from '../words/plainText.ts';
import { plannedPhases, type StageSnapshot } from './snapshotStages.ts';

export interface PipelineSnapshot {
  readonly name: string;
  readonly service: string;
  readonly file: string;
  readonly groups: readonly (readonly StageSnapshot[])[];
}

export function snapshotPipeline(pipeline: Pipeline, plan: RunPlan, file: string): PipelineSnapshot {
  return {
    name: plainLine(pipeline.name, 80),
    service: plainLine(pipeline.service, 80),
    file: plainLine(file, 200),
    groups: plan.groups.map(group => group.map(snapshotPlanned)),
  };
}

function snapshotPlanned(planned: PlannedStage): StageSnapshot {
  const { stage } = planned,
    phases = plannedPhases(planned);
  return {
    name: plainLine(stage.name, 80),
    status: 'pending',
    kind: stage.kind === 'deploy' ? 'stage' : stage.kind,
    phases,
    ...(phases.length > 0 && { note: formatCount(phases.length, 'canary phase') }),
  };
}
