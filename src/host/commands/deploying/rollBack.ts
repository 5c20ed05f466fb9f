// Roll Back…: rolls back the canary of a run in progress, or an environment to its last working release, after showing
// the changes.
import { identityOf } from '../../../model/identity.ts';
import { fail } from '../../../model/failure.ts';
import { findRollbackTarget, type Release } from '../../../model/release.ts';
import type { History } from '../../../model/history.ts';
import { changeSentence } from '../../notices/notices.ts';
import type { HostEngine } from '../../runs/engines.ts';
import { tellRun } from '../../asking/instruct.ts';
import type { HostServices } from '../../hostServices.ts';
import { heldStage, runFacts } from '../../runs/runFacts.ts';
import { readTarget, type Target } from '../../workspace/target.ts';
import { beginRun } from '../canary/begin.ts';
import { chooseEnvironment, choosePipeline } from '../choose.ts';
import { wordsOf } from '../canary/tellWords.ts';
import { t } from '../../../protocol/words/translate.ts';

export async function rollBack(services: HostServices, given: unknown): Promise<void> {
  if (!services.mayAct()) return;
  const target = readTarget(given);
  const engine = await services.engineFor(target.folder);
  if (!engine) return;
  services.feed.poke();
  const run = target.environment !== undefined && target.runId === undefined ? undefined : canaryRun(services, target);
  if (run) await rollRunBack(services, run, isConfirmed(given));
  else await rollEnvironmentBack(services, engine, placeOf(services, target));
}

/** A run in progress with a canary that can be rolled back. */
function canaryRun({ feed }: HostServices, { runId }: Target): string | undefined {
  return feed
    .openStates()
    .find(
      state =>
        (runId === undefined || state.runId === runId) &&
        (runFacts(state).includes('canary') || runFacts(state).includes('decision')),
    )?.runId;
}

/** For a run that has ended, this is the environment that it left on hold. */
function placeOf({ feed, pipelines }: HostServices, target: Target): Target {
  const state = target.runId === undefined ? undefined : feed.state(target.runId);
  const environment = state && heldStage(state)?.environment;
  if (!state || environment === undefined) return target;
  const found = pipelines.find({ file: state.file, name: state.pipeline, service: identityOf(state) });
  return { ...target, environment, ...(found && { folder: found.folder, file: found.file }) };
}

async function rollRunBack(services: HostServices, runId: string, confirmed: boolean): Promise<void> {
  const state = services.feed.state(runId);
  if (!state) return;
  if (
    !confirmed &&
    !(await services.notify.confirm(
      t('Roll back the canary of {0}?', `${state.service} ${state.artifact.version}`),
      t('Every node that this run changed receives the last working release again, artifact and configuration.'),
      t('Roll Back'),
    ))
  )
    return;
  await tellRun(
    services,
    runId,
    { type: 'rollback', by: await services.person(services.ownRuns.folderOf(runId)), at: Date.now() },
    wordsOf(),
  );
}

async function rollEnvironmentBack(services: HostServices, engine: HostEngine, target: Target): Promise<void> {
  const title = t('Roll Back');
  const chosen = await choosePipeline(services, target, title);
  const environment = chosen && (await chooseEnvironment(chosen, target, title));
  if (!chosen || environment === undefined) return;
  const service = identityOf(chosen.pipeline);
  const ledger = engine.history.ledger(service, environment);
  const running = engine.history.nodes(service, environment).map(({ release }) => release);
  const id = findRollbackTarget(ledger, currentRelease(engine.history, service, environment)?.id, running);
  const release = id === undefined ? undefined : engine.history.release(id);
  if (!release) {
    services.notify.fail(
      fail('refused', t('{0} has no earlier working release to roll back to.', environment)).failure,
    );
    return;
  }
  if (
    !(await services.notify.confirm(
      t('Roll back {0} to {1}?', environment, release.artifact.version),
      describeChange(engine, service, environment, release),
      t('Roll Back'),
    ))
  )
    return;
  const own = await services.engineFor(chosen.folder);
  if (own)
    await beginRun(
      services,
      chosen.folder,
      await own.rollBack({
        pipeline: chosen.pipeline,
        environment,
        to: release.id,
        by: await services.person(chosen.folder),
      }),
    );
}

/** What the nodes will get: version, files, variables. */
export function describeChange({ history }: HostEngine, service: string, environment: string, to: Release): string {
  return changeSentence(currentRelease(history, service, environment), to, t);
}

export function currentRelease(history: History, service: string, environment: string): Release | undefined {
  const newest = [...history.nodes(service, environment)].sort((left, right) => right.sinceMs - left.sinceMs)[0];
  const id = newest?.release ?? history.ledger(service, environment).at(-1)?.release;
  return id === undefined ? undefined : history.release(id);
}

/** True if a notification has already asked for confirmation. */
export function isConfirmed(given: unknown): boolean {
  return typeof given === 'object' && given !== null && (given as { confirmed?: unknown }).confirmed === true;
}
