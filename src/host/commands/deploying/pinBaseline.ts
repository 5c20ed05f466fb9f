// Pin as Baseline and Unpin Baseline: the run that load tests of its pipeline are compared with.
import type { RunState } from '../../../model/runs/runState.ts';
import { plainLine } from '../../../protocol/words/plainText.ts';
import { showPinFact } from '../../contextKeys.ts';
import type { HostServices } from '../../hostServices.ts';
import { pickOne } from '../../asking/prompts.ts';
import { readTarget } from '../../workspace/target.ts';
import { chooseRun, runLabel, type ChosenRun } from '../choose.ts';
import { t } from '../../../protocol/words/translate.ts';

export async function pinBaseline(services: HostServices, given: unknown): Promise<void> {
  if (!services.mayAct()) return;
  const chosen = await chooseRun(
    services,
    readTarget(given),
    t('Pin as Baseline'),
    isGood,
    t('There is no promoted run to pin yet.'),
  );
  const environment = chosen && (await chooseKept(chosen, t('Pin as Baseline')));
  if (!chosen || environment === 'back') return;
  const pinned = await chosen.engine.pin({
    runId: chosen.run.id,
    by: await services.person(services.ownRuns.folderOf(chosen.run.id)),
    ...(environment !== undefined && { environment }),
  });
  if (!pinned.ok) {
    services.notify.fail(pinned.failure);
    return;
  }
  services.feed.poke();
  showPinFact(chosen.engine.history);
  services.notify.say(
    t(
      '{0} is pinned: verifications in {1} with a pinned baseline are compared with it from now on.',
      runLabel(chosen.run),
      plainLine(pinned.value.environment, 80),
    ),
  );
}

export async function unpinBaseline(services: HostServices, given: unknown): Promise<void> {
  if (!services.mayAct()) return;
  const engine = await services.engineFor();
  if (!engine) return;
  const pins = engine.history.pins();
  const chosen = await chooseRun(
    services,
    readTarget(given),
    t('Unpin Baseline'),
    ({ runId }) => pins.some(pin => pin.runId === runId),
    t('No run is pinned.'),
  );
  if (!chosen) return;
  for (const { environment } of pins.filter(pin => pin.runId === chosen.run.id)) {
    const unpinned = await engine.unpin({
      runId: chosen.run.id,
      environment,
      by: await services.person(services.ownRuns.folderOf(chosen.run.id)),
    });
    if (!unpinned.ok) {
      services.notify.fail(unpinned.failure);
      return;
    }
  }
  services.feed.poke();
  showPinFact(engine.history);
  services.notify.say(t('{0} is no longer pinned.', runLabel(chosen.run)));
}

function isGood({ outcome }: RunState): boolean {
  return outcome === 'promoted';
}

/** Undefined if there is nothing to choose. */
async function chooseKept({ engine, run }: ChosenRun, title: string): Promise<string | 'back' | undefined> {
  const kept = engine.history.keptEnvironments(run.id);
  return kept.length < 2
    ? undefined
    : pickOne(
        { title },
        t('Which environment?'),
        kept.map(name => ({ label: plainLine(name, 80), value: name })),
      );
}
