// Cancel Run: asks a run to end cleanly; its canary is rolled back.
import { tellRun } from '../asking/instruct.ts';
import type { HostServices } from '../hostServices.ts';
import { readTarget } from '../workspace/target.ts';
import { chooseRun, runLabel } from './choose.ts';
import { wordsOf } from './canary/tellWords.ts';
import { t } from '../../protocol/words/translate.ts';

export async function cancelRun(services: HostServices, given: unknown): Promise<void> {
  if (!services.mayAct()) return;
  const chosen = await chooseRun(
    services,
    readTarget(given),
    t('Cancel Run'),
    state => state.outcome === undefined,
    t('No run is in progress.'),
  );
  if (!chosen) return;
  const confirmed = await services.notify.confirm(
    t('Cancel run {0}?', runLabel(chosen.run)),
    t('Running hooks are stopped and no new step begins. A canary is rolled back; a rollback in progress is finished.'),
    t('Cancel Run'),
  );
  if (confirmed)
    await tellRun(
      services,
      chosen.run.id,
      { type: 'cancel', by: await services.person(services.ownRuns.folderOf(chosen.run.id)), at: Date.now() },
      wordsOf(),
    );
}
