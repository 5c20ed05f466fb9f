// The two sentences a run begins with, whoever shows it: what is true, with its numbers, and whether anyone must act.
import { openQuestions, stagesOf } from '../model/runState.ts';
import type { QuestionState, RunState, StageState, VerificationState } from '../model/runState.ts';
import type { Check } from '../model/verdict.ts';
import { formatCount, formatDuration, formatList } from './format.ts';
import { plainLine } from './plainText.ts';
import { checkSentence, failureSentence, personName } from './sentences.ts';

/** One sentence with its numbers, without a full stop. */
export function verdictSentence(state: RunState): string {
  if (state.outcome === undefined) return progressSentence(state);
  switch (state.outcome) {
    case 'promoted': return promotedSentence(state);
    case 'rolled-back': return whyFailed(state) ?? whyGoneBack(state);
    case 'failed': return whyFailed(state) ?? 'The run failed';
    case 'held': return whyHeld(state) ?? whyFailed(state) ?? 'The run holds';
    case 'rejected': return rejectedSentence(state);
    case 'cancelled': return `Cancelled${state.cancelledBy ? ` by ${personName(state.cancelledBy)}` : ''}`;
    default: return state.outcome satisfies never;
  }
}

/** One line that says what became of it, and whether anyone must act. */
export function actionSentence(state: RunState): string {
  const open = openQuestions(state)[0];
  if (open && state.outcome === undefined) return `${whoMustAct(open)} must act.`;
  if (state.outcome === undefined) return 'Nobody has to act now.';
  const unproven = stagesOf(state).find(stage => stage.rollback?.failure);
  if (unproven) return 'Somebody must act: the rollback is not proven.';
  switch (state.outcome) {
    case 'promoted': return 'Nobody has to act now.';
    case 'rolled-back': return `${rolledBackSentence(state)} Nobody has to act now.`;
    case 'failed': case 'rejected': case 'cancelled': {
      const left = nodesLeft(state);
      return left.length ? `Somebody must act: ${formatList(left.map(node => plainLine(node, 80)))} ${left.length === 1 ? 'was' : 'were'} changed and not brought back.` : 'No later stage ran.';
    }
    case 'held': return 'Somebody must act: it was neither promoted nor rolled back.';
    default: return state.outcome satisfies never;
  }
}

/** What is asked of whom, and what silence means. */
export function questionSentence({ question, askedAtMs }: QuestionState): string {
  const who = question.approvers.length ? ` by ${approversOf(question.approvers)}` : '';
  const number = question.minimum > 1 ? `, ${question.minimum} needed` : '';
  const silence = { reject: 'it is rejected', hold: 'it holds', rollback: 'it rolls back' }[question.otherwise];
  const limit = question.deadlineMs > 0 ? ` (without an answer within ${formatDuration(question.deadlineMs - askedAtMs)} ${silence})` : '';
  const what = question.kind === 'approval' ? `approval${who}${number}` : `decision on ${plainLine(question.stage, 80)}${who}`;
  return `${what}: ${plainLine(question.message, 300) || 'go on?'}${limit}`;
}

function whoMustAct({ question }: QuestionState): string {
  return question.approvers.length ? approversOf(question.approvers) : 'Somebody';
}

function approversOf(names: readonly string[]): string {
  return names.map(name => plainLine(name, 80)).join(' or ');
}

/** The report that counts for a stage: the latest that was not the proof of a rollback. */
export function latestVerification(stage: StageState): VerificationState | undefined {
  return stage.verifications.findLast(one => one.purpose !== 'proof' && one.report);
}

function progressSentence(state: RunState): string {
  const rolling = stagesOf(state).find(stage => stage.rollback && stage.rollback.finishedAtMs === undefined);
  if (rolling?.rollback) return `Rolls back ${formatCount(rolling.rollback.nodes.length, 'node')} of ${plainLine(rolling.name, 80)} to ${plainLine(rolling.rollback.to.artifact.version, 80)}`;
  const question = openQuestions(state)[0]?.question;
  if (question) return question.kind === 'approval' ? `Waits for approval: ${plainLine(question.message, 300) || question.stage}` : (question.kind === 'hold' ? whyHeld(state) : undefined) ?? `Waits for a decision: ${plainLine(question.message, 300)}`;
  const suspicion = suspicionOf(state);
  if (suspicion) return `Not sure yet: ${suspicion}`;
  const running = stagesOf(state).filter(stage => stage.status === 'running' || stage.status === 'queued');
  const canary = running.find(stage => stage.phase);
  if (canary?.phase) {
    const { number, of, canaryNodes, baselineNodes } = canary.phase;
    return `${plainLine(canary.name, 80)} runs phase ${number} of ${of} on ${canaryNodes.length} of ${formatCount(canaryNodes.length + baselineNodes.length, 'node')}`;
  }
  return running.length ? `${running.length === 1 ? 'Stage' : 'Stages'} ${formatList(running.map(stage => plainLine(stage.name, 80)))} ${running.length === 1 ? 'runs' : 'run'}` : 'Between two stages';
}

/** What a look of a verification that goes on found, where it found something. */
function suspicionOf(state: RunState): string | undefined {
  const checks = stagesOf(state).filter(stage => stage.status === 'running').flatMap(stage => stage.verifications.filter(one => one.status === 'running').flatMap(one => one.report?.checks ?? []));
  const found = checks.filter(check => check.outcome !== 'pass' && check.reasons.some(({ code }) => code === 'unknown-clusters' || code === 'cluster-frequency' || code === 'metric-regressed')).sort(logsFirst)[0];
  return found && checkSentence(found);
}

function promotedSentence(state: RunState): string {
  const canary = stagesOf(state).findLast(stage => stage.phase);
  const checks = (canary && latestVerification(canary)?.report?.checks) ?? [];
  const passed = checks.filter(check => check.outcome === 'pass').length;
  const proof = passed === 0 ? '' : `, ${passed === checks.length ? formatCount(passed, 'check') : `${passed} of ${formatCount(checks.length, 'check')}`} passed`;
  const where = canary?.phase ? ` runs on all ${formatCount(canary.phase.canaryNodes.length, 'node')}` : ' passed every stage';
  return `${plainLine(state.artifact.version, 80)}${where}${proof}`;
}

function whyFailed(state: RunState): string | undefined {
  const stages = stagesOf(state).filter(stage => stage.status !== 'passed');
  const failed = stages.flatMap(stage => checksWith(stage, 'fail'));
  if (failed.length) return [...failed].sort(logsFirst).slice(0, 2).map(checkSentence).join('; ');
  const failure = state.failure ?? stages.find(stage => stage.failure)?.failure ?? stages.flatMap(stage => stage.steps).findLast(step => step.failure)?.failure;
  return failure && failureSentence(failure);
}

function whyHeld(state: RunState): string | undefined {
  const unclear = stagesOf(state).flatMap(stage => checksWith(stage, 'inconclusive'));
  const first = unclear[0];
  return first && `Could not measure: ${checkSentence(first)}${unclear.length > 1 ? `; ${formatCount(unclear.length - 1, 'more check')} without a verdict` : ''}`;
}

function whyGoneBack(state: RunState): string {
  const stage = stagesOf(state).find(one => one.rollback);
  const person = stage?.decisions.findLast(one => one.decision === 'rollback')?.by ?? state.by;
  return `Rolled back by ${personName(person)}${stage?.rollback ? ` to ${plainLine(stage.rollback.to.artifact.version, 80)}` : ''}`;
}

function rolledBackSentence(state: RunState): string {
  const stage = stagesOf(state).find(one => one.rollback);
  const by = stage?.decisions.findLast(one => one.decision === 'rollback')?.by;
  const { rollback } = stage ?? {};
  if (!rollback) return 'Rolled back.';
  const took = rollback.finishedAtMs === undefined ? '' : ` in ${formatDuration(rollback.finishedAtMs - rollback.startedAtMs)}`;
  const proof = rollback.provenAtMs === undefined ? '' : `, proven healthy after ${formatDuration(rollback.provenAtMs - rollback.startedAtMs)}`;
  return `Rolled back${by ? ` by ${personName(by)}` : ''} to ${plainLine(rollback.to.artifact.version, 80)}${took}${proof}.`;
}

function rejectedSentence(state: RunState): string {
  const answer = state.questions.flatMap(one => one.answers).findLast(one => one.answer.type === 'reject' && !one.refused)?.answer;
  if (answer) return `Rejected by ${personName(answer.by)}${answer.comment ? `: ${plainLine(answer.comment, 300)}` : ''}`;
  return state.failure ? failureSentence(state.failure) : 'Rejected: nobody approved in time';
}

/** Nodes that a stage which did not pass left changed, or in a state that nobody knows. */
function nodesLeft(state: RunState): readonly string[] {
  return [...new Set(stagesOf(state).filter(stage => !stage.rollback && (stage.status === 'failed' || stage.status === 'cancelled')).flatMap(stage => Object.keys(stage.nodes)))];
}

function checksWith(stage: StageState, outcome: Check['outcome']): readonly Check[] {
  return latestVerification(stage)?.report?.checks.filter(check => check.outcome === outcome) ?? [];
}

function logsFirst(left: Check, right: Check): number {
  return Number(left.kind === 'metric') - Number(right.kind === 'metric') || right.evidence - left.evidence;
}
