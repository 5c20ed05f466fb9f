// A step of a stage: one call of a hook.
import type { StepState } from '../../model/runState.ts';
import { formatDuration, formatList } from '../../protocol/format.ts';
import { plainLine } from '../../protocol/plainText.ts';
import { failureSentence } from '../../protocol/sentences.ts';
import type { Target } from '../target.ts';
import type { Translate } from '../../protocol/translate.ts';
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
    facts: ['step', status, 'logs'],
    target: { ...target, step: key },
  };
}
