// Whom a stage waits for, or who answered, in the few words that fit below it.
import type { QuestionState } from '../../model/runs/runState.ts';
import { formatChoice, formatList } from '../words/format.ts';
import { plainLine } from '../words/plainText.ts';
import { t } from '../words/translate.ts';
import { personName } from '../words/words.ts';

export function approvers({ question, answers, closed }: QuestionState): string {
  const counted = answers.filter(
    one => !one.refused && (one.answer.type === 'approve' || one.answer.type === 'reject'),
  );
  if (closed !== undefined)
    return counted.length
      ? t('by {0}', formatList([...new Set(counted.map(one => personName(one.answer.by)))], 3))
      : t('no one answered');
  const wanted = question.approvers.length
    ? t('waiting for {0}', formatChoice(question.approvers.map(name => plainLine(name, 80))))
    : t('waiting for an answer');
  return question.minimum > 1 ? `${wanted}, ${t('{0} of {1} approved', counted.length, question.minimum)}` : wanted;
}
