// Deploy Last Build: deploys the latest successful build after showing its summary; asks for inputs if needed.
import { fail } from '../../../model/failure.ts';
import { listsVersions } from '../../../model/pipeline.ts';
import { describeBuild } from '../../documents/releaseText.ts';
import type { HostServices } from '../../hostServices.ts';
import { readTarget } from '../../workspace/target.ts';
import { choosePipeline } from '../choose.ts';
import { deploy, startDeployment } from './deploy.ts';
import { t } from '../../../protocol/words/translate.ts';

export async function deployLastBuild(services: HostServices, given: unknown): Promise<void> {
  if (!services.mayAct()) return;
  const target = readTarget(given);
  const built = services.pipelines.list().filter(({ pipeline }) => pipeline?.artifact.kind === 'build');
  const wanted = target.file === undefined && built.length === 1 ? built[0]! : target;
  const chosen = await choosePipeline(services, wanted, t('Deploy Last Build'));
  if (!chosen) return;
  const engine = await services.engineFor(chosen.folder);
  const builds = await engine?.inspection.builds(chosen.pipeline, 20);
  if (!builds) return;
  if (!builds.ok) {
    services.notify.fail(builds.failure);
    return;
  }
  const newest = builds.value.find(build => build.refused === undefined);
  if (!newest) {
    services.notify.fail(
      fail(
        'not-found',
        listsVersions(chosen.pipeline.artifact)
          ? t('The program lists no version yet.')
          : t('The job has no build that can be deployed.'),
        builds.value[0]?.refused ? { cause: builds.value[0].refused } : {},
      ).failure,
    );
    return;
  }
  const { version } = newest.artifact;
  await services.remembered.keep(chosen.folder, chosen.file, {
    ...services.remembered.last(chosen.folder, chosen.file),
    version,
  });
  if (chosen.pipeline.inputs.some(input => input.required && input.default === undefined)) {
    await deploy(services, { folder: chosen.folder, file: chosen.file });
    return;
  }
  const question = t('Deploy {0} {1}?', chosen.pipeline.service, version);
  if (await services.notify.confirm(question, describeBuild(newest), t('Deploy')))
    await startDeployment(services, { chosen, version, inputs: {} }, target.file === undefined);
}
