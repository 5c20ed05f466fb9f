// Each event of a run in words, as rows of its timeline.
import { stagesOf, type RunState, type StageState } from '../../model/runs/runState.ts';
import type { RunEvent, RunEventBody } from '../../model/runs/runEvents.ts';
import { joinParts, formatCount, formatDuration, formatShare } from '../words/format.ts';
import { plainLine } from '../words/plainText.ts';
import { decisionSentence, failureSentence } from '../words/sentences.ts';
import { reasonSentence } from '../words/reasonSentences.ts';
import { t } from '../words/translate.ts';
import { queuedSentence } from '../words/waitingSentences.ts';
import { decisionWord, markWord, personName, standingWord } from '../words/words.ts';
import type { RowParts, RowMemory } from './rowParts.ts';
import {
  connectionName,
  withWhy,
  stageOutcome,
  runOutcome,
  hookPhrase,
  askedSentence,
  releaseName,
  stageNamed,
  version,
  names,
  answeredRow,
  closedQuestion,
} from './rowWords.ts';
import { foundSides, listedNodes } from './nodeRows.ts';
import { startedVerification, forecastRows, finishedVerification } from './verificationRows.ts';
import { startedRollback, finishedRollback, provenRollback, runningNow } from './rollbackRows.ts';

type Describe<T extends RunEventBody['type']> = (
  event: RunEvent & { type: T },
  state: RunState,
  memory: RowMemory,
) => readonly RowParts[];

/** One entry for each type of event: a new type does not compile until it has a text. */
export const rowsOf: { readonly [T in RunEventBody['type']]: Describe<T> } = {
  'run-started': ({ pipeline, artifact, by, resumes, fixed }, _state, memory) => {
    for (const [name, { title }] of Object.entries(fixed?.connections ?? {}))
      memory.connections.set(name, connectionName(name, title));
    return [
      {
        level: 'key',
        text: joinParts([
          t('{0} {1} started by {2}', plainLine(pipeline, 80), version(artifact), personName(by)),
          resumes && t('from {0} on', plainLine(resumes.from, 80)),
        ]),
      },
    ];
  },
  'run-resumed': ({ by }) => [{ tone: 'warn', text: t('Resumed by {0}', personName(by)) }],
  'environment-waited-for': ({ stage, environment, heldBy }) => [
    {
      tone: 'warn',
      text: queuedSentence(stage, environment, heldBy),
    },
  ],
  'stage-started': ({ stage }) => [{ level: 'detail', text: t('{0} started', plainLine(stage, 80)) }],
  'stage-finished': (event, state) => [finishedStage(event, stageNamed(state, event.stage))],
  'hook-intended': ({ call }) => [
    {
      level: 'detail',
      text: joinParts([
        t('{0}: {1} started', plainLine(call.stage, 80), hookPhrase(call.hook, call.nodes)),
        call.attempt > 1 && t('attempt {0}', call.attempt),
      ]),
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
  'nodes-listed': (event, _state, memory) => listedNodes(event, memory),
  'sides-found': foundSides,
  'phase-finished': ({ stage, phase, decision }) => [
    {
      level: 'detail',
      text: t('{0}: phase {1} ended, decision {2}', plainLine(stage, 80), phase, decisionWord(decision)),
    },
  ],
  'nodes-changed': ({ nodes, release }, state) => [changedNodes(nodes, release, state)],
  'marker-intended': ({ key, connection }, _state, memory) => {
    memory.markers.set(key, memory.connections.get(connection) ?? connectionName(connection));
    return [];
  },
  'marker-finished': ({ key, failure }, _state, memory) => {
    const where = memory.markers.get(key) ?? t('monitoring');
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
      text: withWhy(
        t('{0}: decided to {1}', plainLine(stage, 80), decisionSentence(decision, by, comment)),
        failure ? failureSentence(failure) : decision === 'hold' && reasons[0] ? reasonSentence(reasons[0]) : '',
      ),
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
      text: t('{0}: rollback not verified, {1}', plainLine(stage, 80), failureSentence(failure)) + runningNow(nodes),
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
        ? joinParts(
            [
              t('{0} marked “{1}” as {2}', personName(by), plainLine(template, 160), markWord(mark)),
              plainLine(reason ?? '', 300),
            ],
            ': ',
          )
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
      text: joinParts(
        [
          runOutcome(outcome),
          failure &&
            !stagesOf(state).some(stage => stage.failure?.message === failure.message) &&
            failureSentence(failure),
        ],
        ': ',
      ),
      durationMs: (state.finishedAtMs ?? state.startedAtMs) - state.startedAtMs,
    },
  ],
};

function finishedStage(
  { stage: name, outcome, failure, at }: RunEvent & { type: 'stage-finished' },
  stage: StageState | undefined,
): RowParts {
  return {
    text: joinParts(
      [stageOutcome(plainLine(name, 80), outcome), failure && failure.kind !== 'cancelled' && failureSentence(failure)],
      ': ',
    ),
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
