// Asks the check hook whether the nodes really run the version that a person wants to record as working.
import { describeFailure, fail, succeed, type Result } from '../../model/failure.ts';
import { allStages, type Pipeline } from '../../model/pipeline.ts';
import type { Ports } from '../../model/ports.ts';
import type { Release } from '../../model/release.ts';
import type { HookCall } from '../../model/runs/runEvents.ts';
import type { NeighbouringPhases } from '../context.ts';
import { hookVariables } from '../variables.ts';

/** The check hook of the first stage of this environment that has one. */
export function findCheck(
  pipeline: Pipeline,
  environment: string,
): { readonly stage: string; readonly hook: string } | undefined {
  for (const stage of allStages(pipeline))
    if (stage.kind !== 'approval' && stage.environment === environment && stage.check !== undefined)
      return { stage: stage.name, hook: stage.check };
  return undefined;
}

/** Without a check hook, nothing can confirm the version. */
export async function checkAdopted(
  ports: Ports,
  hookCalls: NeighbouringPhases['hookCalls'],
  pipeline: Pipeline,
  environment: string,
  release: Release,
): Promise<Result<void>> {
  const check = findCheck(pipeline, environment),
    hook = check && pipeline.hooks[check.hook];
  if (!check || !hook) return succeed(undefined);
  const runId = ports.ids.nextRunId();
  const folder = ports.configurations.materialise(release.configuration, runId);
  if (!folder.ok) return folder;
  const outcomes = await Promise.all(
    hookCalls(hook, pipeline.environments[environment]?.nodes ?? []).map(nodes => {
      const call: HookCall = {
        key: `adopt/0/check/${hook.name}/${nodes.join('+')}#1`,
        hook: hook.name,
        purpose: 'check',
        stage: check.stage,
        environment,
        nodes,
        phase: 0,
        attempt: 1,
        release: release.id,
        version: release.artifact.version,
        configurationDigest: release.configuration.digest,
      };
      return ports.hooks.run(
        {
          runId,
          hook,
          call,
          variables: hookVariables({ runId, pipeline, inputs: {}, fence: undefined }, call, release, folder.value),
          connections: pipeline.connections,
          reattach: false,
          mayAct: () => true,
          onOutput() {
            /* only the outcome is needed */
          },
        },
        new AbortController().signal,
      );
    }),
  );
  const failed = outcomes.flatMap(outcome => (outcome.kind === 'failed' ? [outcome.failure] : []));
  return failed.length === 0
    ? succeed(undefined)
    : fail(
        'refused',
        `Nothing was recorded: ${environment} does not run ${release.artifact.version}, says hook ${hook.name}.`,
        {
          cause: failed.map(describeFailure).join(' '),
          hint:
            'Correct the version. If the check hook also compares the configuration, it cannot confirm a release ' +
            'that Backstop did not deploy: --unchecked records it without asking the hook.',
        },
      );
}
