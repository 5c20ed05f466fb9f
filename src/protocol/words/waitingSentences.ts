// Explains why a run waits for a person, or cannot measure: what was found, where, and what happens without an answer.
import {
  openQuestions,
  stagesOf,
  type QuestionState,
  type RunState,
  type StageState,
} from '../../model/runs/runState.ts';
import type { Check, ClusterReport, LogsCheck, Reason } from '../../model/evidence/verdict.ts';
import { formatCount, formatDuration, formatList, formatMoment, formatTime } from './format.ts';
import { plainLine } from './plainText.ts';
import { latestVerification } from './latestVerification.ts';
import { readers, reasonSentence } from './reasonSentences.ts';
import { t } from './translate.ts';
import { personName } from './words.ts';

/** `exceptions`: new log events that failed the check; the text is whole without them. */
export interface WaitingReason {
  readonly kind: 'approval' | 'decision' | 'held' | 'no-data';
  /** `4 new exceptions on the canary: roll back?` */
  readonly headline: string;
  /** `NullPointerException, SQLSyntaxErrorException and 2 more: 12 lines on prod-01 and prod-02`; may be empty. */
  readonly detail: string;
  /** `Rolls back automatically at 16:25 (14:52 left).`; empty if nothing happens automatically. */
  readonly automatic: string;
  /** The time that passes until then; absent if nothing happens automatically. */
  readonly span?: { readonly fromMs: number; readonly untilMs: number };
}

/** Why the run waits for a person; undefined if it does not. */
export function waitingReason(state: RunState, nowMs: number): WaitingReason | undefined {
  const open = state.outcome === undefined ? openQuestions(state)[0] : undefined;
  if (!open) return undefined;
  const { deadlineMs } = open.question,
    reason = questionReason(state, open);
  if (deadlineMs <= 0) return { ...reason, automatic: '' };
  return {
    ...reason,
    automatic: automaticSentence(open.question, clockAndRest(deadlineMs, nowMs)),
    span: { fromMs: open.askedAtMs, untilMs: deadlineMs },
  };
}

/** The reason of a question without its times. */
export function questionReason(
  state: RunState,
  { question, askedAtMs }: QuestionState,
): Omit<WaitingReason, 'automatic' | 'span'> {
  switch (question.kind) {
    case 'approval':
      return {
        kind: 'approval',
        headline: approvalHeadline(state, question.stage),
        detail: [
          plainLine(question.message, 300),
          t('Requested by {0} at {1}.', personName(state.by), formatTime(askedAtMs)),
        ]
          .filter(Boolean)
          .join(' '),
      };
    case 'ask':
      return { kind: 'decision', ...decisionReason(checksOf(state, question.stage, 'fail'), question.message) };
    case 'hold':
      return { kind: 'held', ...holdReason(state, question) };
    default:
      return question.kind satisfies never;
  }
}

/** A failed check is mentioned before missing data, because a metric may only hold the run. */
function holdReason(state: RunState, { stage, message }: QuestionState['question']) {
  const failed = checksOf(state, stage, 'fail').flatMap(({ reasons: [first] }) =>
    first ? [reasonSentence(first)] : [],
  );
  if (failed.length > 0) return { headline: plainLine(message, 300), detail: failed.join('; ') };
  const headline = inconclusiveSentence(checksOf(state, stage, 'inconclusive'));
  return { headline: headline ?? plainLine(message, 300), detail: headline ? t('No check failed.') : '' };
}

/** `Inconclusive: error rate has 16 of 17 required intervals`; undefined if every check decided. */
export function inconclusiveSentence(checks: readonly Check[]): string | undefined {
  const unclear = checks.filter(check => check.outcome === 'inconclusive'),
    [first, ...others] = unclear;
  const reason = first?.reasons[0];
  if (!first || !reason) return undefined;
  const sentence = t('Inconclusive: {0}', missingNumber(first) ?? reasonSentence(reason));
  return others.length
    ? `${sentence}; ${t('{0} without a verdict', formatCount(others.length, 'more check'))}`
    : sentence;
}

/**
 * `No data from prod-01, prod-02 for 1:43`, from what the latest evaluation of a running verification found; undefined
 * if every canary node reports.
 */
export function noDataReason(state: RunState, nowMs: number): WaitingReason | undefined {
  if (state.outcome !== undefined) return undefined;
  for (const stage of stagesOf(state).filter(one => one.status === 'running')) {
    const verification = latestVerification(stage);
    const silence = verification?.report?.checks.flatMap(check => check.reasons).find(isSilence);
    if (!silence || !verification) continue;
    const { number, text } = readers(silence),
      endsAtMs = verification.durationMs === undefined ? undefined : verification.sinceMs + verification.durationMs;
    return {
      kind: 'no-data',
      headline: silentSentence(text('side') === 'every' ? [] : text('nodes').split(', '), number('sinceMs'), nowMs),
      detail: t('The verification cannot finish without data. Nothing is promoted.'),
      automatic:
        endsAtMs === undefined || endsAtMs <= nowMs
          ? t('Goes on hold if no data arrives.')
          : t('Goes on hold after {0} if no data arrives.', clockAndRest(endsAtMs, nowMs)),
      ...(endsAtMs !== undefined && { span: { fromMs: verification.sinceMs, untilMs: endsAtMs } }),
    };
  }
  return undefined;
}

/** Canary nodes sent nothing: a silent baseline is another matter. */
export function isSilence({ code, values }: Reason): boolean {
  return code === 'silent' && values['side'] !== 'baseline';
}

/** `No data from prod-01, prod-02 for 1:43`; without names, no node reports. */
export function silentSentence(nodes: readonly string[], sinceMs: number, nowMs: number): string {
  const forTime = formatDuration(nowMs - sinceMs);
  if (nodes.length === 0) return t('No data from any node for {0}', forTime);
  const more = nodes.length - mostNames,
    names = nodes.slice(0, mostNames).map(node => plainLine(node, 80));
  return t('No data from {0} for {1}', [...names, ...(more > 0 ? [t('{0} more', more)] : [])].join(', '), forTime);
}

/** `Production waits for production, which is used by #127`. */
export function queuedSentence(stage: string, environment: string, heldBy: string): string {
  return t(
    '{0} waits for {1}, which is used by {2}',
    plainLine(stage, 80),
    plainLine(environment, 80),
    plainLine(heldBy, 200),
  );
}

const mostNames = 4,
  namedExceptions = 2;

/** `InventoryReservationException` of a log event's template; a log event without an exception's name is cut. */
export function exceptionName(template: string): string {
  const name = /([A-Z]\w{0,99}(?:Exception|Error))\b/.exec(template.slice(0, 400))?.[1];
  return name ?? `“${plainLine(template.replaceAll('<*>', '…'), 48)}”`;
}

/** `16:25 (14:52 left)`, with the day if it is another one. */
function clockAndRest(atMs: number, nowMs: number): string {
  return t('{0} ({1} left)', clockOf(atMs, nowMs), formatDuration(atMs - nowMs));
}

function clockOf(atMs: number, nowMs: number): string {
  const moment = formatMoment(atMs),
    isToday = moment.slice(0, 10) === formatMoment(nowMs).slice(0, 10);
  return isToday ? moment.slice(11) : moment;
}

/** `Rejects automatically at 16:25.`, for a text that is not updated; empty if nothing more happens automatically. */
export function automaticAt({ question }: Pick<QuestionState, 'question'>, nowMs: number): string {
  const { deadlineMs } = question;
  return deadlineMs <= nowMs ? '' : automaticSentence(question, clockOf(deadlineMs, nowMs));
}

function automaticSentence({ otherwise }: QuestionState['question'], when: string): string {
  switch (otherwise) {
    case 'reject':
      return t('Rejects automatically at {0}.', when);
    case 'hold':
      return t('Ends as held at {0}.', when);
    case 'rollback':
      return t('Rolls back automatically at {0}.', when);
    default:
      return otherwise satisfies never;
  }
}

/** Between two phases of a canary it is the next phase that is approved, otherwise the next stages. */
function approvalHeadline({ groups, service, artifact }: RunState, stage: string): string {
  const at = groups.findIndex(group => group.some(one => one.name === stage)),
    next = (groups[at + 1] ?? []).map(one => plainLine(one.name, 80));
  const what = `${plainLine(service, 80)} ${plainLine(artifact.version, 80)}`;
  const phase = groups.flat().find(one => one.name === stage)?.phase;
  if (phase) return t('Approve {0} for phase {1} of {2}?', what, phase.number + 1, plainLine(stage, 80));
  return next.length ? t('Approve {0} for {1}?', what, formatList(next)) : t('Approve {0}?', what);
}

function decisionReason(failed: readonly Check[], message: string): Pick<WaitingReason, 'headline' | 'detail'> {
  const logs = failed.find((check): check is LogsCheck => check.kind === 'logs'),
    unknown = (logs?.clusters ?? []).filter(cluster => cluster.class === 'unknown');
  const others = failed.filter(check => check !== logs || unknown.length === 0);
  const told = others.flatMap(({ reasons: [first] }) => (first ? [reasonSentence(first)] : []));
  if (unknown.length > 0)
    return { headline: unknownHeadline(unknown), detail: [unknownDetail(unknown), ...told].join('; ') };
  const [first, ...more] = told;
  return first === undefined
    ? { headline: plainLine(message, 300), detail: '' }
    : { headline: t('{0}: roll back?', first), detail: more.join('; ') };
}

function unknownHeadline(unknown: readonly ClusterReport[]): string {
  const what = formatCount(unknown.length, areExceptions(unknown) ? 'new exception' : 'new log event');
  return t('{0} on the canary: roll back?', what);
}

function unknownDetail(unknown: readonly ClusterReport[]): string {
  const names = [...new Set(unknown.map(({ template }) => exceptionName(template)))],
    more = names.length - namedExceptions;
  const lines = unknown.reduce((sum, { canaryCount }) => sum + canaryCount, 0),
    nodes = [
      ...new Set(unknown.flatMap(one => Object.entries(one.nodes).flatMap(([node, n]) => (n > 0 ? [node] : [])))),
    ];
  const named = formatList([...names.slice(0, namedExceptions), ...(more > 0 ? [t('{0} more', more)] : [])]);
  const counted = formatCount(lines, 'line');
  return nodes.length
    ? t('{0}: {1} on {2}', named, counted, formatList(nodes.sort().map(node => plainLine(node, 80))))
    : t('{0}: {1}', named, counted);
}

function areExceptions(unknown: readonly ClusterReport[]): boolean {
  return unknown.every(({ template }) => /(?:Exception|Error)\b/.test(template.slice(0, 400)));
}

/** `error rate has 16 of 17 required intervals`. */
function missingNumber({ name, reasons }: Check): string | undefined {
  const reason = reasons[0];
  if (reason?.code !== 'not-enough-data') return undefined;
  const { number, text } = readers(reason),
    figures = [plainLine(name, 80), number('have'), number('need')] as const;
  switch (text('what')) {
    case 'requests':
      return t('{0} has {1} of {2} required requests', ...figures);
    case 'intervals':
      return t('{0} has {1} of {2} required intervals', ...figures);
    case 'seconds':
      return t('{0} has {1} of {2} required seconds', ...figures);
    default:
      return undefined;
  }
}

function checksOf(state: RunState, stageName: string, outcome: Check['outcome']): readonly Check[] {
  const stage: StageState | undefined = stagesOf(state).find(one => one.name === stageName);
  const checks = (stage && latestVerification(stage)?.report?.checks) ?? [];
  return checks.filter(check => check.outcome === outcome);
}
