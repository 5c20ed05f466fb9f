// Words that several rows of the timeline share: outcomes, hooks, releases, questions and answers.
import { stagesOf, type QuestionState, type RunState, type StageState } from '../../model/runs/runState.ts';
import type { Instruction, RunOutcome, StageOutcome } from '../../model/runs/runEvents.ts';
import type { Artifact, Release } from '../../model/release.ts';
import { formatList, shortId } from '../words/format.ts';
import { plainLine } from '../words/plainText.ts';
import { t } from '../words/translate.ts';
import { personName } from '../words/words.ts';
import type { RowParts } from './rowParts.ts';

export function withWhy(sentence: string, why: string): string {
  return why === '' ? sentence : `${sentence} (${why})`;
}

export function stageOutcome(stage: string, outcome: StageOutcome): string {
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

export function runOutcome(outcome: RunOutcome): string {
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

export function hookPhrase(hook: string, nodes: readonly string[]): string {
  return nodes.length ? t('hook {0} on {1}', plainLine(hook, 80), names(nodes)) : t('hook {0}', plainLine(hook, 80));
}

export function askedSentence(kind: QuestionState['question']['kind'], what: string): string {
  return kind === 'approval' ? t('Approval requested: {0}', what) : t('Decision requested: {0}', what);
}

export function answerSentence(type: Instruction['type'], who: string): string {
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

export function releaseName(state: RunState, id: string): string {
  const known: readonly Release[] = [
    state.release,
    ...stagesOf(state).flatMap(stage => (stage.rollback ? [stage.rollback.from, stage.rollback.to] : [])),
  ];
  const release = known.find(one => one.id === id);
  return release ? version(release.artifact) : t('release {0}', shortId(plainLine(id, 80)));
}

export function stageNamed(state: RunState, name: string): StageState | undefined {
  return stagesOf(state).find(stage => stage.name === name);
}

export function version(artifact: Artifact): string {
  return plainLine(artifact.version, 80);
}

/** The name of the vendor, if the pipeline file calls its connection so in whatever spelling; else `“billing”`. */
export function connectionName(name: string, title?: string): string {
  const letters = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  return title !== undefined && letters(title) === letters(name) ? plainLine(title, 80) : `“${plainLine(name, 80)}”`;
}

export function names(nodes: readonly string[]): string {
  return formatList(nodes.map(node => plainLine(node, 80)));
}

/** A person's answer, and whether it counted. */
export function answeredRow(answer: Instruction, refused: string | undefined): RowParts {
  const said = answerSentence(answer.type, personName(answer.by));
  if (refused) return { tone: 'warn', text: t('{0}, not accepted: {1}', said, plainLine(refused, 300)) };
  return { text: `${said}${answer.comment ? `: ${plainLine(answer.comment, 300)}` : ''}` };
}

/** An answer has a row of its own, so only the end of a question without one needs this row. */
export function closedQuestion(id: string, result: string, state: RunState): readonly RowParts[] {
  const question = state.questions.find(one => one.question.id === id);
  const subject = plainLine(question?.question.stage ?? id, 80);
  if (result === 'timed-out') return [{ tone: 'warn', text: t('{0}: no one answered in time', subject) }];
  return result === 'overtaken' ? [{ tone: 'warn', text: t('{0}: no longer needs an answer', subject) }] : [];
}
