// Show Evidence as Text: verdict, checks, clusters and queries of a run as a read-only document that follows it.
import { evidenceText } from '../documents/evidenceText.ts';
import type { HostServices } from '../hostServices.ts';
import { readTarget } from '../workspace/target.ts';
import { chooseRun } from './choose.ts';
import { t } from '../../protocol/words/translate.ts';

export async function showEvidence(services: HostServices, given: unknown): Promise<void> {
  const chosen = await chooseRun(
    services,
    readTarget(given),
    t('Show Evidence'),
    () => true,
    t('No run has been started on this machine yet.'),
  );
  if (!chosen) return;
  const { id, number } = chosen.run;
  await services.documents.show(`/evidence/${id}/${t('Evidence of run {0}', number)}.txt`, () => {
    const state = services.feed.state(id);
    return Promise.resolve(state ? evidenceText(state, number) : '');
  });
}
