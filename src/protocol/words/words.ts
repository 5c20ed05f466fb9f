// Words for codes: the status of a stage, run, question or release, and who decided what.
import type { FeedbackMark } from '../../model/evidence/feedback.ts';
import type { Outcome } from '../../model/evidence/verdict.ts';
import type { Standing } from '../../model/release.ts';
import type { Decision, Person, RunOutcome, StageOutcome } from '../../model/runs/runEvents.ts';
import type { StageState } from '../../model/runs/runState.ts';
import { plainLine } from './plainText.ts';
import { t } from './translate.ts';

export function decisionWord(decision: Decision): string {
  return {
    promote: t('promote'),
    hold: t('hold'),
    rollback: t('roll back'),
    continue: t('continue with the next phase'),
    stop: t('stop'),
  }[decision];
}

/** The outcome of a check, or of a health source that judges itself. */
export function answerWord(outcome: Outcome): string {
  return { pass: t('pass'), fail: t('fail'), inconclusive: t('inconclusive') }[outcome];
}

/** How a question ended, by its code in the journal. */
export function closedWord(result: string): string {
  switch (result) {
    case 'approved':
      return t('approved');
    case 'rejected':
      return t('rejected');
    case 'timed-out':
      return t('no one answered');
    case 'overtaken':
      return t('no longer needed');
    case 'promote':
    case 'hold':
    case 'rollback':
    case 'continue':
    case 'stop':
      return decisionWord(result);
    default:
      return plainLine(result, 40);
  }
}

export function personName(person: Person): string {
  return person.via === 'policy' ? 'Backstop' : plainLine(person.name, 80);
}

export function outcomeWord(outcome: StageOutcome): string {
  return {
    passed: t('passed'),
    failed: t('failed'),
    skipped: t('skipped'),
    'rolled-back': t('rolled back'),
    held: t('held'),
    rejected: t('rejected'),
    cancelled: t('cancelled'),
    overtaken: t('overtaken'),
  }[outcome];
}

export function stageWord(status: StageState['status']): string {
  switch (status) {
    case 'pending':
      return t('not run yet');
    case 'queued':
      return t('waiting');
    case 'running':
      return t('running');
    default:
      return outcomeWord(status);
  }
}

export function runOutcomeWord(outcome: RunOutcome): string {
  return outcome === 'promoted' ? t('promoted') : outcomeWord(outcome);
}

export function markWord(mark: FeedbackMark): string {
  return {
    'not-a-risk': t('not a risk'),
    'not-a-risk-while-normal': t('not a risk while its frequency is normal'),
    risk: t('a risk'),
    'always-fail': t('always a failure'),
  }[mark];
}

export function standingWord(standing: Standing): string {
  return {
    deploying: t('deploying'),
    verified: t('verified'),
    'promoted-by-hand': t('promoted by hand'),
    failed: t('failed'),
    'rolled-back': t('rolled back'),
    held: t('held'),
    deployed: t('deployed, not verified'),
    unverified: t('deployed, not verified'),
  }[standing];
}
