// Five stories in which something is killed: what they deploy, what the world does meanwhile, and how each ends when
// nothing is killed.
import type { ApprovalStage, Pipeline, Stage } from '../../../src/model/pipeline.ts';
import type { RunOutcome } from '../../../src/model/runs/runEvents.ts';
import { failsAtOnce, type World } from '../../unit/run/worldFixture.ts';
import { canaryStage, deployStage, newRelease, oldRelease, pipelineOf } from '../../unit/run/worldPipeline.ts';

export interface Story {
  readonly name: string;
  readonly pipeline: Pipeline;
  /** What goes wrong in it. */
  prepare(world: World): void;
  /** Another pipeline wants the same environment at the same time. */
  readonly races?: true;
  readonly outcome: RunOutcome;
  /** What each node of production runs at the end. */
  readonly runs: readonly string[];
}

export const production = ['p1', 'p2', 'p3'];

function small(...stages: readonly Stage[]): Pipeline {
  const pipeline = pipelineOf(...stages);
  return {
    ...pipeline,
    environments: {
      ...pipeline.environments,
      production: { name: 'production', nodes: production, whenBusy: 'queue' },
      dev: { name: 'dev', nodes: ['d1'], whenBusy: 'queue' },
    },
  };
}

const approval: ApprovalStage = {
  kind: 'approval',
  name: 'Approval',
  message: 'Ship it?',
  approvers: [],
  minimum: 1,
  starterMayApprove: false,
  commentRequired: false,
  inputs: [],
  timeoutMs: 4 * 3_600_000,
  onTimeout: 'reject',
};
const deploy = { ...deployStage, onFailure: { kind: 'rollback' } } as const;
const nothing = (): void => {
  /* all goes well */
};
const fails = (world: World): void => {
  world.scripts.set('1+2', failsAtOnce);
};

export const stories: readonly Story[] = [
  {
    name: 'regression',
    pipeline: small(deploy, canaryStage),
    prepare: fails,
    outcome: 'rolled-back',
    runs: production.map(() => oldRelease.id),
  },
  {
    name: 'healthy',
    pipeline: small(deploy, canaryStage),
    prepare: nothing,
    outcome: 'promoted',
    runs: production.map(() => newRelease.id),
  },
  {
    name: 'failing rollback hook',
    pipeline: small(canaryStage),
    prepare(world) {
      fails(world);
      world.hookOutcomes.set(/\/rollback\//, {
        kind: 'failed',
        durationMs: 1,
        failure: { kind: 'hook-failed', message: 'The rollback hook exits with 1.' },
      });
    },
    outcome: 'failed',
    runs: [newRelease.id, oldRelease.id, oldRelease.id],
  },
  {
    name: 'approval waiting',
    pipeline: small(deploy, approval, canaryStage),
    prepare: nothing,
    outcome: 'promoted',
    runs: production.map(() => newRelease.id),
  },
  {
    name: 'two pipelines racing',
    pipeline: small(canaryStage),
    prepare: nothing,
    races: true,
    outcome: 'promoted',
    // The one that came second is what people want to run.
    runs: [],
  },
];
