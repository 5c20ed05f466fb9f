// A verification of a canary phase, with its checks.
import { commands } from '../../contributions.ts';
import type { Outcome } from '../../model/evidence/verdict.ts';
import type { VerificationState } from '../../model/runs/runState.ts';
import { plainLine } from '../../protocol/words/plainText.ts';
import { checkFinding, checkSentence } from '../../protocol/words/sentences.ts';
import type { Target } from '../workspace/target.ts';
import type { Translate } from '../../protocol/words/translate.ts';
import { checkIcons, stageIcons, type TreeNode } from './treeNode.ts';

export function verificationNode(one: VerificationState, target: Target, t: Translate): TreeNode {
  const { key, phase, purpose, status, report } = one;
  const label = {
    'start-up': t('Start of phase {0}', phase),
    canary: t('Verification of phase {0}', phase),
    watch: t('Watch after the last phase'),
    proof: t('Verification of the rollback'),
  }[purpose];
  const said =
    status === 'skipped'
      ? t('skipped')
      : status === 'running' && report?.outcome !== 'fail'
        ? t('evaluating')
        : report
          ? checkWord(report.outcome, t)
          : '';
  return {
    id: `${target.runId ?? ''}/verification/${key}`,
    label,
    description: said,
    icon:
      status === 'skipped'
        ? stageIcons.skipped
        : status === 'running' && report?.outcome !== 'fail'
          ? stageIcons.running
          : checkIcons[report?.outcome ?? 'inconclusive'],
    opens: commands.openRun,
    facts: ['verification', status, 'evidence'],
    target,
    expanded: report?.outcome === 'fail',
    ...(report &&
      report.checks.length > 0 && {
        children: () =>
          report.checks.map((check): TreeNode => ({
            id: `${target.runId ?? ''}/verification/${key}/check/${check.source}/${check.name}`,
            label: plainLine(check.name, 80),
            description: checkFinding(check),
            tooltip: checkSentence(check),
            icon: checkIcons[check.outcome],
            state: checkWord(check.outcome, t),
            opens: commands.openRun,
            facts: ['check', check.outcome, 'evidence'],
            target,
          })),
      }),
  };
}

function checkWord(outcome: Outcome, t: Translate): string {
  return { pass: t('passed'), fail: t('failed'), inconclusive: t('no verdict') }[outcome];
}
