// Who is awaited, or who answered, in the few words that fit under a stage.
import type { QuestionState } from '../model/runState.ts';
import { formatList } from './format.ts';
import { plainLine } from './plainText.ts';
import { personName } from './sentences.ts';

export function approvers({ question, answers, closed }: QuestionState): string {
  const counted = answers.filter(one => !one.refused && (one.answer.type === 'approve' || one.answer.type === 'reject'));
  if (closed !== undefined) return counted.length ? `by ${formatList([...new Set(counted.map(one => personName(one.answer.by)))], 3)}` : 'nobody answered';
  const wanted = question.approvers.length ? question.approvers.map(name => plainLine(name, 80)).join(' or ') : 'somebody';
  return `waits for ${wanted}${question.minimum > 1 ? `, ${counted.length} of ${question.minimum} approved` : ''}`;
}
