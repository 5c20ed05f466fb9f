// Reject…: ends a run that asks for an approval; the reason is stored.
import { tellRun } from '../../asking/instruct.ts';
import { subject } from '../../notices/notices.ts';
import type { HostServices } from '../../hostServices.ts';
import { typeLine } from '../../asking/prompts.ts';
import { findQuestion } from '../../runs/runFacts.ts';
import { readTarget } from '../../workspace/target.ts';
import { chooseRun } from '../choose.ts';
import { wordsOf } from './tellWords.ts';
import { t } from '../../../protocol/words/translate.ts';

export async function reject(services: HostServices, given: unknown): Promise<void> {
  if (!services.mayAct()) return;
  const target = readTarget(given);
  const chosen = await chooseRun(
    services,
    target,
    t('Reject'),
    state => findQuestion(state, target, 'approval') !== undefined,
    t('No run is waiting for an approval.'),
  );
  const asked = chosen && findQuestion(chosen.state, target, 'approval');
  if (!chosen || !asked) return;
  const { question } = asked,
    comment = target.comment?.trim();
  const isGiven = comment !== undefined && (comment !== '' || !question.commentRequired);
  const typed = isGiven
    ? { text: comment }
    : await typeLine(
        { title: t('Reject {0}', subject(chosen.state)) },
        {
          prompt: question.commentRequired ? t('Why?') : t('Comment (optional)'),
          check: text => (question.commentRequired && text.trim() === '' ? t('A comment is required.') : undefined),
        },
      );
  if (typed === undefined || typed === 'back') return;
  const by = await services.person(services.ownRuns.folderOf(chosen.run.id));
  await tellRun(
    services,
    chosen.run.id,
    { type: 'reject', question: question.id, by, at: Date.now(), ...(typed.text && { comment: typed.text }) },
    wordsOf(),
  );
}
