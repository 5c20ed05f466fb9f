// Describes a question to people: who must answer, by when, and what happens if no one does.
import type { QuestionState } from '../../model/runs/runState.ts';
import { formatChoice, formatDuration } from './format.ts';
import { plainLine } from './plainText.ts';
import { t } from './translate.ts';

/** Who is asked what, and what happens without an answer. */
export function questionSentence({ question, askedAtMs }: QuestionState): string {
  const limit =
    question.deadlineMs > 0 ? ` (${silenceSentence(question, formatDuration(question.deadlineMs - askedAtMs))})` : '';
  return `${wantedOf(question)}: ${plainLine(question.message, 300) || t('continue?')}${limit}`;
}

function wantedOf({ kind, stage, approvers, minimum }: QuestionState['question']): string {
  const who = approversOf(approvers),
    on = plainLine(stage, 80);
  if (kind !== 'approval') return who ? t('decision on {0} by {1}', on, who) : t('decision on {0}', on);
  return `${who ? t('approval by {0}', who) : t('approval')}${minimum > 1 ? `, ${t('{0} needed', minimum)}` : ''}`;
}

function silenceSentence({ otherwise }: QuestionState['question'], within: string): string {
  switch (otherwise) {
    case 'reject':
      return t('without an answer within {0} it is rejected', within);
    case 'hold':
      return t('without an answer within {0} it goes on hold', within);
    case 'rollback':
      return t('without an answer within {0} it rolls back', within);
    default:
      return otherwise satisfies never;
  }
}

export function approversOf(names: readonly string[]): string {
  return formatChoice(names.map(name => plainLine(name, 80)));
}
