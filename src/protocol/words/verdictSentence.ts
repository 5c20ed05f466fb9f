// The two sentences that every view of a run begins with: the verdict with its numbers, and whether anyone must act.
import type { Person } from '../../model/runs/runEvents.ts';
import { nodesTouched, openQuestions, stagesOf, type RunState, type StageState } from '../../model/runs/runState.ts';
import { isUnverified } from '../../model/runs/verified.ts';
import type { Check } from '../../model/evidence/verdict.ts';
import { joinParts, formatCount, formatDuration, formatList, formatMoment } from './format.ts';
import { nodesLeft } from './nodesLeft.ts';
import { plainLine } from './plainText.ts';
import { proofPhrase } from '../report/rollbackProof.ts';
import { checkSentence, failureSentence } from './sentences.ts';
import { t } from './translate.ts';
import { personName } from './words.ts';
import { latestVerification } from './latestVerification.ts';
import { approversOf } from './questionSentences.ts';
import { inconclusiveSentence, queuedSentence, questionReason } from './waitingSentences.ts';

/** One sentence with its numbers, without a full stop. */
export function verdictSentence(state: RunState): string {
  if (state.interruptedAtMs !== undefined) return interruptedSentence(state, state.interruptedAtMs);
  if (state.outcome === undefined) return progressSentence(state);
  switch (state.outcome) {
    case 'promoted':
      return promotedSentence(state);
    case 'rolled-back':
      return whyFailed(state) ?? whyGoneBack(state);
    case 'failed':
      return whyFailed(state) ?? t('The run failed');
    case 'held':
      return whyHeld(state) ?? whyFailed(state) ?? t('The run is on hold');
    case 'rejected':
      return rejectedSentence(state);
    case 'cancelled':
      return state.cancelledBy ? t('Cancelled by {0}', personName(state.cancelledBy)) : t('Cancelled');
    case 'overtaken':
      return state.failure ? failureSentence({ ...state.failure, hint: undefined }) : t('Another run took over');
    default:
      return state.outcome satisfies never;
  }
}

/** One line: the outcome or current state of the run, and whether anyone must act. */
export function actionSentence(state: RunState): string {
  if (state.interruptedAtMs !== undefined) {
    const wayOn = t(
      'Action needed: no process runs it any more. Resume continues it from where it was, cancelled or not.',
    );
    return state.guard ? `${wayOn} ${guardSentence(state.guard)}` : wayOn;
  }
  const open = openQuestions(state)[0];
  if (open && state.outcome === undefined)
    return open.question.approvers.length
      ? t('Waiting for {0}.', approversOf(open.question.approvers))
      : t('Action needed.');
  if (state.outcome === undefined) return t('No action needed.');
  const unproven = stagesOf(state).find(stage => stage.rollback?.failure);
  if (unproven) return t('Action needed: the rollback is not verified.');
  switch (state.outcome) {
    case 'promoted':
      return t('No action needed.');
    case 'rolled-back':
      return `${rolledBackSentence(state)} ${t('No action needed.')}`;
    case 'failed':
    case 'rejected':
    case 'cancelled':
      return leftSentence(state);
    case 'overtaken':
      return t('No action needed: a later run has taken over there.');
    case 'held':
      return t('Action needed: it was neither promoted nor rolled back.');
    default:
      return state.outcome satisfies never;
  }
}

function leftSentence(state: RunState): string {
  const { changed, unknown } = nodesLeft(state);
  const parts = [
    ...(changed.length ? [changedSentence(changed.map(node => plainLine(node, 80)))] : []),
    ...(unknown.length
      ? [t('Action needed: the release on {0} is unknown.', formatList(unknown.map(node => plainLine(node, 80))))]
      : []),
  ];
  if (parts.length) return parts.join(' ');
  return stagesOf(state).some(({ rollback }) => rollback?.provenAtMs !== undefined)
    ? `${rolledBackSentence(state)} ${t('No later stage ran.')}`
    : t('No later stage ran.');
}

function changedSentence(nodes: readonly string[]): string {
  return nodes.length === 1
    ? t('Action needed: {0} was changed and not rolled back.', formatList(nodes))
    : t('Action needed: {0} were changed and not rolled back.', formatList(nodes));
}

function interruptedSentence(state: RunState, sinceMs: number): string {
  const nodes = nodesTouched(state).map(node => plainLine(node, 80)),
    since = formatMoment(sinceMs);
  if (nodes.length) return t('Interrupted on {0} since {1}', formatList(nodes), since);
  const stage = stagesOf(state).find(one => one.status === 'running' || one.status === 'queued');
  return stage
    ? t('Interrupted in {0} since {1}', plainLine(stage.name, 80), since)
    : t('Interrupted since {0}', since);
}

function guardSentence({ act, dueAtMs }: NonNullable<RunState['guard']>): string {
  const until = formatMoment(dueAtMs);
  switch (act) {
    case 'rollback':
      return t('If no one resumes it by {0}, its guardian rolls its nodes back.', until);
    case 'hold':
    case 'nothing':
      return t('If no one resumes it by {0}, its guardian ends it as held.', until);
    case 'promote-never':
      return t('If no one resumes it by {0}, its guardian verifies it and promotes nothing.', until);
    case 'resume':
      return t('If no one resumes it by {0}, its guardian does.', until);
    default:
      return act satisfies never;
  }
}

function progressSentence(state: RunState): string {
  const rolling = stagesOf(state).find(stage => stage.rollback && stage.rollback.finishedAtMs === undefined);
  if (rolling?.rollback)
    return t(
      'Rolling back {0} of {1} to {2}',
      formatCount(rolling.rollback.nodes.length, 'node'),
      plainLine(rolling.name, 80),
      plainLine(rolling.rollback.to.artifact.version, 80),
    );
  const open = openQuestions(state)[0];
  if (open) return questionReason(state, open).headline;
  const suspicion = suspicionOf(state);
  if (suspicion) return t('Not certain yet: {0}', suspicion);
  const running = stagesOf(state).filter(stage => stage.status === 'running');
  const canary = running.find(stage => stage.phase);
  if (canary?.phase) {
    const { number, of, canaryNodes, baselineNodes } = canary.phase;
    return t(
      '{0} runs phase {1} of {2} on {3} of {4}',
      plainLine(canary.name, 80),
      number,
      of,
      canaryNodes.length,
      formatCount(canaryNodes.length + baselineNodes.length, 'node'),
    );
  }
  const queued = running.length ? undefined : stagesOf(state).find(stage => stage.status === 'queued');
  if (queued) return queuedSentence(queued.name, queued.environment ?? '', queued.heldBy ?? '');
  const names = formatList(running.map(stage => plainLine(stage.name, 80)));
  return running.length === 0
    ? t('Between two stages')
    : running.length === 1
      ? t('Stage {0} runs', names)
      : t('Stages {0} run', names);
}

/** What an evaluation of a running verification found, if anything. */
function suspicionOf(state: RunState): string | undefined {
  const checks = stagesOf(state)
    .filter(stage => stage.status === 'running')
    .flatMap(stage =>
      stage.verifications.filter(one => one.status === 'running').flatMap(one => one.report?.checks ?? []),
    );
  const found = checks
    .filter(
      check =>
        check.outcome !== 'pass' &&
        check.reasons.some(
          ({ code }) => code === 'unknown-clusters' || code === 'cluster-frequency' || code === 'metric-regressed',
        ),
    )
    .sort(logsFirst)[0];
  return found && checkSentence(found);
}

function promotedSentence(state: RunState): string {
  const canary = stagesOf(state).findLast(stage => stage.phase);
  const checks = (canary && latestVerification(canary)?.report?.checks) ?? [];
  const passed = checks.filter(check => check.outcome === 'pass').length;
  const version = plainLine(state.artifact.version, 80);
  const where = canary?.phase
    ? t('{0} runs on all {1}', version, formatCount(canary.phase.canaryNodes.length, 'node'))
    : t('{0} passed every stage', version);
  if (isUnverified(state)) return joinParts([where, t('not verified')]);
  if (passed === 0) return where;
  return joinParts([
    where,
    passed === checks.length
      ? t('{0} passed', formatCount(passed, 'check'))
      : t('{0} of {1} passed', passed, formatCount(checks.length, 'check')),
  ]);
}

function whyFailed(state: RunState): string | undefined {
  const stages = stagesOf(state).filter(stage => stage.status !== 'passed');
  const failed = stages.flatMap(stage => checksWith(stage, 'fail'));
  if (failed.length) return [...failed].sort(logsFirst).slice(0, 2).map(checkSentence).join('; ');
  const failure =
    state.failure ??
    stages.find(stage => stage.failure)?.failure ??
    stages.flatMap(stage => stage.steps).findLast(step => step.failure)?.failure;
  return failure && failureSentence(failure);
}

function whyHeld(state: RunState): string | undefined {
  return inconclusiveSentence(stagesOf(state).flatMap(stage => checksWith(stage, 'inconclusive')));
}

function whyGoneBack(state: RunState): string {
  const stage = stagesOf(state).find(one => one.rollback);
  const person = stage?.decisions.findLast(one => one.decision === 'rollback')?.by ?? state.by;
  return stage?.rollback
    ? t('Rolled back by {0} to {1}', personName(person), plainLine(stage.rollback.to.artifact.version, 80))
    : t('Rolled back by {0}', personName(person));
}

function rolledBackSentence(state: RunState): string {
  const stage = stagesOf(state).find(one => one.rollback);
  const by = stage?.decisions.findLast(one => one.decision === 'rollback')?.by;
  const { rollback } = stage ?? {};
  if (!rollback) return t('Rolled back.');
  const { startedAtMs, finishedAtMs } = rollback;
  const proof = proofPhrase(rollback);
  const back = backSentence(
    plainLine(rollback.to.artifact.version, 80),
    by,
    finishedAtMs === undefined ? undefined : formatDuration(finishedAtMs - startedAtMs),
  );
  return `${back}${proof === undefined ? '' : `, ${proof}`}.`;
}

function backSentence(to: string, by: Person | undefined, took: string | undefined): string {
  if (by === undefined)
    return took === undefined ? t('Rolled back to {0}', to) : t('Rolled back to {0} in {1}', to, took);
  if (by.via === 'policy')
    return took === undefined
      ? t('Rolled back automatically to {0}', to)
      : t('Rolled back automatically to {0} in {1}', to, took);
  return took === undefined
    ? t('Rolled back by {0} to {1}', personName(by), to)
    : t('Rolled back by {0} to {1} in {2}', personName(by), to, took);
}

function rejectedSentence(state: RunState): string {
  const answer = state.questions
    .flatMap(one => one.answers)
    .findLast(one => one.answer.type === 'reject' && !one.refused)?.answer;
  if (answer)
    return joinParts([t('Rejected by {0}', personName(answer.by)), plainLine(answer.comment ?? '', 300)], ': ');
  return state.failure ? failureSentence(state.failure) : t('Rejected: no one approved in time');
}

function checksWith(stage: StageState, outcome: Check['outcome']): readonly Check[] {
  return latestVerification(stage)?.report?.checks.filter(check => check.outcome === outcome) ?? [];
}

function logsFirst(left: Check, right: Check): number {
  const rank = { logs: 0, measurement: 1, metric: 2 } as const,
    weight = (check: Check): number => (check.kind === 'measurement' ? 0 : check.evidence);
  return rank[left.kind] - rank[right.kind] || weight(right) - weight(left);
}
