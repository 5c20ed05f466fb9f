// Dry Run: what a deployment would do, hook by hook and query by query, as a document.
import { typeLine } from '../../asking/prompts.ts';
import { problemOfInput, problemOfVersion } from '../../asking/inputValues.ts';
import type { SourceCheck } from '../../../model/evidence/sourceCheck.ts';
import type { DryRun } from '../../../model/runs/plan.ts';
import type { HostServices } from '../../hostServices.ts';
import { connectionText } from '../../documents/connectionText.ts';
import { planText } from '../../documents/planText.ts';
import { readTarget } from '../../workspace/target.ts';
import { choosePipeline } from '../choose.ts';
import { t } from '../../../protocol/words/translate.ts';

export async function dryRun(services: HostServices, given: unknown): Promise<void> {
  if (!services.mayAct()) return;
  const title = t('Dry Run');
  const chosen = await choosePipeline(services, readTarget(given), title);
  const engine = chosen && (await services.engineFor(chosen.folder));
  if (!engine) return;
  const { pipeline, folder, file } = chosen;
  const last = services.remembered.last(folder, file);
  const inputs: Record<string, string> = {};
  for (const input of pipeline.inputs.filter(one => one.required && one.default === undefined)) {
    const answer = await typeLine(
      { title: `${title}: ${input.name}` },
      {
        prompt: input.description ?? input.name,
        value: last.inputs[input.name] ?? '',
        check: text => problemOfInput(input, text, t),
      },
    );
    if (answer === undefined || answer === 'back') return;
    inputs[input.name] = answer.text;
  }
  const { artifact } = pipeline;
  const version =
    artifact.kind === 'build'
      ? { text: '' }
      : await typeLine(
          { title },
          {
            prompt: t('Version to deploy'),
            value: last.version ?? '',
            check: text => problemOfVersion(artifact, text, t),
          },
        );
  if (version === undefined || version === 'back') return;
  const plan = await engine.dryRun({
    pipeline,
    inputs,
    by: await services.person(folder),
    ...(version.text && { version: version.text.trim() }),
  });
  if (!plan.ok) {
    services.notify.fail(plan.failure);
    return;
  }
  const checks = await engine.checkSources(
    pipeline,
    () => {
      /* they are shown together */
    },
    new AbortController().signal,
  );
  await showPlan(services, plan.value, pipeline.name, checks);
}

export async function showPlan(
  { documents }: HostServices,
  plan: DryRun,
  pipeline: string,
  checks: readonly SourceCheck[],
): Promise<void> {
  await documents.show(`/plan/${plan.release}/${t('Dry run of {0}', pipeline)}.txt`, () =>
    Promise.resolve([planText(plan), ...checks.map(connectionText)].join('\n')),
  );
}
