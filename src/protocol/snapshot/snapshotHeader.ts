// The head of the run panel: the verdict, whether anyone must act, the possible actions, and the facts behind a
// decision.
import { openQuestions, speaksForPhase, stagesOf } from '../../model/runs/runState.ts';
import type { RunState, StageState } from '../../model/runs/runState.ts';
import { isUnverified } from '../../model/runs/verified.ts';
import type { Release, ReleaseDifference } from '../../model/release.ts';
import type { RunEvent } from '../../model/runs/runEvents.ts';
import { confidenceOf, formatConfidence } from '../words/confidence.ts';
import { formatCount, formatDuration, formatList, joinParts, formatMoment, formatTime } from '../words/format.ts';
import { plainLine } from '../words/plainText.ts';
import { holdActions, possibleActions, staysSentence } from './outlook/snapshotOutlook.ts';
import type { SnapshotAction } from '../panelActions.ts';
import type { CheckSnapshot } from './snapshotChecks.ts';
import { t } from '../words/translate.ts';
import { noDataReason, waitingReason, type WaitingReason } from '../words/waitingSentences.ts';
import { actionSentence, verdictSentence } from '../words/verdictSentence.ts';
import { decisionWord, personName } from '../words/words.ts';

export interface HeaderSnapshot {
  readonly service: string;
  /** `version 2.14.0 by maria, 2026-11-23 14:02 to 14:13:45`. */
  readonly about: string;
  readonly tone: 'bad' | 'good' | 'warn' | 'live' | 'neutral';
  readonly verdict: string;
  readonly action: string;
  /** What the verdict rests on: names, lines, nodes. */
  readonly detail?: string;
  /** Until something happens without an answer. */
  readonly leftMs?: number;
  /** The share of that time that is left, in [0, 1]. */
  readonly leftShare?: number;
  /** Why a person is asked, or what cannot be measured. */
  readonly waits?: WaitingReason['kind'];
  readonly facts: readonly FactSnapshot[];
  /** The most likely action first; the first one is primary. */
  readonly actions: readonly SnapshotAction[];
}

export interface FactSnapshot {
  readonly name: string;
  readonly value: string;
  readonly more?: string;
  /** A share in [0, 1], drawn as a bar; `isOver`: it has reached its limit. */
  readonly meter?: { readonly share: number; readonly isOver: boolean };
}
export interface HeaderFacts {
  readonly events: readonly RunEvent[];
  readonly nowMs: number;
  readonly checks: readonly CheckSnapshot[];
  /** The number of the run in the store. */
  readonly number?: number;
  /** What a rollback would restore. */
  readonly working?: Release;
  /** The pipeline of the run is in no open folder. */
  readonly isElsewhere?: boolean;
  /** What an approver reads first. */
  readonly approval?: readonly FactSnapshot[];
}

export function snapshotHeader(state: RunState, facts: HeaderFacts): HeaderSnapshot {
  const reason = reasonOf(state, facts.nowMs),
    wanted = actionsOf(state, reason?.kind),
    actions = possibleActions(wanted, state, facts.isElsewhere);
  const detail = joinParts(
    [
      reason?.detail,
      staysSentence(state, reason?.kind),
      actions.length < wanted.length &&
        t('The pipeline of this run is not in an open folder. Open its repository to act on it.'),
    ],
    ' ',
  );
  return {
    service: plainLine(state.service, 80),
    about: aboutOf(state, facts.number),
    tone: reason ? 'warn' : toneOf(state),
    verdict: reason?.headline ?? verdictSentence(state),
    action: joinParts(
      [
        reason?.kind === 'no-data' ? t('No action needed yet.') : actionSentence(state),
        reason?.automatic,
        ...(reason ? [] : paceSentence(facts)),
      ],
      ' ',
    ),
    ...(reason && { waits: reason.kind }),
    ...leftOf(reason, facts.nowMs),
    ...(detail && { detail }),
    actions,
    facts: facts.approval ?? [...factsOf(state, facts), ...liveFacts(state, facts)],
  };
}

function leftOf(reason: WaitingReason | undefined, nowMs: number): Pick<HeaderSnapshot, 'leftMs' | 'leftShare'> {
  if (!reason?.span) return {};
  const { fromMs, untilMs } = reason.span,
    leftMs = Math.max(0, untilMs - nowMs);
  return { leftMs, leftShare: Math.min(1, leftMs / Math.max(1, untilMs - fromMs)) };
}

/** Why a person is asked, or what cannot be measured; undefined if neither. */
export function reasonOf(state: RunState, nowMs: number): WaitingReason | undefined {
  return state.interruptedAtMs === undefined ? (waitingReason(state, nowMs) ?? noDataReason(state, nowMs)) : undefined;
}

function aboutOf(state: RunState, number: number | undefined): string {
  const started = formatMoment(state.startedAtMs),
    when = state.finishedAtMs === undefined ? started : t('{0} to {1}', started, formatTime(state.finishedAtMs));
  return [
    ...(number === undefined ? [] : [t('run #{0}', number)]),
    t('version {0} by {1}', version(state), personName(state.by)),
    when,
  ].join(', ');
}

function toneOf(state: RunState): HeaderSnapshot['tone'] {
  switch (state.outcome) {
    case undefined:
      return openQuestions(state).length ? 'warn' : 'live';
    case 'promoted':
      return isUnverified(state) ? 'warn' : 'good';
    case 'held':
    case 'overtaken':
      return 'warn';
    case 'rolled-back':
    case 'failed':
    case 'rejected':
      return 'bad';
    case 'cancelled':
      return 'neutral';
    default:
      return state.outcome satisfies never;
  }
}

function actionsOf(state: RunState, reason: WaitingReason['kind'] | undefined): readonly SnapshotAction[] {
  const onHold = holdActions(state, reason);
  if (onHold.length > 0) return [...onHold, 'compare-releases'];
  if (state.outcome !== undefined)
    return state.outcome === 'promoted' || state.outcome === 'held'
      ? ['compare-releases', 'roll-back']
      : ['compare-releases', 'run-again'];
  const canary = stagesOf(state).find(stage => stage.phase && stage.status === 'running' && !stage.rollback);
  const question = openQuestions(state)[0]?.question;
  if (question?.kind === 'approval') return ['approve', 'reject', 'view-diff'];
  return canary
    ? ['roll-back', 'promote', ...(question ? [] : (['hold'] as const)), 'compare-releases']
    : ['compare-releases', 'cancel'];
}

/** Shown only while the verification runs and the evidence grows. */
function paceSentence({ checks, nowMs }: HeaderFacts): readonly string[] {
  const soonest = checks
    .flatMap(({ name, evidence }) => (evidence?.sureByMs === undefined ? [] : [{ name, byMs: evidence.sureByMs }]))
    .sort((left, right) => left.byMs - right.byMs)[0];
  return !soonest
    ? []
    : [t('At this rate, {0} fails in about {1}.', soonest.name, formatDuration(Math.max(1_000, soonest.byMs - nowMs)))];
}

/** For a running verification: how close it is to a failure, when the next evaluation is, and when it must decide. */
function liveFacts(state: RunState, { checks, nowMs }: HeaderFacts): HeaderSnapshot['facts'] {
  const running = stagesOf(state)
    .flatMap(stage => stage.verifications)
    .find(one => one.status === 'running' && speaksForPhase(one));
  if (state.outcome !== undefined || !running?.report || openQuestions(state).length) return [];
  const { intervalMs, durationMs, sinceMs, report } = running;
  const [nearest] = checks
    .flatMap(({ running: isRunning, evidence }) =>
      isRunning && evidence ? [{ value: evidence.looks.at(-1)?.evidence ?? 0, threshold: evidence.threshold }] : [],
    )
    .sort((left, right) => right.value / right.threshold - left.value / left.threshold);
  const untilMs = durationMs === undefined ? undefined : sinceMs + durationMs;
  return [
    ...(nearest
      ? [
          {
            name: t('Confidence it is worse'),
            value: formatConfidence(nearest.value),
            more: t('fails at {0}', formatConfidence(nearest.threshold)),
            meter: { share: confidenceOf(nearest.value), isOver: nearest.value >= nearest.threshold },
          },
        ]
      : []),
    ...(intervalMs === undefined
      ? []
      : [
          {
            name: t('Next evaluation'),
            value:
              report.lookedAtMs + intervalMs > nowMs
                ? t('in {0}', `${Math.ceil((report.lookedAtMs + intervalMs - nowMs) / 1000)} s`)
                : t('now'),
          },
        ]),
    ...(untilMs === undefined
      ? []
      : [
          {
            name: t('Evaluates until'),
            value: formatTime(untilMs),
            more: untilMs > nowMs ? t('in {0}', formatDuration(untilMs - nowMs)) : t('responses may still arrive'),
          },
        ]),
  ];
}

function factsOf(state: RunState, { events, nowMs, working }: HeaderFacts): HeaderSnapshot['facts'] {
  const stage = stagesOf(state).findLast(one => one.rollback) ?? stagesOf(state).findLast(one => one.phase);
  const rollback = stage?.rollback;
  const decided = stage?.decisions.findLast(one => one.decision !== 'continue');
  const question = openQuestions(state)[0];
  return [
    {
      name: t('Artifact'),
      value: rollback ? `${version(state)} → ${plainLine(rollback.to.artifact.version, 80)}` : version(state),
    },
    ...(rollback
      ? [configurationFact(rollback.difference)]
      : working && state.outcome === undefined
        ? [{ name: t('Rolls back to'), value: plainLine(working.artifact.version, 80) }]
        : []),
    ...(rollback?.finishedAtMs !== undefined
      ? [{ name: t('Rolled back in'), value: formatDuration(rollback.finishedAtMs - rollback.startedAtMs) }]
      : []),
    ...(rollback?.provenAtMs !== undefined && rollback.proof?.health === 'healthy'
      ? [{ name: t('Verified healthy after'), value: formatDuration(rollback.provenAtMs - rollback.startedAtMs) }]
      : []),
    ...(stage ? exposureFact(state, stage, events, nowMs) : []),
    ...(decided
      ? [{ name: t('Decision'), value: decisionWord(decided.decision), more: t('by {0}', personName(decided.by)) }]
      : []),
    ...(question && question.question.deadlineMs > 0 && state.outcome === undefined
      ? [
          {
            name: t('Answer due'),
            value: t('in {0}', formatDuration(question.question.deadlineMs - nowMs)),
            more: t('until {0}', formatTime(question.question.deadlineMs)),
          },
        ]
      : []),
    ...(stage
      ? []
      : [{ name: t('Duration'), value: formatDuration((state.finishedAtMs ?? nowMs) - state.startedAtMs) }]),
  ];
}

function configurationFact({ files, variables }: ReleaseDifference): HeaderSnapshot['facts'][number] {
  const names = [...files.map(file => file.path), ...variables.map(variable => variable.name)].map(name =>
    plainLine(name, 80),
  );
  return names.length === 0
    ? { name: t('Configuration'), value: t('the same') }
    : {
        name: t('Configuration'),
        value: formatCount(names.length, variables.length ? 'differing key' : 'differing file'),
        more: formatList(names, 3),
      };
}

/** Number of nodes that served requests with the new release, and for how long. */
function exposureFact(
  state: RunState,
  stage: StageState,
  events: readonly RunEvent[],
  nowMs: number,
): HeaderSnapshot['facts'] {
  const { phase, rollback } = stage;
  const first = events.find(
    event =>
      event.type === 'nodes-changed' && event.environment === stage.environment && event.release === state.release.id,
  )?.at;
  if (!phase || first === undefined) return [];
  const until = rollback?.finishedAtMs ?? state.finishedAtMs ?? nowMs;
  const nodes = rollback?.nodes.length ?? phase.canaryNodes.length;
  return [
    {
      name: state.outcome === 'promoted' ? t('Runs on') : t('Affected'),
      value: t('{0} of {1}', nodes, formatCount(phase.canaryNodes.length + phase.baselineNodes.length, 'node')),
      more: t('for {0}', formatDuration(until - first)),
    },
  ];
}

function version(state: RunState): string {
  return plainLine(state.artifact.version, 80);
}
