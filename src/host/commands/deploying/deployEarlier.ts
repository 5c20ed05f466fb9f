// Deploy an Earlier Release: deploys a release to an environment that it, or another environment, had before.
import { identityOf } from '../../../model/identity.ts';
import type { HostServices } from '../../hostServices.ts';
import { readTarget } from '../../workspace/target.ts';
import { beginRun } from '../canary/begin.ts';
import { chooseEnvironment, choosePipeline, chooseRelease } from '../choose.ts';
import { describeChange } from './rollBack.ts';
import { t } from '../../../protocol/words/translate.ts';

export async function deployEarlier(services: HostServices, given: unknown): Promise<void> {
  if (!services.mayAct()) return;
  const target = readTarget(given),
    title = t('Deploy an Earlier Release');
  const chosen = await choosePipeline(services, target, title);
  const environment = chosen && (await chooseEnvironment(chosen, target, title));
  const engine = environment === undefined ? undefined : await services.engineFor(chosen?.folder);
  if (!chosen || environment === undefined || !engine) return;
  // In the Environments view, an earlier release is itself the choice; a current one only selects the environment.
  const release =
    (isEarlierRelease(given) && engine.history.release(target.release ?? '')) ||
    (await chooseRelease(engine, identityOf(chosen.pipeline), title, t('Which release?')));
  if (!release) return;
  const detail = describeChange(engine, identityOf(chosen.pipeline), environment, release);
  if (
    !(await services.notify.confirm(
      t('Deploy {0} to {1}?', release.artifact.version, environment),
      detail,
      t('Deploy'),
    ))
  )
    return;
  await beginRun(
    services,
    chosen.folder,
    await engine.rollBack({
      pipeline: chosen.pipeline,
      environment,
      to: release.id,
      by: await services.person(chosen.folder),
    }),
  );
}

function isEarlierRelease(given: unknown): boolean {
  return (given as { readonly facts?: readonly string[] } | undefined)?.facts?.includes('earlier') === true;
}
