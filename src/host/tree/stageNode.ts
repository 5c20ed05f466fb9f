// A stage of a run, live: its steps, verifications, questions and rollback in the order in which they began.
import { commands } from '../../contributions.ts';
import { isWaiting } from '../runs/runFacts.ts';
import type { RunState, StageState } from '../../model/runs/runState.ts';
import { formatCount, formatDuration } from '../../protocol/words/format.ts';
import { plainLine } from '../../protocol/words/plainText.ts';
import { failureSentence } from '../../protocol/words/sentences.ts';
import { noDataReason } from '../../protocol/words/waitingSentences.ts';
import type { Target } from '../workspace/target.ts';
import type { Translate } from '../../protocol/words/translate.ts';
import { stageWord } from '../../protocol/words/words.ts';
import { questionNode } from './questionNode.ts';
import { stepNode } from './stepNode.ts';
import { silentIcon, stageIcons, waitingIcon, type TreeNode } from './treeNode.ts';
import { verificationNode } from './verificationNode.ts';

export function stageNode(
  state: RunState,
  stage: StageState,
  runTarget: Target,
  nowMs: number,
  t: Translate,
): TreeNode {
  const target: Target = {
    ...runTarget,
    stage: stage.name,
    ...(stage.environment !== undefined && { environment: stage.environment }),
  };
  const waits = isWaiting(state, stage.name);
  const silence = stage.status === 'running' ? noDataReason(state, nowMs)?.headline : undefined;
  const children = childrenOf(state, stage, target, nowMs, t);
  const isOpen = state.outcome === undefined;
  return {
    id: `${state.runId}/stage/${stage.name}`,
    label: plainLine(stage.name, 80),
    description: describe(stage, waits, silence, nowMs, t),
    ...(stage.failure && { tooltip: failureSentence(stage.failure) }),
    icon: waits ? waitingIcon : silence === undefined ? stageIcons[stage.status] : silentIcon,
    state: waits ? t('waiting for you') : stageWord(stage.status),
    opens: commands.openRun,
    facts: [
      'stage',
      isOpen ? 'open' : 'ended',
      stage.status,
      ...(waits ? ['waiting'] : []),
      ...(stage.phase && isOpen && stage.status === 'running' && !stage.rollback ? ['canary'] : []),
      ...(stage.steps.length ? ['logs'] : []),
      ...(stage.verifications.length ? ['evidence'] : []),
      ...(!isOpen && isRepeatable(stage) ? ['repeatable'] : []),
    ],
    target,
    ...(children.length > 0 && { children: () => children, expanded: stage.status === 'running' || waits }),
  };
}

function isRepeatable({ status }: StageState): boolean {
  return status !== 'passed' && status !== 'pending' && status !== 'queued' && status !== 'skipped';
}

function describe(
  { status, startedAtMs, finishedAtMs, phase, rollback }: StageState,
  waits: boolean,
  silence: string | undefined,
  nowMs: number,
  t: Translate,
): string {
  const elapsed = startedAtMs === undefined ? '' : formatDuration((finishedAtMs ?? nowMs) - startedAtMs);
  const words = {
    pending: '',
    queued: t('waiting for its environment'),
    running: t('running'),
    passed: '',
    failed: t('failed'),
    skipped: t('skipped'),
    'rolled-back': t('rolled back'),
    held: t('held'),
    rejected: t('rejected'),
    cancelled: t('cancelled'),
    overtaken: t('overtaken'),
  }[status];
  const where = status === 'running' && phase ? t('phase {0} of {1}', phase.number, phase.of) : '';
  const back =
    status === 'running' && rollback && rollback.finishedAtMs === undefined
      ? t('rolling back {0}', formatCount(rollback.nodes.length, 'node'))
      : '';
  return [back || (waits ? t('waiting for you') : (silence ?? (where || words))), elapsed].filter(Boolean).join(' · ');
}

function childrenOf(
  state: RunState,
  stage: StageState,
  target: Target,
  nowMs: number,
  t: Translate,
): readonly TreeNode[] {
  const questions = state.questions.filter(({ question }) => question.stage === stage.name);
  const timed = [
    ...stage.steps.map(step => ({ atMs: step.startedAtMs, node: stepNode(step, target, nowMs, t) })),
    ...stage.verifications.map(one => ({ atMs: one.sinceMs, node: verificationNode(one, target, t) })),
    ...questions.map(one => ({ atMs: one.askedAtMs, node: questionNode(state, one, target, nowMs, t) })),
  ];
  return timed.sort((left, right) => left.atMs - right.atMs).map(({ node }) => node);
}
