// Decides when to interrupt the user, with which message and which actions. Pure; notify.ts shows the result.
import { compareReleases, type Release } from '../../model/release.ts';
import { openQuestions, stagesOf, type QuestionState, type RunState } from '../../model/runs/runState.ts';
import { formatCount, formatList } from '../../protocol/words/format.ts';
import { plainLine } from '../../protocol/words/plainText.ts';
import { actionSentence, verdictSentence } from '../../protocol/words/verdictSentence.ts';
import { latestVerification } from '../../protocol/words/latestVerification.ts';
import { automaticAt, noDataReason, questionReason } from '../../protocol/words/waitingSentences.ts';
import type { Translate } from '../../protocol/words/translate.ts';
import { closedWord, personName } from '../../protocol/words/words.ts';

export type NoticeKind = 'approval' | 'decision' | 'held' | 'rolledBack' | 'runFailed' | 'runFinished';
export type NoticeAction =
  'approve' | 'reject' | 'rollBack' | 'continue' | 'verifyAgain' | 'evidence' | 'logs' | 'open';

export interface Notice {
  /** A window shows each key only once. */
  readonly key: string;
  readonly kind: NoticeKind;
  readonly severity: 'info' | 'warning' | 'error';
  readonly text: string;
  readonly actions: readonly NoticeAction[];
  readonly runId: string;
  readonly question?: string;
}

export interface NoticeOptions {
  /** The release that an approval would deploy to the environment, if known. */
  readonly running?: Release;
  readonly nowMs: number;
  /** True if the window has the focus. */
  readonly isFocused: boolean;
  /** True if this window saw the run in progress; the end of an older run is not news. */
  readonly sawItRun: boolean;
  readonly number?: number;
}

export function noticesOf(state: RunState, options: NoticeOptions, t: Translate): readonly Notice[] {
  if (state.outcome === undefined) {
    const asked = openQuestions(state).map(one => askNotice(state, one, options, t));
    const silence = asked.length ? undefined : silenceNotice(state, options.nowMs);
    return silence ? [silence] : asked;
  }
  const end = options.sawItRun ? endNotice(state, options, t) : undefined;
  return end ? [end] : [];
}

/** True while it is still worth showing: the question is open, or the notice is about an end. */
export function isCurrent(notice: Notice, state: RunState | undefined): boolean {
  if (notice.question === undefined) return true;
  return (
    state?.outcome === undefined &&
    state !== undefined &&
    openQuestions(state).some(({ question }) => question.id === notice.question)
  );
}

/** Answers an action that comes too late: how the question was closed, and the state of the run. */
export function staleSentence({ question }: Notice, state: RunState | undefined, t: Translate): string {
  if (!state) return t('This run is not listed any more.');
  const asked = state.questions.find(one => one.question.id === question);
  const people = asked?.answers
    .filter(({ refused }) => refused === undefined)
    .map(({ answer }) => personName(answer.by));
  const closed = asked?.closed === undefined ? t('no longer needed') : closedWord(asked.closed);
  const how = people?.length ? t('{0} by {1}', closed, formatList(people)) : closed;
  return `${t('{0} no longer waits for an answer: {1}.', subject(state), how)} ${verdictSentence(state)}.`;
}

function askNotice(state: RunState, asked: QuestionState, options: NoticeOptions, t: Translate): Notice {
  const { question } = asked;
  const common = { key: `${state.runId}/${question.id}/${asked.askedAtMs}`, runId: state.runId, question: question.id };
  const message = plainLine(question.message, 300);
  const left = automaticAt(asked, options.nowMs);
  switch (question.kind) {
    case 'approval':
      return {
        ...common,
        kind: 'approval',
        severity: 'info',
        actions: ['approve', 'reject', 'evidence'],
        text: [
          `${subject(state)}: ${message || t('Continue?')}`,
          t('Requested by {0}.', personName(state.by)),
          changeSentence(options.running, state.release, t),
          progressSentence(state, t),
          left,
        ]
          .filter(Boolean)
          .join(' '),
      };
    case 'ask':
      return {
        ...common,
        kind: 'decision',
        severity: 'warning',
        actions: ['rollBack', 'continue', 'evidence'],
        text: reasonText(state, asked, left),
      };
    case 'hold':
      return {
        ...common,
        kind: 'held',
        severity: 'warning',
        actions: ['rollBack', 'continue', 'verifyAgain', 'evidence'],
        text: reasonText(state, asked, left),
      };
    default:
      return question.kind satisfies never;
  }
}

function endNotice(state: RunState, { isFocused }: NoticeOptions, t: Translate): Notice | undefined {
  const common = { key: `${state.runId}/end`, runId: state.runId };
  const said = `${subject(state)}: ${verdictSentence(state)}. ${actionSentence(state)}`;
  const hasEvidence = stagesOf(state).some(stage => stage.verifications.length > 0);
  const look: readonly NoticeAction[] = hasEvidence ? ['evidence'] : ['open'];
  switch (state.outcome) {
    case undefined:
      return undefined;
    case 'rolled-back':
      return { ...common, kind: 'rolledBack', severity: 'warning', text: said, actions: look };
    case 'failed':
      return { ...common, kind: 'runFailed', severity: 'error', text: said, actions: ['logs', ...look] };
    case 'held':
      return { ...common, kind: 'held', severity: 'warning', text: said, actions: look };
    case 'promoted':
    case 'rejected':
    case 'cancelled':
    case 'overtaken':
      return isFocused
        ? undefined
        : {
            ...common,
            kind: 'runFinished',
            severity: 'info',
            text: state.outcome === 'promoted' ? said : t('{0} ended: {1}.', subject(state), verdictSentence(state)),
            actions: ['open'],
          };
    default:
      return state.outcome satisfies never;
  }
}

export function subject(state: RunState): string {
  return `${plainLine(state.service, 60)} ${plainLine(state.artifact.version, 40)}`;
}

export function changeSentence(running: Release | undefined, next: Release, t: Translate): string {
  if (!running) return '';
  const { version, files, variables } = compareReleases(running, next);
  const parts = [
    version ? `${plainLine(version.from, 40)} → ${plainLine(version.to, 40)}` : '',
    files.length ? formatCount(files.length, 'file') : '',
    variables.length ? formatCount(variables.length, 'variable') : '',
  ].filter(Boolean);
  return parts.length ? t('Changes {0}.', parts.join(', ')) : t('Changes nothing.');
}

export function progressSentence(state: RunState, t: Translate): string {
  const passed = stagesOf(state).filter(stage => stage.status === 'passed').length;
  const checks = stagesOf(state)
    .flatMap(stage => stage.steps)
    .filter(step => step.purpose === 'check' && step.status === 'succeeded').length;
  return t('{0} of {1} stages and {2} check hooks passed.', passed, stagesOf(state).length, checks);
}

/**
 * `storefront 2.14.0: 4 new exceptions on the canary: roll back? NullPointerException … on prod-01.`, and the time
 * left.
 */
function reasonText(state: RunState, asked: QuestionState, left: string): string {
  const { headline, detail } = questionReason(state, asked);
  return [asSentence(`${subject(state)}: ${headline}`), asSentence(detail), left].filter(Boolean).join(' ');
}

function asSentence(text: string): string {
  return text === '' || /[.?!…]$/.test(text) ? text : `${text}.`;
}

/** Silent nodes are reported once for each verification; no answer is required yet. */
function silenceNotice(state: RunState, nowMs: number): Notice | undefined {
  const reason = noDataReason(state, nowMs);
  const running = stagesOf(state).find(({ status }) => status === 'running');
  const verification = running && latestVerification(running);
  if (!reason || !verification) return undefined;
  return {
    key: `${state.runId}/silent/${verification.key}`,
    kind: 'held',
    severity: 'warning',
    actions: ['evidence', 'rollBack'],
    runId: state.runId,
    text: [`${subject(state)}: ${reason.headline}.`, reason.detail, reason.automatic].join(' '),
  };
}
