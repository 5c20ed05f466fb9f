// For a run on hold, or without data: what is known, what happens when, and what each choice of a person does.
import { openQuestions, stagesOf, type RunState, type StageState } from '../../../model/runs/runState.ts';
import type { RunEvent } from '../../../model/runs/runEvents.ts';
import type { Release } from '../../../model/release.ts';
import { formatDuration, formatList, formatTime } from '../../words/format.ts';
import { latestVerification } from '../../words/latestVerification.ts';
import { plainLine } from '../../words/plainText.ts';
import { readers } from '../../words/reasonSentences.ts';
import { t } from '../../words/translate.ts';
import type { WaitingReason } from '../../words/waitingSentences.ts';
import type { SnapshotAction } from '../../panelActions.ts';
import type { CheckSnapshot } from '../snapshotChecks.ts';
import { snapshotIntervals, type IntervalsSnapshot } from './snapshotIntervals.ts';
import { snapshotKnown, type KnownSnapshot } from './snapshotKnown.ts';

export interface OutlookSnapshot {
  /** What is known of each health source and node, as of the latest evaluation; null unless data is missing. */
  readonly known: KnownSnapshot | null;
  /** Why the undecided check of a canary on hold is undecided; null if data is missing. */
  readonly why: IntervalsSnapshot | null;
  /** What happens when; empty unless data is missing. */
  readonly next: readonly { readonly at: string; readonly text: string; readonly about: 'past' | 'now' | 'hold' }[];
  readonly choices: readonly { readonly action: SnapshotAction; readonly does: string }[];
}

export interface OutlookFacts {
  readonly nowMs: number;
  readonly working?: Release;
  /** The pipeline of the run is in no open folder. */
  readonly isElsewhere?: boolean;
  readonly checks: readonly CheckSnapshot[];
  readonly events: readonly RunEvent[];
}

/** Null unless the run waits for data, or for a decision on an inconclusive canary. */
export function snapshotOutlook(
  state: RunState,
  reason: WaitingReason['kind'] | undefined,
  { nowMs, working, isElsewhere, checks, events }: OutlookFacts,
): OutlookSnapshot | null {
  const stage = stageOnHold(state, reason);
  if (!stage) return null;
  const isSilent = reason === 'no-data';
  return {
    known: (isSilent && snapshotKnown(state, stage, checks, nowMs)) || null,
    why: isSilent ? null : snapshotIntervals(stage, checks, events),
    next: isSilent ? nextOf(state, stage, nowMs) : [],
    choices: choicesOf(state, stage, isSilent, { working, isElsewhere }),
  };
}

function stageOnHold(state: RunState, reason: WaitingReason['kind'] | undefined): StageState | undefined {
  const stages = stagesOf(state);
  if (state.outcome === 'held') return stages.find(({ status }) => status === 'held');
  if (reason === 'no-data') return stages.find(({ status, phase }) => status === 'running' && phase !== undefined);
  const asked = reason === 'held' ? openQuestions(state)[0]?.question.stage : undefined;
  return stages.find(({ name, phase, rollback }) => name === asked && phase !== undefined && !rollback);
}

/** What can be done for it, the likeliest first; the header shows the same. */
export function holdActions(state: RunState, reason: WaitingReason['kind'] | undefined): readonly SnapshotAction[] {
  const stage = stageOnHold(state, reason);
  if (!stage) return [];
  if (state.outcome !== undefined)
    return stage.environment !== undefined && stage.phase?.baselineNodes.length === 0
      ? ['accept', 'roll-back']
      : ['run-again', 'roll-back'];
  return reason === 'no-data' ? ['look-again', 'roll-back', 'hold'] : ['look-again', 'promote', 'roll-back', 'hold'];
}

/** A run in progress is told what to do wherever it runs; after its end its pipeline is needed. */
export function possibleActions(
  actions: readonly SnapshotAction[],
  { outcome }: RunState,
  isElsewhere = false,
): readonly SnapshotAction[] {
  return isElsewhere && outcome !== undefined ? actions.filter(action => !deploying.includes(action)) : actions;
}

const deploying: readonly SnapshotAction[] = ['run-again', 'roll-back', 'accept'];

/** `2.14.0 stays on prod-01 and prod-02 until someone decides.` */
export function staysSentence(state: RunState, reason: WaitingReason['kind'] | undefined): string | undefined {
  const stage = reason === 'no-data' ? undefined : stageOnHold(state, reason);
  const nodes = stage?.phase?.canaryNodes ?? [];
  return nodes.length ? t('{0} stays on {1} until someone decides.', versionOf(state), namesOf(nodes)) : undefined;
}

function choicesOf(
  state: RunState,
  stage: StageState,
  isSilent: boolean,
  { working, isElsewhere }: Pick<OutlookFacts, 'isElsewhere'> & { readonly working: Release | undefined },
): OutlookSnapshot['choices'] {
  return possibleActions(holdActions(state, isSilent ? 'no-data' : 'held'), state, isElsewhere).map(action => ({
    action,
    does: choiceSentence(action, state, stage, working),
  }));
}

function choiceSentence(
  action: SnapshotAction,
  state: RunState,
  { name, environment, phase }: StageState,
  working: Release | undefined,
): string {
  const { number = 1, of = 1, canaryNodes = [], baselineNodes = [] } = phase ?? {};
  const next = number < of ? t('continues with phase {0} of {1}', number + 1, of) : t('ends as promoted');
  switch (action) {
    case 'look-again':
      return t(
        'Measures the same nodes again, with evidence from now on; nothing is deployed. If it passes, the run {0}.',
        next,
      );
    case 'promote':
      return t('Asks for a reason, then the run {0}. It is recorded as your decision, not as verified.', next);
    case 'hold':
      return t('Keeps the canary as it is until someone decides; nothing happens automatically.');
    case 'accept':
      return t(
        '{0} becomes a release to roll back to in {1}. The check hook runs first; nothing is deployed.',
        versionOf(state),
        plainLine(environment ?? name, 80),
      );
    case 'run-again':
      return t('Starts a new run, from the stage on hold if you like. It deploys again.');
    default:
      return [
        working
          ? t('{0} return to {1} and its configuration.', namesOf(canaryNodes), plainLine(working.artifact.version, 80))
          : t('{0} return to the last working release and its configuration.', namesOf(canaryNodes)),
        ...(baselineNodes.length ? [t('No other node is changed.')] : []),
      ].join(' ');
  }
}

function nextOf(state: RunState, stage: StageState, nowMs: number): OutlookSnapshot['next'] {
  const verification = latestVerification(stage);
  if (!verification) return [];
  const { intervalMs, durationMs, sinceMs, report } = verification;
  const silent = (report?.checks ?? [])
    .flatMap(({ reasons }) => reasons)
    .filter(({ code }) => code === 'silent')
    .map(reason => readers(reason).number('sinceMs'));
  const endsAtMs = durationMs === undefined ? undefined : sinceMs + durationMs,
    nodes = namesOf(stage.phase?.canaryNodes ?? []);
  return [
    ...(silent.length ? [{ at: formatTime(Math.max(...silent)), text: t('Last data'), about: 'past' as const }] : []),
    {
      at: formatTime(nowMs),
      text: intervalMs
        ? t('Now: queries every {0}. If data arrives, the verification continues.', formatDuration(intervalMs))
        : t('Now: if data arrives, the verification continues.'),
      about: 'now',
    },
    {
      at: endsAtMs === undefined || endsAtMs <= nowMs ? t('then') : formatTime(endsAtMs),
      text: t('Goes on hold. {0} stays on {1}, and you are asked.', versionOf(state), nodes),
      about: 'hold',
    },
  ];
}

function namesOf(nodes: readonly string[]): string {
  return formatList(nodes.map(node => plainLine(node, 80)));
}

function versionOf({ artifact }: RunState): string {
  return plainLine(artifact.version, 80);
}
