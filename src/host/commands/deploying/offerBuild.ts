// Handles a new build of a watched job: offers it, or deploys it if the pipeline says so. A click on the offer shows
// its summary.
import { listsVersions } from '../../../model/pipeline.ts';
import type { Build } from '../../../model/ports.ts';
import { plainLine } from '../../../protocol/words/plainText.ts';
import type { HostServices } from '../../hostServices.ts';
import type { WatchedPipeline } from '../../runs/watchedJobs.ts';
import { beginRun } from '../canary/begin.ts';
import { deploy } from './deploy.ts';
import { t } from '../../../protocol/words/translate.ts';

export async function offerBuild(
  services: HostServices,
  { folder, file, pipeline }: WatchedPipeline,
  { artifact }: Build,
): Promise<void> {
  const { version, build } = artifact;
  const service = plainLine(pipeline.service, 60),
    shown = plainLine(version, 40);
  const text = build
    ? t('{0} {1} was built (#{2} of {3}). Deploy it?', service, shown, build.number, plainLine(build.job, 80))
    : t('There is a new version of {0}: {1}. Deploy it?', service, shown);
  if (!(await services.notify.suggest(text, t('Deploy…')))) return;
  const { inputs } = services.remembered.last(folder, file);
  const isPrepared = pipeline.inputs.every(
    input => !input.required || input.default !== undefined || inputs[input.name] !== undefined,
  );
  await services.remembered.keep(folder, file, { version, inputs, ...(isPrepared && { isPrepared }) });
  await deploy(services, { folder, file });
}

export async function deployBuild(
  services: HostServices,
  { folder, pipeline }: WatchedPipeline,
  { artifact }: Build,
): Promise<void> {
  const engine = await services.engineFor(folder);
  if (!engine) return;
  await beginRun(
    services,
    folder,
    await engine.start({
      pipeline,
      inputs: {},
      version: artifact.version,
      by: { name: nameOfServer(pipeline), via: 'policy' },
    }),
    'policy',
  );
}

function nameOfServer({ artifact, name }: WatchedPipeline['pipeline']): string {
  return artifact.kind === 'build' && !listsVersions(artifact) ? artifact.title : name;
}
