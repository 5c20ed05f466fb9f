// Environments that an input chooses when a run starts: `environment: production-${inputs.region}`. Every value that
// the input can have is known from the file, so that each of them is checked before anything runs.
import type { InputValues, Pipeline, Stage } from './pipeline.ts';

export interface EnvironmentTemplate {
  readonly before: string;
  readonly input: string;
  readonly after: string;
}

/** The parts of a text such as `production-${inputs.region}`; undefined for a plain name. */
export function readEnvironmentTemplate(text: string): EnvironmentTemplate | undefined {
  const { before, input, after } =
    /^(?<before>[^${}]*)\$\{inputs\.(?<input>[\w-]+)\}(?<after>[^${}]*)$/.exec(text)?.groups ?? {};
  return input === undefined ? undefined : { before: before ?? '', input, after: after ?? '' };
}

export function fillEnvironment({ before, after }: EnvironmentTemplate, value: string): string {
  return `${before}${value}${after}`;
}

/** Every environment that the stage can deploy to; none for an approval. */
export function environmentsOf(stage: Stage): readonly string[] {
  if (stage.kind === 'approval') return [];
  return stage.environmentChoice
    ? [...new Set(Object.values(stage.environmentChoice.environments))]
    : [stage.environment];
}

/**
 * The pipeline as one run uses it: its stages with the environments that its inputs choose, and without those that they
 * do not choose. A stage whose input has no such value stays as it is.
 */
export function chooseEnvironments(pipeline: Pipeline, inputs: InputValues): Pipeline {
  const chosen = mapStages(pipeline, stage => {
    if (stage.kind === 'approval' || !stage.environmentChoice) return [stage];
    const { input, environments } = stage.environmentChoice;
    const value = Object.hasOwn(inputs, input) ? String(inputs[input]) : undefined;
    return value !== undefined && Object.hasOwn(environments, value) ? [settle(stage, environments[value]!)] : [stage];
  });
  const named = new Set(chosen.stages.flat().flatMap(environmentsOf));
  const passedOver = new Set(
    pipeline.stages
      .flat()
      .flatMap(environmentsOf)
      .filter(name => !named.has(name)),
  );
  if (passedOver.size === 0) return chosen;
  return {
    ...chosen,
    environments: Object.fromEntries(Object.entries(chosen.environments).filter(([name]) => !passedOver.has(name))),
  };
}

/** For what concerns one environment, such as a rollback by hand: the stages that can deploy to it, as if they did. */
export function settleEnvironment(pipeline: Pipeline, environment: string): Pipeline {
  return mapStages(pipeline, stage => [
    environmentsOf(stage).includes(environment) ? settle(stage, environment) : stage,
  ]);
}

/** For what is checked or shown before any input is given: a stage for each environment that can be chosen. */
export function everyEnvironment(pipeline: Pipeline): Pipeline {
  return mapStages(pipeline, stage =>
    stage.kind !== 'approval' && stage.environmentChoice
      ? environmentsOf(stage).map(environment =>
          settle({ ...stage, name: `${stage.name} (${environment})` }, environment),
        )
      : [stage],
  );
}

function mapStages(pipeline: Pipeline, map: (stage: Stage) => readonly Stage[]): Pipeline {
  const isChoosing = pipeline.stages.flat().some(stage => stage.kind !== 'approval' && stage.environmentChoice);
  return isChoosing ? { ...pipeline, stages: pipeline.stages.map(group => group.flatMap(map)) } : pipeline;
}

function settle(stage: Stage, environment: string): Stage {
  if (stage.kind === 'approval') return stage;
  const { environmentChoice: _, ...settled } = stage;
  return { ...settled, environment };
}
