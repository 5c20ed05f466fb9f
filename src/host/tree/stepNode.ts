// A step of a stage: one call of a hook.
import { commands } from '../../contributions.ts';
import type { StepState } from '../../model/runs/runState.ts';
import { formatDuration, formatList } from '../../protocol/words/format.ts';
import { plainLine } from '../../protocol/words/plainText.ts';
import { failureSentence } from '../../protocol/words/sentences.ts';
import type { Target } from '../workspace/target.ts';
import type { Translate } from '../../protocol/words/translate.ts';
import { stepIcons, type TreeNode } from './treeNode.ts';

export function stepNode(step: StepState, target: Target, nowMs: number, t: Translate): TreeNode {
  const { key, hook, nodes, status, attempt, failure } = step;
  const took = formatDuration(step.durationMs ?? nowMs - step.startedAtMs);
  return {
    id: `${target.runId ?? ''}/step/${key}`,
    label: plainLine(hook, 80),
    description: [
      formatList(
        nodes.map(node => plainLine(node, 40)),
        4,
      ),
      attempt > 1 ? t('attempt {0}', attempt) : '',
      took,
    ]
      .filter(Boolean)
      .join(' · '),
    ...(failure && { tooltip: failureSentence(failure) }),
    icon: failure?.kind === 'cancelled' ? { name: 'circle-slash' } : stepIcons[status],
    state: stepWord(step, t),
    opens: commands.showLogs,
    facts: ['step', status, 'logs'],
    target: { ...target, step: key },
  };
}

function stepWord({ status, failure }: StepState, t: Translate): string {
  if (failure?.kind === 'cancelled') return t('cancelled');
  return { running: t('running'), succeeded: t('passed'), failed: t('failed') }[status];
}
