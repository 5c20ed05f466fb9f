// What a run asks people: an approval, or a decision on its canary.
import { commands } from '../../contributions.ts';
import type { QuestionState, RunState } from '../../model/runs/runState.ts';
import { formatDuration } from '../../protocol/words/format.ts';
import { questionSentence } from '../../protocol/words/questionSentences.ts';
import { questionReason } from '../../protocol/words/waitingSentences.ts';
import type { Target } from '../workspace/target.ts';
import type { Translate } from '../../protocol/words/translate.ts';
import { closedWord } from '../../protocol/words/words.ts';
import { stageIcons, waitingIcon, type TreeNode } from './treeNode.ts';

export function questionNode(
  state: RunState,
  asked: QuestionState,
  target: Target,
  nowMs: number,
  t: Translate,
): TreeNode {
  const { question, closed, answers } = asked;
  const isOpen = closed === undefined;
  const left = question.deadlineMs > nowMs ? t('{0} left', formatDuration(question.deadlineMs - nowMs)) : '';
  const counted = answers.filter(({ refused }) => refused === undefined);
  const progress = question.minimum > 1 ? t('{0} of {1}', counted.length, question.minimum) : '';
  return {
    id: `${target.runId ?? ''}/question/${question.id}`,
    label: question.kind === 'approval' ? t('Approval') : t('Decision'),
    description: isOpen
      ? [question.kind === 'approval' ? t('waiting for you') : questionReason(state, asked).headline, progress, left]
          .filter(Boolean)
          .join(' · ')
      : [closedWord(closed), counted.map(({ answer }) => answer.by.name).join(', ')].filter(Boolean).join(' · '),
    tooltip: [questionReason(state, asked).detail, questionSentence(asked)].filter(Boolean).join('\n'),
    icon: isOpen
      ? waitingIcon
      : closed === 'approved' || closed === 'promote'
        ? stageIcons.passed
        : closed === 'rollback'
          ? stageIcons['rolled-back']
          : stageIcons.rejected,
    opens: commands.openRun,
    facts: ['question', question.kind, isOpen ? 'waiting' : 'closed'],
    target: { ...target, question: question.id },
  };
}
