// A run in the history: verdict, person, version, and its stages below.
import { identityOf } from '../../model/identity.ts';
import type { RunSummary } from '../../model/history.ts';
import { stagesOf, type RunState } from '../../model/runs/runState.ts';
import { formatDuration, formatTime } from '../../protocol/words/format.ts';
import { plainLine } from '../../protocol/words/plainText.ts';
import { verdictSentence } from '../../protocol/words/verdictSentence.ts';
import { runFacts } from '../runs/runFacts.ts';
import type { Target } from '../workspace/target.ts';
import type { Translate } from '../../protocol/words/translate.ts';
import { stageNode } from './stageNode.ts';
import { outcomeIcons, waitingIcon, type TreeNode } from './treeNode.ts';

/** `stateOf` reads the events only if the node is expanded or the run is in progress. */
export function runNode(
  run: RunSummary,
  stateOf: () => RunState | undefined,
  nowMs: number,
  t: Translate,
  isPinned = false,
): TreeNode {
  const live = run.outcome === undefined ? stateOf() : undefined;
  const facts = live
    ? runFacts(live)
    : ['ended', ...(run.outcome === 'promoted' ? ['promoted'] : []), ...(isPinned ? ['pinned'] : [])];
  const target: Target = { runId: run.id, service: identityOf(run) };
  const label = `#${run.number} ${plainLine(run.pipeline, 60)} ${plainLine(run.version, 40)}`;
  const description = [
    live?.interruptedAtMs === undefined ? outcomeText(run, facts, t) : t('interrupted'),
    ...(isPinned ? [t('pinned')] : []),
    plainLine(run.by.name, 40),
    formatTime(run.startedAtMs).slice(0, 5),
    formatDuration((run.finishedAtMs ?? live?.interruptedAtMs ?? nowMs) - run.startedAtMs),
  ].join(' · ');
  return {
    id: `run/${run.id}`,
    label,
    description,
    tooltip: [label, description, ...(live ? [verdictSentence(live)] : [])].join('\n'),
    icon:
      facts.includes('waiting') || live?.interruptedAtMs !== undefined
        ? waitingIcon
        : outcomeIcons[run.outcome ?? 'running'],
    facts: ['run', ...facts],
    target,
    children: () => {
      const state = stateOf();
      return state ? stagesOf(state).map(stage => stageNode(state, stage, target, nowMs, t)) : [];
    },
  };
}

function outcomeText({ outcome }: RunSummary, facts: readonly string[], t: Translate): string {
  switch (outcome) {
    case undefined:
      return facts.includes('waiting') ? t('waiting for you') : t('running');
    case 'promoted':
      return t('promoted');
    case 'rolled-back':
      return t('rolled back');
    case 'held':
      return t('held');
    case 'failed':
      return t('failed');
    case 'rejected':
      return t('rejected');
    case 'cancelled':
      return t('cancelled');
    case 'overtaken':
      return t('overtaken');
    default:
      return outcome satisfies never;
  }
}
