// Asks people, and counts only the answers that the pipeline allows.
import type { InputValues } from '../../model/pipeline.ts';
import type { Instruction, Person, Question } from '../../model/runs/runEvents.ts';
import { describeFailure, succeed, type Result } from '../../model/failure.ts';
import type { RunContext } from '../context.ts';
import type { Scope } from './scope.ts';

/** Journals the question once; after a resume it keeps its deadline. */
export function ask(context: RunContext, question: Question): Question {
  return context.journal.recordOnce({ type: 'asked', question }, event => event.question.id === question.id).question;
}

export function closeQuestion(
  { journal }: RunContext,
  question: Question,
  result: 'approved' | 'rejected' | 'timed-out' | 'overtaken' | 'promote' | 'rollback',
): void {
  journal.recordOnce(
    { type: 'question-closed', question: question.id, result },
    event => event.question === question.id,
  );
}

/** The reason why this answer does not count; undefined if it counts. */
export function refuseAnswer(
  question: Question,
  answer: Instruction,
  starter: Person,
  already: readonly Instruction[],
): string | undefined {
  const { name } = answer.by;
  // Anyone may roll back a canary that waits for an approval, as at any other time.
  if (question.kind === 'approval' && answer.type === 'rollback') return undefined;
  if (!question.starterMayAnswer && name === starter.name) return `${name} started this run and may not answer for it.`;
  if (question.approvers.length > 0 && !question.approvers.includes(name))
    return `${name} is not among those who may answer: ${question.approvers.join(', ')}.`;
  if (question.commentRequired && !answer.comment?.trim()) return 'A comment is required.';
  if (already.some(one => one.by.name === name && one.type === answer.type)) return `${name} has answered already.`;
  return undefined;
}

/** The inputs of the run so far: those from its start, and those from approvals. */
export function inputsSoFar({ inputs, journal }: Pick<RunContext, 'inputs' | 'journal'>): InputValues {
  const answers = journal
    .state()
    .questions.flatMap(question => question.answers)
    .filter(({ refused }) => refused === undefined);
  return Object.assign({}, inputs, ...answers.map(({ answer }) => (answer.type === 'approve' ? answer.inputs : {})));
}

/** The first answer of one of these types that counts; undefined if the deadline passed or the scope was cancelled. */
export function waitForAnswer(
  context: RunContext,
  question: Question,
  types: readonly Instruction['type'][],
  scope: Scope,
): Promise<Instruction | undefined> {
  return collectAnswers(context, question, types, scope, answers => answers.at(-1));
}

/** Checks the content of an answer, such as the inputs of an approval. */
type ReadAnswer = (answer: Instruction) => Result<Instruction>;

/** Waits until `enough` returns a result for the answers that count so far. */
export async function collectAnswers<T>(
  context: RunContext,
  question: Question,
  types: readonly Instruction['type'][],
  scope: Scope,
  enough: (answers: readonly Instruction[]) => T | undefined,
  read: ReadAnswer = answer => succeed(answer),
): Promise<T | undefined> {
  const {
    journal,
    inbox,
    ports: { clock },
  } = context;
  const counted: Instruction[] = [];
  const done = scope.child();
  const result = Promise.withResolvers<T | undefined>();
  done.signal.addEventListener('abort', () => result.resolve(undefined), { once: true });
  const askedAtMs = journal.find('asked', event => event.question.id === question.id)?.at ?? clock.now();
  inbox.listen(askedAtMs, done.signal, answer => {
    if (!types.includes(answer.type)) return;
    if (
      (answer.type === 'approve' || answer.type === 'reject') &&
      answer.question !== undefined &&
      answer.question !== question.id
    )
      return;
    const checked = read(answer);
    const refused =
      refuseAnswer(question, answer, context.by, counted) ??
      (checked.ok ? undefined : describeFailure(checked.failure));
    const taken = checked.ok ? checked.value : answer;
    journal.recordOnce(
      { type: 'answered', question: question.id, answer: taken, ...(refused !== undefined && { refused }) },
      event => event.question === question.id && isSameAnswer(event.answer, answer),
    );
    if (refused !== undefined) return;
    inbox.take(answer);
    counted.push(taken);
    const made = enough(counted);
    if (made !== undefined) result.resolve(made);
  });
  const deadline =
    question.deadlineMs === 0
      ? undefined
      : clock.sleep(Math.max(0, question.deadlineMs - clock.now()), done.signal).then(() => result.resolve(undefined));
  const made = await result.promise;
  done.cancel({ kind: 'cancelled', message: 'The question is closed.' });
  await deadline;
  return made;
}

/** An answer that is read again after a restart is the one that was already counted. */
function isSameAnswer(one: Instruction, other: Instruction): boolean {
  return (
    one.at === other.at && one.type === other.type && one.by.name === other.by.name && one.comment === other.comment
  );
}
