// The BACKSTOP_ variables that tell a hook what to do; media/docs/pipeline-file.md documents each.
import type { Release } from '../model/release.ts';
import type { HookCall } from '../model/runs/runEvents.ts';
import type { InputValues, Pipeline } from '../model/pipeline.ts';

interface RunFacts {
  readonly runId: string;
  readonly pipeline: Pipeline;
  readonly inputs: InputValues;
  /**
   * The generation of the environment. It grows with each run that takes the environment, so that the target of a hook
   * can refuse an older one.
   */
  readonly fence: number | undefined;
}

export function hookVariables(
  run: RunFacts,
  call: HookCall,
  release: Release,
  configurationFolder: string,
): Readonly<Record<string, string>> {
  return {
    ...release.configuration.variables,
    BACKSTOP_RUN: run.runId,
    BACKSTOP_PIPELINE: run.pipeline.name,
    BACKSTOP_SERVICE: run.pipeline.service,
    BACKSTOP_STAGE: call.stage,
    BACKSTOP_ENVIRONMENT: call.environment,
    BACKSTOP_FENCE: run.fence === undefined ? '' : String(run.fence),
    BACKSTOP_PURPOSE: call.purpose,
    BACKSTOP_PHASE: String(call.phase),
    BACKSTOP_ATTEMPT: String(call.attempt),
    BACKSTOP_WEIGHT: call.weight === undefined ? '' : String(call.weight),
    BACKSTOP_NODES: call.nodes.join(','),
    BACKSTOP_VERSION: release.artifact.version,
    BACKSTOP_PREVIOUS_VERSION: call.previousVersion ?? '',
    BACKSTOP_ARTIFACT_URL: release.artifact.build?.file?.url ?? release.artifact.build?.url ?? '',
    BACKSTOP_ARTIFACT_FILE: release.artifact.build?.file?.path ?? '',
    BACKSTOP_ARTIFACT_FINGERPRINT: release.artifact.build?.file?.fingerprint ?? '',
    BACKSTOP_RELEASE: release.id,
    BACKSTOP_CONFIG_DIR: configurationFolder,
    BACKSTOP_CONFIG_DIGEST: release.configuration.digest,
    ...Object.fromEntries(
      Object.entries(run.inputs).map(([name, value]) => [
        `BACKSTOP_INPUT_${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`,
        String(value),
      ]),
    ),
  };
}
