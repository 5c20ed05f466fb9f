// What an approver must know: what is asked, which checks have passed so far, and who can approve. Everything is from
// the run's journal and the ledger; unknown facts are left out.
import type { Artifact, Release } from '../../../model/release.ts';
import type { ApprovalStage } from '../../../model/pipeline.ts';
import { stagesOf, type QuestionState, type RunState, type StageState } from '../../../model/runs/runState.ts';
import type { RunEvent } from '../../../model/runs/runEvents.ts';
import { formatCount, formatDuration, formatList, joinParts } from '../../words/format.ts';
import { latestVerification } from '../../words/latestVerification.ts';
import { plainLine } from '../../words/plainText.ts';
import { t } from '../../words/translate.ts';
import { personName } from '../../words/words.ts';
import { approvedStage, plannedMs, type ApprovalFacts, type ApprovedStage } from './approvedStage.ts';
import type { ApprovalSubject } from './approvalSubject.ts';
import { snapshotCommits, type CommitsSnapshot } from './snapshotCommits.ts';
import { countChanges } from '../snapshotComparison.ts';
import type { FactSnapshot } from '../snapshotHeader.ts';

export interface ApprovalSnapshot {
  readonly question: string;
  readonly commentRequired: boolean;
  /** True if it also asks for values, which the editor collects. */
  readonly asksInputs: boolean;
  /** The environment that is compared. */
  readonly environment?: string;
  readonly stages: readonly ApprovedStage[];
  readonly checks: readonly CheckedStage[];
  /** `check hooks passed in 5 stages`. */
  readonly checked: string;
  /** True if nothing was verified yet, but what is approved will be. */
  readonly verifiedLater: boolean;
  readonly people: readonly { readonly name: string; readonly note: string; readonly may: boolean }[];
  /** `0 of 1 so far`. */
  readonly counted: string;
  readonly build?: { readonly name: string; readonly url: string };
  /** The commits between the current build and the new one. */
  readonly commits?: CommitsSnapshot;
}
export interface CheckedStage {
  readonly stage: string;
  readonly passed: boolean;
  /** The last line that its check hook printed, or the name of the hook; otherwise a text that there was none. */
  readonly what: string;
  readonly nodes: string;
  readonly took: string;
}
export function snapshotApproval(state: RunState, subject: ApprovalSubject, facts: ApprovalFacts): ApprovalSnapshot {
  const { question } = subject.asked,
    checks = stagesOf(state).flatMap(stage => checkedStage(stage, facts.events)),
    environment = environmentsOf(subject).at(-1),
    build = buildOf(state.artifact);
  const hooks = checks.filter(({ passed }) => passed).length;
  return {
    question: question.id,
    commentRequired: question.commentRequired,
    asksInputs: inputsOf(subject, facts.events).length > 0,
    ...(environment !== undefined && { environment }),
    stages: subject.stages.map(({ planned, phases }) => approvedStage(planned, phases, facts)),
    checks,
    checked: hooks ? t('check hooks passed in {0}', formatCount(hooks, 'stage')) : t('no check hook has run'),
    verifiedLater:
      stagesOf(state).every(stage => stage.verifications.length === 0) &&
      subject.stages.some(({ phases }) => phases.some(({ verification }) => verification?.sources.length)),
    people: peopleOf(state, subject.asked, facts.nowMs),
    counted: t('{0} of {1} so far', approvalsOf(subject.asked).length, question.minimum),
    ...(build && { build }),
    ...(facts.commits?.commits.length && { commits: snapshotCommits(facts.commits) }),
  };
}

/** The six facts above the stages. */
export function approvalFacts(
  state: RunState,
  subject: ApprovalSubject,
  facts: ApprovalFacts,
): readonly FactSnapshot[] {
  const { comparison, working, running } = facts,
    version = plainLine(state.artifact.version, 80),
    nodes = subject.stages.flatMap(({ planned, phases }) =>
      phases.length ? phases.at(-1)!.canaryNodes : planned.nodes,
    ),
    phases = subject.stages.reduce((sum, one) => sum + one.phases.length, 0),
    expected = expectedOf(subject, facts),
    build = buildOf(state.artifact);
  return [
    running
      ? { name: t('Version'), value: `${plainLine(running.artifact.version, 80)} → ${version}` }
      : { name: t('Version'), value: version, more: t('what runs there now is unknown') },
    ...(comparison ? [{ name: t('Configuration'), value: configurationWords(countChanges(comparison)) }] : []),
    ...(build ? [{ name: t('Build'), value: build.name }] : []),
    ...(nodes.length
      ? [
          {
            name: formatList(subject.stages.map(({ planned }) => plainLine(planned.stage.name, 80))),
            value: formatCount(new Set(nodes).size, 'node'),
            ...(phases && { more: t('in {0}', formatCount(phases, 'phase')) }),
          },
        ]
      : []),
    ...(expected ? [{ name: t('Expected'), ...expected }] : []),
    ...failureFact(subject, working),
  ];
}

function configurationWords(count: number): string {
  return count === 0 ? t('the same') : formatCount(count, 'differing setting');
}

function environmentsOf({ stages }: ApprovalSubject): readonly string[] {
  return [
    ...new Set(stages.flatMap(({ planned: { stage } }) => (stage.kind === 'approval' ? [] : [stage.environment]))),
  ];
}

/** The duration of earlier good runs; if there is none, the minimum time according to the plan. */
function expectedOf(subject: ApprovalSubject, { expectedMs }: ApprovalFacts): Omit<FactSnapshot, 'name'> | undefined {
  const usual = subject.stages.map(({ planned: { stage } }) => expectedMs?.(stage.name)),
    isWhole = subject.stages.every(({ planned, phases }) => phases.length === planned.phases.length);
  if (isWhole && usual.length > 0 && usual.every(ms => ms !== undefined))
    return {
      value: t('about {0}', formatDuration(usual.reduce((sum, ms) => sum + ms, 0))),
      more: t('as in earlier runs'),
    };
  const planned = subject.stages.reduce((sum, one) => sum + plannedMs(one.planned.stage, one.phases), 0);
  return planned > 0 ? { value: t('at least {0}', formatDuration(planned)), more: t('as planned') } : undefined;
}

function failureFact({ stages }: ApprovalSubject, working: Release | undefined): readonly FactSnapshot[] {
  const strategies = new Set(
    stages.flatMap(({ planned: { stage } }) => (stage.kind === 'approval' ? [] : [stage.onFailure.kind])),
  );
  const [only] = strategies;
  if (only === undefined || strategies.size > 1) return [];
  const name = t('If it fails');
  switch (only) {
    case 'rollback':
      return [
        working
          ? { name, value: plainLine(working.artifact.version, 80), more: t('automatically') }
          : { name, value: t('no earlier release'), more: t('nothing to roll back to') },
      ];
    case 'ask':
      return [{ name, value: t('asks a person') }];
    case 'stop':
      return [{ name, value: t('stops') }];
    case 'ignore':
      return [{ name, value: t('continues') }];
    default:
      return only satisfies never;
  }
}

/** A stage that has ended: its check hooks, and what was verified; a skipped one has nothing to show. */
function checkedStage(stage: StageState, events: readonly RunEvent[]): readonly CheckedStage[] {
  const { name, environment, status, startedAtMs, finishedAtMs } = stage;
  if (environment === undefined || startedAtMs === undefined || status === 'running' || status === 'skipped') return [];
  const hooks = new Map(
      stage.steps.filter(({ purpose }) => purpose === 'check').map(step => [step.nodes.join(), step]),
    ),
    nodes = [...hooks.values()].flatMap(step => step.nodes),
    good = [...hooks.values()].filter(step => step.status === 'succeeded'),
    checks = latestVerification(stage)?.report?.checks ?? [];
  const told = [...new Set(good.map(step => detailOf(step.key, events) ?? plainLine(step.hook, 80)))];
  return [
    {
      stage: plainLine(name, 80),
      passed: hooks.size > 0 && good.length === hooks.size,
      what: joinParts([
        told.length ? formatList(told, 2) : hooks.size ? t('the check hook failed') : t('no check hook'),
        checks.length > 0 &&
          t(
            '{0} of {1} passed',
            checks.filter(({ outcome }) => outcome === 'pass').length,
            formatCount(checks.length, 'check'),
          ),
      ]),
      nodes: nodes.length ? t('{0} of {1}', new Set(good.flatMap(step => step.nodes)).size, new Set(nodes).size) : '',
      took: formatDuration((finishedAtMs ?? startedAtMs) - startedAtMs),
    },
  ];
}

function detailOf(key: string, events: readonly RunEvent[]): string | undefined {
  const end = events.findLast(event => event.type === 'hook-finished' && event.key === key);
  if (end?.type !== 'hook-finished' || end.outcome.kind !== 'succeeded' || !end.outcome.detail) return undefined;
  return plainLine(end.outcome.detail, 120);
}

function peopleOf(state: RunState, asked: QuestionState, nowMs: number): ApprovalSnapshot['people'] {
  const { approvers, starterMayAnswer } = asked.question,
    starter = state.by.name,
    given = approvalsOf(asked).map(({ by }) => by.name);
  const note = (name: string): string =>
    given.includes(name) ? t('approved') : t('asked {0} ago', formatDuration(nowMs - asked.askedAtMs));
  const may = approvers
    .filter(name => starterMayAnswer || name !== starter)
    .map(name => ({ name: plainLine(name, 80), note: note(name), may: true }));
  const others = approvers.length
    ? []
    : [
        ...given.map(name => ({ name: plainLine(name, 80), note: t('approved'), may: true })),
        { name: starterMayAnswer ? t('Anyone') : t('Anyone else'), note: t('no approver is named'), may: true },
      ];
  return [
    ...may,
    ...others,
    ...(starterMayAnswer
      ? []
      : [{ name: personName(state.by), note: t('started this run and cannot approve it'), may: false }]),
  ];
}

function approvalsOf({ answers }: QuestionState) {
  return answers.flatMap(({ answer, refused }) => (answer.type === 'approve' && refused === undefined ? [answer] : []));
}

function inputsOf({ asked, stages }: ApprovalSubject, events: readonly RunEvent[]): ApprovalStage['inputs'] {
  const [begun] = events;
  const stage = (begun?.type === 'run-started' ? (begun.fixed?.stages ?? []) : [])
    .flat()
    .find(one => one.name === asked.question.stage);
  if (stage?.kind === 'approval') return stage.inputs;
  const next = stages[0]?.phases[0]?.number ?? 0;
  return stage?.kind === 'canary' ? (stage.phases[next - 2]?.approval?.inputs ?? []) : [];
}

function buildOf({ build }: Artifact): ApprovalSnapshot['build'] {
  return build && { name: `${plainLine(build.job, 80)} #${build.number}`, url: plainLine(build.url, 500) };
}
