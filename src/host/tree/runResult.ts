// The state of a run as one icon and one word, the same in both views of runs.
import type { Instruction, RunOutcome } from '../../model/runs/runEvents.ts';
import { runOutcomeWord } from '../../protocol/words/words.ts';
import type { Translate } from '../../protocol/words/translate.ts';
import { sentWord } from '../runs/sentInstructions.ts';
import { outcomeIcons, silentIcon, unverifiedIcon, waitingIcon, type NodeIcon } from './treeNode.ts';

export interface RunStanding {
  readonly outcome?: RunOutcome | undefined;
  readonly isWaiting: boolean;
  readonly isInterrupted: boolean;
  /** True if the run deployed something without verification. */
  readonly isUnverified: boolean;
  /** A text about a canary that sends no data. */
  readonly silence?: string | undefined;
  /** An instruction that a user has just given. */
  readonly sent?: Instruction['type'] | undefined;
}

export interface RunResult {
  readonly icon: NodeIcon;
  readonly word: string;
  /** Shown in a row instead of a long `word`. */
  readonly short?: string;
}

export function runResult(
  { outcome, isWaiting, isInterrupted, isUnverified, silence, sent }: RunStanding,
  t: Translate,
): RunResult {
  if (sent && outcome === undefined) return { icon: outcomeIcons.running, word: sentWord(sent, t) };
  if (isInterrupted) return { icon: waitingIcon, word: t('interrupted') };
  if (isWaiting) return { icon: waitingIcon, word: t('waiting for you') };
  if (outcome === undefined)
    return silence === undefined
      ? { icon: outcomeIcons.running, word: t('running') }
      : { icon: silentIcon, word: silence, short: t('no data') };
  if (outcome === 'promoted' && isUnverified)
    return { icon: unverifiedIcon, word: t('deployed, not verified'), short: t('not verified') };
  return { icon: outcomeIcons[outcome], word: runOutcomeWord(outcome) };
}
