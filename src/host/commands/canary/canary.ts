// Instructions to a canary in progress: hold, promote, skip its verification, verify again.
import type { Instruction } from '../../../model/runs/runEvents.ts';
import type { RunState } from '../../../model/runs/runState.ts';
import { tellRun } from '../../asking/instruct.ts';
import { subject } from '../../notices/notices.ts';
import type { HostServices } from '../../hostServices.ts';
import { typeLine } from '../../asking/prompts.ts';
import { runFacts } from '../../runs/runFacts.ts';
import { readTarget } from '../../workspace/target.ts';
import { chooseRun } from '../choose.ts';
import { wordsOf } from './tellWords.ts';
import { t } from '../../../protocol/words/translate.ts';

export type CanaryWord = 'hold' | 'promote' | 'skip-verification' | 'retry-verification';

export async function tellCanary(
  services: HostServices,
  given: unknown,
  word: CanaryWord,
  title: string,
  ask?: (state: RunState) => Promise<{ readonly comment?: string } | undefined>,
): Promise<void> {
  if (!services.mayAct()) return;
  const chosen = await chooseRun(services, readTarget(given), title, hasCanary, t('No canary is in progress.'));
  if (!chosen) return;
  const said = ask ? await ask(chosen.state) : {};
  if (!said) return;
  const instruction: Instruction = {
    type: word,
    by: await services.person(services.ownRuns.folderOf(chosen.run.id)),
    at: Date.now(),
    ...said,
  };
  const done = doneSentence(word, subject(chosen.state));
  if ((await tellRun(services, chosen.run.id, instruction, wordsOf())) && done) services.notify.say(done);
}

/** Confirms an instruction that no view shows at once. */
function doneSentence(word: CanaryWord, release: string): string | undefined {
  switch (word) {
    case 'hold':
      return t('{0} stays on hold until someone decides: Promote, Roll Back or Verify Again.', release);
    case 'retry-verification':
      return t('The verification of {0} starts again, with evidence from now on.', release);
    case 'promote':
    case 'skip-verification':
      return undefined;
    default:
      return word satisfies never;
  }
}

function hasCanary(state: RunState): boolean {
  const facts = runFacts(state);
  return facts.includes('canary') || facts.includes('decision');
}

/** An instruction against the engine's own verdict needs a reason, which is stored. */
export async function askReason(
  state: RunState,
  title: string,
  prompt: string,
): Promise<{ readonly comment: string } | undefined> {
  const typed = await typeLine(
    { title: `${title}: ${subject(state)}` },
    { prompt, check: text => (text.trim() === '' ? t('A reason is required.') : undefined) },
  );
  return typed === undefined || typed === 'back' ? undefined : { comment: typed.text.trim() };
}
