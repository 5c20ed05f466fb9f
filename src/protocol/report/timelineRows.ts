// Each event of a run in words, as rows of its timeline.
import { stagesOf } from '../../model/runs/runState.ts';
import type { QuestionState, RunState, StageState } from '../../model/runs/runState.ts';
import type { Instruction, RunEvent, RunEventBody, RunOutcome, StageOutcome } from '../../model/runs/runEvents.ts';
import type { Artifact, Release, ReleaseDifference } from '../../model/release.ts';
import type { Outcome, VerificationReport } from '../../model/evidence/verdict.ts';
import { proofPhrase } from './rollbackProof.ts';
import { formatCount, formatDuration, formatList, formatShare, shortId } from '../words/format.ts';
import { plainLine } from '../words/plainText.ts';
import {
  checkSentence,
  decisionSentence,
  failureSentence,
  forecastSentence,
  reasonSentence,
} from '../words/sentences.ts';
import type { TimelineRow } from './timelineRow.ts';
import { t } from '../words/translate.ts';
import { decisionWord, markWord, personName, standingWord } from '../words/words.ts';

export type RowParts = Partial<Pick<TimelineRow, 'atMs' | 'about' | 'level' | 'tone' | 'durationMs'>> & {
  readonly text: string;
};

/** What rows need from earlier events. */
export interface RowMemory {
  /** Connection of a marker, by key. */
  readonly connections: Map<string, string>;
  /** Verifications whose forecast has been told. */
  readonly forecast: Set<string>;
}
type Describe<T extends RunEventBody['type']> = (
  event: RunEvent & { type: T },
  state: RunState,
  memory: RowMemory,
) => readonly RowParts[];

/** One entry for each type of event: a new type does not compile before it has words. */
export const rowsOf: { readonly [T in RunEventBody['type']]: Describe<T> } = {
  'run-started': ({ pipeline, artifact, by, resumes }) => [
    {
      level: 'key',
      text: `${t('{0} {1} started by {2}', plainLine(pipeline, 80), version(artifact), personName(by))}${resumes ? `, ${t('from {0} on', plainLine(resumes.from, 80))}` : ''}`,
    },
  ],
  'run-resumed': ({ by }) => [{ tone: 'warn', text: t('Resumed by {0}', personName(by)) }],
  'environment-waited-for': ({ stage, environment, heldBy }) => [
    {
      tone: 'warn',
      text: t(
        '{0} waits for {1}, which is used by {2}',
        plainLine(stage, 80),
        plainLine(environment, 80),
        plainLine(heldBy, 200),
      ),
    },
  ],
  'stage-started': ({ stage }) => [{ level: 'detail', text: t('{0} started', plainLine(stage, 80)) }],
  'stage-finished': (event, state) => [finishedStage(event, stageNamed(state, event.stage))],
  'hook-intended': ({ call }) => [
    {
      level: 'detail',
      text: `${t('{0}: {1} started', plainLine(call.stage, 80), hookPhrase(call.hook, call.nodes))}${call.attempt > 1 ? `, ${t('attempt {0}', call.attempt)}` : ''}`,
    },
  ],
  'hook-finished': (event, state) => finishedHook(event, state),
  'retry-scheduled': ({ afterMs }) => [{ tone: 'warn', text: t('Retries in {0}', formatDuration(afterMs)) }],
  'phase-started': ({ stage, phase, of, nodes, canaryNodes, baselineNodes }) => [
    {
      text: t(
        '{0}: phase {1} of {2}, {3} of the nodes, upgrades {4}',
        plainLine(stage, 80),
        phase,
        of,
        formatShare(canaryNodes.length / Math.max(1, canaryNodes.length + baselineNodes.length)),
        names(nodes),
      ),
    },
  ],
  'phase-finished': ({ stage, phase, decision }) => [
    {
      level: 'detail',
      text: t('{0}: phase {1} ended, decision {2}', plainLine(stage, 80), phase, decisionWord(decision)),
    },
  ],
  'nodes-changed': ({ nodes, release }, state) => [changedNodes(nodes, release, state)],
  'marker-intended': ({ key, connection }, _state, memory) => {
    memory.connections.set(key, connection);
    return [];
  },
  'marker-finished': ({ key, failure }, _state, memory) => {
    const where = plainLine(memory.connections.get(key) ?? t('the monitoring'), 80);
    return [
      failure
        ? { tone: 'warn', text: t('No marker in {0}: {1}', where, failureSentence(failure)) }
        : { text: t('Marked in {0}', where) },
    ];
  },
  'verification-started': event => [{ level: 'detail', text: startedVerification(event) }],
  looked: ({ report, key }, _state, memory) => {
    if (memory.forecast.has(key) || !report.checks.some(check => check.kind === 'metric' && check.forecast)) return [];
    memory.forecast.add(key);
    return forecastRows(report);
  },
  'verification-finished': (event, state) => finishedVerification(event, state),
  'verification-skipped': ({ by, why }) => [
    { tone: 'warn', text: t('Verification skipped by {0}: {1}', personName(by), plainLine(why, 300)) },
  ],
  decided: ({ stage, decision, by, comment, reasons, failure }) => [
    {
      level: decision === 'continue' ? 'normal' : 'key',
      tone: ({ promote: 'good', continue: 'good', hold: 'warn', rollback: 'bad', stop: 'bad' } as const)[decision],
      text: `${t('{0}: decided to {1}', plainLine(stage, 80), decisionSentence(decision, by, comment))}${failure ? ` (${failureSentence(failure)})` : decision === 'hold' && reasons[0] ? ` (${reasonSentence(reasons[0])})` : ''}`,
    },
  ],
  asked: ({ question }) => [
    {
      level: 'key',
      tone: 'warn',
      text: askedSentence(question.kind, plainLine(question.message, 300) || plainLine(question.stage, 80)),
    },
  ],
  answered: ({ answer, refused }) => [answeredRow(answer, refused)],
  'question-closed': ({ question, result }, state) => closedQuestion(question, result, state),
  'rollback-started': ({ from, to, difference, nodes, stage }) => [
    {
      level: 'key',
      text: startedRollback(
        plainLine(stage, 80),
        `${version(from.artifact)} → ${version(to.artifact)}`,
        difference,
        formatCount(nodes.length, 'node'),
      ),
    },
  ],
  'rollback-impossible': ({ stage, failure }) => [
    {
      level: 'key',
      tone: 'bad',
      text: t('{0}: rollback impossible, {1}', plainLine(stage, 80), failureSentence(failure)),
    },
  ],
  'rollback-finished': ({ stage, failedNodes }, state) => [
    finishedRollback(stageNamed(state, stage), stage, failedNodes),
  ],
  'rollback-proven': ({ stage, report }, state) => [
    provenRollback(stageNamed(state, stage), stage, report?.checks.length ?? 0),
  ],
  'rollback-unproven': ({ stage, failure, nodes }) => [
    {
      level: 'key',
      tone: 'bad',
      text: `${t('{0}: rollback not verified, {1}', plainLine(stage, 80), failureSentence(failure))}${runningNow(nodes)}`,
    },
  ],
  'ledger-recorded': ({ environment, release, standing }, state) => [
    {
      level: 'detail',
      text: t(
        '{0} recorded as {1} in {2}',
        releaseName(state, release),
        standingWord(standing),
        plainLine(environment, 80),
      ),
    },
  ],
  'baseline-learned': ({ environment, source, clusters, deployments }) => [
    {
      text: t(
        'Learned {0} of {1} from {2}; {3} in total',
        formatCount(clusters, 'log event'),
        plainLine(environment, 80),
        plainLine(source, 80),
        formatCount(deployments, 'good deployment'),
      ),
    },
  ],
  'feedback-given': ({ by, template, mark, reason }) => [
    {
      text: mark
        ? `${t('{0} marked “{1}” as {2}', personName(by), plainLine(template, 160), markWord(mark))}${reason ? `: ${plainLine(reason, 300)}` : ''}`
        : t('{0} removed the feedback on “{1}”', personName(by), plainLine(template, 160)),
    },
  ],
  'cancel-asked': ({ by }) => [
    { level: 'key', tone: 'warn', text: t('Cancellation requested by {0}', personName(by)) },
  ],
  'clock-jumped': ({ byMs }) => [
    {
      tone: 'warn',
      text:
        byMs > 0
          ? t('The clock jumped forward by {0}, or the machine slept: measurement restarts', formatDuration(byMs))
          : t('The clock was set back by {0}: measurement restarts', formatDuration(-byMs)),
    },
  ],
  noted: ({ failure }) => [{ tone: 'warn', text: failureSentence(failure) }],
  'run-finished': ({ outcome, failure }, state) => [
    {
      level: 'key',
      tone: (
        {
          promoted: 'good',
          'rolled-back': 'bad',
          failed: 'bad',
          held: 'warn',
          rejected: 'bad',
          cancelled: 'warn',
          overtaken: 'warn',
        } as const
      )[outcome],
      text: `${runOutcome(outcome)}${failure && !stagesOf(state).some(stage => stage.failure?.message === failure.message) ? `: ${failureSentence(failure)}` : ''}`,
      durationMs: (state.finishedAtMs ?? state.startedAtMs) - state.startedAtMs,
    },
  ],
};

function finishedStage(
  { stage: name, outcome, failure, at }: RunEvent & { type: 'stage-finished' },
  stage: StageState | undefined,
): RowParts {
  return {
    text: `${stageOutcome(plainLine(name, 80), outcome)}${failure && failure.kind !== 'cancelled' ? `: ${failureSentence(failure)}` : ''}`,
    tone:
      outcome === 'passed'
        ? 'good'
        : outcome === 'skipped'
          ? 'neutral'
          : outcome === 'held' || outcome === 'cancelled' || outcome === 'overtaken'
            ? 'warn'
            : 'bad',
    ...(stage?.startedAtMs !== undefined && { durationMs: at - stage.startedAtMs }),
  };
}

function stageOutcome(stage: string, outcome: StageOutcome): string {
  return {
    passed: t('{0} passed', stage),
    failed: t('{0} failed', stage),
    skipped: t('{0} skipped', stage),
    'rolled-back': t('{0} rolled back', stage),
    held: t('{0} held', stage),
    rejected: t('{0} rejected', stage),
    cancelled: t('{0} cancelled', stage),
    overtaken: t('{0} overtaken', stage),
  }[outcome];
}

function runOutcome(outcome: RunOutcome): string {
  return {
    promoted: t('Run promoted'),
    'rolled-back': t('Run rolled back'),
    failed: t('Run failed'),
    held: t('Run on hold'),
    rejected: t('Run rejected'),
    cancelled: t('Run cancelled'),
    overtaken: t('Run overtaken'),
  }[outcome];
}

function hookPhrase(hook: string, nodes: readonly string[]): string {
  return nodes.length ? t('hook {0} on {1}', plainLine(hook, 80), names(nodes)) : t('hook {0}', plainLine(hook, 80));
}

function finishedHook({ key, outcome }: RunEvent & { type: 'hook-finished' }, state: RunState): readonly RowParts[] {
  const stage = stagesOf(state).find(one => one.steps.some(step => step.key === key));
  const step = stage?.steps.find(one => one.key === key);
  const hook = `${stage ? `${plainLine(stage.name, 80)}: ` : ''}${hookPhrase(step?.hook ?? key, step?.nodes ?? [])}`;
  return outcome.kind === 'succeeded'
    ? [{ level: 'detail', tone: 'good', text: t('{0} succeeded', hook), durationMs: outcome.durationMs }]
    : outcome.failure.kind === 'cancelled'
      ? [{ tone: 'warn', text: t('{0} was asked to stop', hook), durationMs: outcome.durationMs }]
      : [
          {
            tone: 'bad',
            text: t('{0} failed: {1}', hook, failureSentence(outcome.failure)),
            durationMs: outcome.durationMs,
          },
        ];
}

function changedNodes(nodes: readonly string[], release: string | null, state: RunState): RowParts {
  const isOne = nodes.length === 1;
  if (release === null)
    return {
      level: 'detail',
      text: t('{0}: version unknown until the hook finishes', names(nodes)),
    };
  return {
    level: 'normal',
    text: isOne
      ? t('{0} runs {1}', names(nodes), releaseName(state, release))
      : t('{0} run {1}', names(nodes), releaseName(state, release)),
  };
}

function startedVerification({
  stage,
  purpose,
  phase,
  canaryNodes,
  baselineNodes,
  against,
}: RunEvent & { type: 'verification-started' }): string {
  const name = plainLine(stage, 80);
  if (purpose === 'proof')
    return t(
      '{0}: the same checks verify {1}',
      name,
      canaryNodes.length === 1
        ? t('{0} rolled-back node', canaryNodes.length)
        : t('{0} rolled-back nodes', canaryNodes.length),
    );
  const other =
    against?.mode !== 'load-test'
      ? formatCount(baselineNodes.length, 'node')
      : against.by === undefined
        ? t('run {0}', against.number)
        : t('run {0}, pinned by {1}', against.number, plainLine(against.by, 80));
  return t(
    '{0}: verification of phase {1} compares {2} with {3}',
    name,
    phase,
    formatCount(canaryNodes.length, 'canary node'),
    other,
  );
}

const mostForecasts = 3;

/** Said once, and only of what the planned time cannot tell well: the metric that tells least comes first. */
function forecastRows(report: VerificationReport): readonly RowParts[] {
  const blurred = report.checks
    .flatMap(check =>
      check.kind === 'metric' && check.forecast && (check.forecast.smallestChange ?? Infinity) > check.forecast.change
        ? [{ name: check.name, forecast: check.forecast }]
        : [],
    )
    .sort((left, right) => (right.forecast.smallestChange ?? Infinity) - (left.forecast.smallestChange ?? Infinity));
  if (blurred.length === 0) return [];
  const isBlind = blurred.some(({ forecast }) => (forecast.smallestChange ?? Infinity) > 1);
  const said = blurred.slice(0, mostForecasts).map(({ name, forecast }) => forecastSentence(name, forecast)),
    more = blurred.length - mostForecasts;
  return [
    {
      level: isBlind ? 'normal' : 'detail',
      tone: isBlind ? 'warn' : 'neutral',
      text: t('Forecast: {0}', [...said, ...(more > 0 ? [formatCount(more, 'more metric')] : [])].join('; ')),
    },
  ];
}

function finishedVerification(
  { report, firstAnomalyMs, key, at }: RunEvent & { type: 'verification-finished' },
  state: RunState,
): readonly RowParts[] {
  const isProof = stagesOf(state).some(stage =>
    stage.verifications.some(one => one.key === key && one.purpose === 'proof'),
  );
  const telling = report.checks.filter(check => check.outcome === report.outcome);
  const checks =
    report.outcome === 'pass' ? formatCount(report.checks.length, 'check') : telling.map(checkSentence).join('; ');
  const tone = ({ pass: 'good', fail: 'bad', inconclusive: 'warn' } as const)[report.outcome];
  const first: RowParts[] =
    firstAnomalyMs === undefined || report.outcome !== 'fail'
      ? []
      : [
          {
            atMs: firstAnomalyMs,
            about: 'first-anomaly',
            tone: 'bad',
            text: t('First anomalous line, detected {0} later', formatDuration(at - firstAnomalyMs)),
          },
        ];
  return [
    ...first,
    {
      level: report.outcome !== 'pass' ? 'key' : isProof ? 'detail' : 'normal',
      tone,
      text: verificationOutcome(report.outcome, isProof, checks || t('nothing was measured')),
    },
  ];
}

function verificationOutcome(outcome: Outcome, isProof: boolean, what: string): string {
  return (
    isProof
      ? {
          pass: t('Verification of the rollback passed: {0}', what),
          fail: t('Verification of the rollback failed: {0}', what),
          inconclusive: t('Verification of the rollback inconclusive: {0}', what),
        }
      : {
          pass: t('Verification passed: {0}', what),
          fail: t('Verification failed: {0}', what),
          inconclusive: t('Verification inconclusive: {0}', what),
        }
  )[outcome];
}

function askedSentence(kind: QuestionState['question']['kind'], what: string): string {
  return kind === 'approval' ? t('Approval requested: {0}', what) : t('Decision requested: {0}', what);
}

/** What a person said, and whether it counted. */
export function answeredRow(answer: Instruction, refused: string | undefined): RowParts {
  const said = answerSentence(answer.type, personName(answer.by));
  if (refused) return { tone: 'warn', text: t('{0}, not accepted: {1}', said, plainLine(refused, 300)) };
  return { text: `${said}${answer.comment ? `: ${plainLine(answer.comment, 300)}` : ''}` };
}

function answerSentence(type: Instruction['type'], who: string): string {
  return {
    approve: t('{0} approved', who),
    reject: t('{0} rejected', who),
    rollback: t('{0} asked for a rollback', who),
    promote: t('{0} asked to promote', who),
    hold: t('{0} asked to hold', who),
    cancel: t('{0} asked to cancel', who),
    'skip-verification': t('{0} asked to skip the verification', who),
    'retry-verification': t('{0} asked to verify again', who),
    feedback: t('{0} marked a log event', who),
  }[type];
}

/** An answer has its own row: only what ended a question without one is news. */
function closedQuestion(id: string, result: string, state: RunState): readonly RowParts[] {
  const question = state.questions.find(one => one.question.id === id);
  const subject = plainLine(question?.question.stage ?? id, 80);
  if (result === 'timed-out') return [{ tone: 'warn', text: t('{0}: no one answered in time', subject) }];
  return result === 'overtaken' ? [{ tone: 'warn', text: t('{0}: no longer needs an answer', subject) }] : [];
}

function startedRollback(
  stage: string,
  change: string,
  { files, variables }: ReleaseDifference,
  nodes: string,
): string {
  const parts = [
    ...(files.length ? [formatCount(files.length, 'file')] : []),
    ...(variables.length ? [formatCount(variables.length, 'variable')] : []),
  ];
  return parts.length
    ? t('{0}: rollback began, {1} together with {2} on {3}', stage, change, formatList(parts), nodes)
    : t('{0}: rollback began, {1} (configuration unchanged) on {2}', stage, change, nodes);
}

function finishedRollback(stage: StageState | undefined, name: string, failedNodes: readonly string[]): RowParts {
  const count = stage?.rollback?.nodes.length ?? 0,
    all = formatCount(count, 'node');
  const back = stage?.rollback ? version(stage.rollback.to.artifact) : t('the old release'),
    who = plainLine(name, 80);
  return failedNodes.length
    ? {
        level: 'key',
        tone: 'bad',
        text: t(
          '{0}: the rollback hook failed on {1}; {2} of {3} were rolled back to {4}',
          who,
          names(failedNodes),
          count - failedNodes.length,
          all,
          back,
        ),
      }
    : { level: 'key', tone: 'good', text: t('{0}: {1} of {2} run {3} again', who, count, all, back) };
}

function provenRollback(stage: StageState | undefined, name: string, checks: number): RowParts {
  const who = plainLine(name, 80),
    rollback = stage?.rollback;
  const isHealthy = rollback?.proof?.health === 'healthy';
  const phrase = rollback && proofPhrase(rollback);
  const proven =
    isHealthy && checks
      ? t('{0}: verified healthy by {1}', who, formatCount(checks, 'check'))
      : phrase === undefined
        ? t('{0}: rollback verified', who)
        : `${who}: ${phrase}`;
  return {
    level: 'key',
    tone: isHealthy || rollback?.proof?.health === 'not-wanted' ? 'good' : 'warn',
    text: `${proven}${stage?.rollback ? `, ${t('{0} and its configuration are restored', version(stage.rollback.to.artifact))}` : ''}`,
  };
}

function runningNow(nodes: Readonly<Record<string, string>>): string {
  const parts = Object.entries(nodes).map(([node, release]) =>
    release === 'unknown'
      ? t('{0} runs an unknown release', plainLine(node, 80))
      : t('{0} runs {1}', plainLine(node, 80), shortId(release)),
  );
  return parts.length ? `: ${formatList(parts, 20)}` : '';
}

function releaseName(state: RunState, id: string): string {
  const known: readonly Release[] = [
    state.release,
    ...stagesOf(state).flatMap(stage => (stage.rollback ? [stage.rollback.from, stage.rollback.to] : [])),
  ];
  const release = known.find(one => one.id === id);
  return release ? version(release.artifact) : t('release {0}', shortId(plainLine(id, 80)));
}

function stageNamed(state: RunState, name: string): StageState | undefined {
  return stagesOf(state).find(stage => stage.name === name);
}

function version(artifact: Artifact): string {
  return plainLine(artifact.version, 80);
}

function names(nodes: readonly string[]): string {
  return formatList(nodes.map(node => plainLine(node, 80)));
}
