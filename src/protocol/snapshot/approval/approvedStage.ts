// What a run will do in a stage once it is approved: the nodes of each phase, what verifies them, and what follows from
// a failure; from the plan of the pipeline in its journal.
import type { Commits } from '../../../model/ports.ts';
import type { Release } from '../../../model/release.ts';
import type { CanaryStage, DeployStage, FailureStrategy, Stage } from '../../../model/pipeline.ts';
import type { PlannedPhase, PlannedStage } from '../../../model/runs/plan.ts';
import type { RunEvent } from '../../../model/runs/runEvents.ts';
import { formatCount, formatDuration, formatList, joinParts } from '../../words/format.ts';
import { plainLine } from '../../words/plainText.ts';
import { t } from '../../words/translate.ts';
import type { ComparisonSnapshot } from '../snapshotComparison.ts';
import { plannedPhases, type PhaseSnapshot } from '../snapshotStages.ts';

export interface ApprovedStage {
  readonly name: string;
  /** `31:50, as usual`. */
  readonly expected?: string;
  readonly phases: readonly (PhaseSnapshot & { readonly what: string; readonly took: string })[];
  readonly rows: readonly { readonly name: string; readonly value: string }[];
}
export interface ApprovalFacts {
  readonly events: readonly RunEvent[];
  readonly nowMs: number;
  readonly comparison: ComparisonSnapshot | null;
  readonly expectedMs?: (stage: string) => number | undefined;
  /** What a failure would restore. */
  readonly working?: Release;
  /** The current release of the environment; absent if it is unknown or differs between nodes. */
  readonly running?: Release;
  readonly commits?: Commits;
}

export function approvedStage(
  planned: PlannedStage,
  phases: readonly PlannedPhase[],
  facts: ApprovalFacts,
): ApprovedStage {
  const { stage } = planned,
    drawn = plannedPhases({ ...planned, phases }),
    usual = facts.expectedMs?.(stage.name),
    minimum = plannedMs(stage, phases);
  const expected =
    usual !== undefined && phases.length === planned.phases.length
      ? t('about {0}', formatDuration(usual))
      : minimum
        ? t('at least {0}', formatDuration(minimum))
        : undefined;
  return {
    name: plainLine(stage.name, 80),
    ...(expected !== undefined && { expected }),
    phases: phases.map((phase, index) => ({
      ...drawn[index]!,
      what: phaseWords(phase),
      took: phaseMs(phase) ? formatDuration(phaseMs(phase)) : '',
    })),
    rows: rowsOf(planned, phases, facts),
  };
}

function phaseWords({ verification, baselineNodes, approval }: PlannedPhase): string {
  const what = !verification
    ? t('not verified')
    : verification.baseline !== undefined
      ? t('verify against an earlier run')
      : baselineNodes.length
        ? t('verify against {0}', formatCount(baselineNodes.length, 'other node'))
        : t('verify against the time before');
  return joinParts([what, approval && t('then asks for another approval')]);
}

function rowsOf(
  { stage, nodes }: PlannedStage,
  [first]: readonly PlannedPhase[],
  { working, running }: ApprovalFacts,
): ApprovedStage['rows'] {
  if (stage.kind === 'approval') return [];
  const name = t('If rejected'),
    isBegun = first !== undefined && first.number > 1;
  const rejected = isBegun
    ? rollbackWords(working)
    : running && t('{0} stays on {1}', plainLine(stage.environment, 80), plainLine(running.artifact.version, 80));
  return [
    ...(stage.kind === 'deploy' ? deployRows(stage, nodes) : canaryRows(stage)),
    { name: t('If it fails'), value: failureWords(stage.onFailure, working) },
    ...(rejected === undefined ? [] : [{ name, value: rejected }]),
  ];
}

function deployRows({ steps, check }: DeployStage, nodes: readonly string[]): ApprovedStage['rows'] {
  const names = steps.map(name => plainLine(name, 80));
  return [
    { name: t('Steps'), value: joinParts([formatList(names), formatCount(nodes.length, 'node')]) },
    { name: t('Check hook'), value: check === undefined ? t('none') : plainLine(check, 80) },
  ];
}

function canaryRows({ verification, check, watchMs }: CanaryStage): ApprovedStage['rows'] {
  const sources = verification.sources.map(name => plainLine(name, 80));
  return [
    {
      name: t('Verification'),
      value: sources.length
        ? t('{0}, every {1}', formatList(sources), formatDuration(verification.intervalMs))
        : t('none: no health source'),
    },
    { name: t('Check hook'), value: check === undefined ? t('none') : plainLine(check, 80) },
    ...(watchMs ? [{ name: t('Afterwards'), value: t('watched for {0}', formatDuration(watchMs)) }] : []),
    {
      name: t('If inconclusive'),
      value:
        verification.missingData === 'rollback'
          ? t('measures for {0} longer, then rolls back', formatDuration(verification.holdForMs))
          : t('goes on hold and asks; ends as held after {0}', formatDuration(verification.holdForMs)),
    },
  ];
}

function failureWords(strategy: FailureStrategy, working: Release | undefined): string {
  switch (strategy.kind) {
    case 'rollback':
      return rollbackWords(working);
    case 'ask':
      return t('asks a person, and rolls back without an answer within {0}', formatDuration(strategy.forMs));
    case 'stop':
      return t('stops, and leaves the nodes as they are');
    case 'ignore':
      return t('continues');
    default:
      return strategy satisfies never;
  }
}

function rollbackWords(working: Release | undefined): string {
  return working
    ? t('rolls back to {0} and its configuration', plainLine(working.artifact.version, 80))
    : t('rolls back; no earlier working release is known');
}

/** The minimum time according to the plan. */
export function plannedMs(stage: Stage, phases: readonly PlannedPhase[]): number {
  return phases.reduce((sum, phase) => sum + phaseMs(phase), stage.kind === 'canary' ? stage.watchMs : 0);
}
function phaseMs({ settleMs, verification }: PlannedPhase): number {
  return settleMs + (verification?.durationMs ?? 0);
}
