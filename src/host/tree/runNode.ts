// A run in the history: verdict, person, version, and its stages below.
import { commands } from '../../contributions.ts';
import { identityOf } from '../../model/identity.ts';
import type { RunSummary } from '../../model/history.ts';
import type { Instruction } from '../../model/runs/runEvents.ts';
import { stagesOf, type RunState } from '../../model/runs/runState.ts';
import { formatDuration, formatMoment, formatTime } from '../../protocol/words/format.ts';
import { plainLine } from '../../protocol/words/plainText.ts';
import { verdictSentence } from '../../protocol/words/verdictSentence.ts';
import { noDataReason } from '../../protocol/words/waitingSentences.ts';
import { runFacts } from '../runs/runFacts.ts';
import type { Target } from '../workspace/target.ts';
import type { Translate } from '../../protocol/words/translate.ts';
import { stageNode } from './stageNode.ts';
import { runResult } from './runResult.ts';
import type { TreeNode } from './treeNode.ts';

export interface RunMarks {
  readonly isPinned?: boolean;
  /** True if runs of several pipelines are shown, so that the row must name its own. */
  readonly isNamed?: boolean;
  /** True if the run deployed something without verification. */
  readonly isUnverified?: boolean;
  /** True if the pipeline is not in this workspace, so the run cannot be repeated here. */
  readonly isElsewhere?: boolean;
  readonly sent?: Instruction['type'] | undefined;
}

/** `stateOf` reads the events only if the node is expanded or the run is in progress. */
export function runNode(
  run: RunSummary,
  stateOf: () => RunState | undefined,
  nowMs: number,
  t: Translate,
  { isPinned = false, isNamed = false, isUnverified = false, isElsewhere = false, sent }: RunMarks = {},
): TreeNode {
  const live = run.outcome === undefined ? stateOf() : undefined;
  const facts = live ? runFacts(live) : endedFacts(run, isPinned, isElsewhere);
  const {
    icon,
    word,
    short = word,
  } = runResult(
    {
      outcome: run.outcome,
      isWaiting: facts.includes('waiting'),
      isInterrupted: live?.interruptedAtMs !== undefined,
      isUnverified,
      silence: live && noDataReason(live, nowMs)?.headline,
      sent,
    },
    t,
  );
  const target: Target = { runId: run.id, service: identityOf(run) };
  const [version, person] = [plainLine(run.version, 40), plainLine(run.by.name, 40)],
    name = `#${run.number} ${plainLine(run.pipeline, 60)} ${version}`,
    took = formatDuration((run.finishedAtMs ?? live?.interruptedAtMs ?? nowMs) - run.startedAtMs),
    pinned = isPinned ? [t('pinned')] : [];
  // A side bar of the usual width shows about 35 letters of a row, in a wide font fewer: the least important is last.
  const description = [short, live ? took : formatTime(run.startedAtMs).slice(0, 5), person, ...pinned].join(' · ');
  return {
    id: `run/${run.id}`,
    label: isNamed ? name : `#${run.number} ${version}`,
    description,
    tooltip: [
      name,
      [word, ...pinned].join(' · '),
      [person, formatMoment(run.startedAtMs), took].join(' · '),
      ...(live ? [verdictSentence(live)] : []),
    ].join('\n'),
    icon,
    state: word,
    shortState: short,
    opens: commands.openRun,
    facts: ['run', ...facts],
    target,
    children: () => {
      const state = stateOf();
      const nodes = state ? stagesOf(state).map(stage => stageNode(state, stage, target, nowMs, t)) : [];
      return isElsewhere ? nodes.map(withoutRepeating) : nodes;
    },
  };
}

function endedFacts({ outcome }: RunSummary, isPinned: boolean, isElsewhere: boolean): readonly string[] {
  return [
    'ended',
    ...(outcome && !(isElsewhere && outcome === 'held') ? [outcome] : []),
    ...(isElsewhere || outcome === 'promoted' || outcome === 'overtaken' ? [] : ['repeatable']),
    ...(isPinned ? ['pinned'] : []),
  ];
}

function withoutRepeating(node: TreeNode): TreeNode {
  return { ...node, facts: node.facts.filter(fact => fact !== 'repeatable') };
}
