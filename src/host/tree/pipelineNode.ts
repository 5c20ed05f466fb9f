// A pipeline of the workspace, with the stages of its current or latest run.
import { identityOf } from '../../model/identity.ts';
import { allStages, type Stage } from '../../model/pipeline.ts';
import type { Instruction } from '../../model/runs/runEvents.ts';
import { stagesOf } from '../../model/runs/runState.ts';
import { isUnverified } from '../../model/runs/verified.ts';
import { formatDuration } from '../../protocol/words/format.ts';
import { plainLine } from '../../protocol/words/plainText.ts';
import { verdictSentence } from '../../protocol/words/verdictSentence.ts';
import { noDataReason } from '../../protocol/words/waitingSentences.ts';
import { sentWord } from '../runs/sentInstructions.ts';
import { runFacts } from '../runs/runFacts.ts';
import type { PipelineFile } from '../workspace/pipelineFile.ts';
import type { Target } from '../workspace/target.ts';
import type { Translate } from '../../protocol/words/translate.ts';
import type { LatestRun } from '../panel/runFeed.ts';
import { stageWord } from '../../protocol/words/words.ts';
import { stageNode } from './stageNode.ts';
import { runResult, type RunResult } from './runResult.ts';
import { stageIcons, type TreeNode } from './treeNode.ts';

export function pipelineNode(
  found: PipelineFile,
  latest: LatestRun | undefined,
  nowMs: number,
  t: Translate,
  sent?: Instruction['type'],
): TreeNode {
  const { folder, folderName, file, pipeline, errors } = found;
  const target: Target = {
    folder,
    file,
    ...(pipeline && { service: identityOf(pipeline) }),
    ...(latest && { runId: latest.run.id }),
  };
  const facts = latest ? runFacts(latest.state) : [];
  const result = latest && resultOf(latest, facts, nowMs, t, sent);
  return {
    id: `pipeline/${folder}/${file}`,
    label: plainLine(pipeline?.name ?? file.slice(file.lastIndexOf('/') + 1), 80),
    description: [
      sent ? sentWord(sent, t) : '',
      pipeline ? describeRun(latest, nowMs) : errors === 1 ? t('1 problem') : t('{0} problems', errors),
      folderName ?? '',
    ]
      .filter(Boolean)
      .join(' · '),
    tooltip: latest ? `${file}\n${verdictSentence(latest.state)}` : file,
    icon: !pipeline ? { name: 'warning', color: 'list.warningForeground' } : (result?.icon ?? { name: 'rocket' }),
    ...(result && { state: result.word }),
    facts: [
      'pipeline',
      pipeline ? 'valid' : 'broken',
      ...(pipeline?.artifact.kind === 'build' ? ['builds'] : []),
      ...(latest ? ['hasRun', ...facts] : []),
    ],
    target,
    expanded: true,
    ...(pipeline && {
      children: () =>
        latest
          ? stagesOf(latest.state).map(stage => ({
              ...stageNode(latest.state, stage, target, nowMs, t),
              id: `pipeline/${folder}/${file}/${stage.name}`,
            }))
          : allStages(pipeline).map(stage => plannedStage(found, stage, target, t)),
    }),
  };
}

function resultOf(
  { run, state }: LatestRun,
  facts: readonly string[],
  nowMs: number,
  t: Translate,
  sent?: Instruction['type'],
): RunResult {
  return runResult(
    {
      outcome: run.outcome,
      isWaiting: facts.includes('waiting'),
      isInterrupted: state.interruptedAtMs !== undefined,
      isUnverified: isUnverified(state),
      silence: noDataReason(state, nowMs)?.headline,
      sent,
    },
    t,
  );
}

/** A stage of a pipeline that has not run yet. */
function plannedStage({ folder, file }: PipelineFile, stage: Stage, target: Target, t: Translate): TreeNode {
  return {
    id: `pipeline/${folder}/${file}/${stage.name}`,
    label: plainLine(stage.name, 80),
    icon: stageIcons.pending,
    state: stageWord('pending'),
    description: stage.kind === 'approval' ? t('approval') : plainLine(stage.environment, 80),
    facts: ['stage', 'planned'],
    target: { ...target, stage: stage.name },
  };
}

function describeRun(latest: LatestRun | undefined, nowMs: number): string {
  if (!latest) return '';
  const { number, version, startedAtMs, finishedAtMs } = latest.run;
  return `${plainLine(version, 40)} · #${number} · ${formatDuration((finishedAtMs ?? nowMs) - startedAtMs)}`;
}
