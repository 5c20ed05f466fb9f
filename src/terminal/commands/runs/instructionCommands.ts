// `approve`, `reject`, `promote`, `hold` and `cancel`: instructions to a run, whichever process runs it.
import { fail, succeed } from '../../../model/failure.ts';
import type { Result } from '../../../model/failure.ts';
import type { RunSummary } from '../../../model/history.ts';
import { openQuestions, stagesOf } from '../../../model/runs/runState.ts';
import type { QuestionState, RunState } from '../../../model/runs/runState.ts';
import type { Instruction, Person } from '../../../model/runs/runEvents.ts';
import { plainLine } from '../../../protocol/words/plainText.ts';
import { runArgument, runDetail } from '../../command.ts';
import type { Command, CommandContext } from '../../command.ts';
import { parsePairs } from '../../commandLine.ts';
import type { OptionSpecs, ParsedArguments } from '../../commandLine.ts';
import { findRun, readState } from '../../findRun.ts';
import { findIdentity } from '../../identity.ts';
import { tellRun } from '../../show/tellRun.ts';

type Word = 'approve' | 'reject' | 'promote' | 'hold' | 'cancel';

const comment: OptionSpecs = { comment: { type: 'string', value: 'TEXT', text: 'Comment, stored with the run.' } };
const answer: OptionSpecs = {
  ...comment,
  input: { type: 'string', value: 'NAME=VALUE', multiple: true, text: 'Value of an input that the approval asks for.' },
  stage: { type: 'string', value: 'STAGE', text: 'The approval to answer, if the run waits for more than one.' },
};
const statuses = {
  0: 'saved for the run',
  1: 'the run did not accept it',
  2: 'saved, but the process of the run has ended; use backstop resume',
  3: 'no such run, or the run is not waiting for this',
};

export const approve = instruction('approve', 'Approves a run that is waiting for an approval.', answer, [
  'backstop approve last',
  'backstop approve 12 --comment "Reviewed with Jonas" --input ticket=OPS-12',
]);
export const reject = instruction('reject', 'Rejects a run that is waiting for an approval; the run ends.', answer, [
  'backstop reject 12 --comment "Not before the sale"',
]);
export const promote = instruction(
  'promote',
  'Promotes the new release of a run that is on hold or waits for a decision.',
  comment,
  ['backstop promote 12 --comment "Known noise"'],
);
export const hold = instruction('hold', 'Keeps the canary as it is until someone decides.', comment, [
  'backstop hold 12',
]);
export const cancel = instruction('cancel', 'Ends a run cleanly; a rollback in progress is finished.', comment, [
  'backstop cancel last',
]);

function instruction(word: Word, summary: string, options: OptionSpecs, examples: readonly string[]): Command {
  const usage =
    word === 'approve' || word === 'reject'
      ? 'RUN [--comment TEXT] [--input NAME=VALUE]... [--stage STAGE]'
      : 'RUN [--comment TEXT]';
  return {
    name: word,
    group: 'Decide',
    summary,
    usage,
    options,
    statuses,
    examples,
    details: [
      runDetail,
      'The process of the run responds within seconds; this command waits briefly to report the result.',
    ],
    positional: runArgument,
    run: context => give(word, context),
  };
}

async function give(word: Word, context: CommandContext): Promise<Result<number>> {
  const {
    given,
    dependencies: { env, cwd, clock },
  } = context;
  const engine = await context.engine();
  if (!engine.ok) return engine;
  const found = findRun(engine.value.history, given.positionals[0] ?? 'last');
  if (!found.ok) return found;
  const state = readState(engine.value.history, found.value);
  if (!state.ok) return state;
  const by = await findIdentity(env, cwd);
  const made = makeInstruction(word, given, found.value, state.value, { by, at: clock.now() });
  return made.ok ? tellRun(context, engine.value, found.value, made.value) : made;
}

function makeInstruction(
  word: Word,
  given: ParsedArguments,
  run: RunSummary,
  state: RunState,
  who: { readonly by: Person; readonly at: number },
): Result<Instruction> {
  if (state.outcome !== undefined) return fail('refused', `Run #${run.number} has ended: ${state.outcome}.`);
  const said = { ...who, ...(given.text('comment') !== undefined && { comment: given.text('comment') }) };
  if (word === 'approve' || word === 'reject') {
    const question = findApproval(state, run, given.text('stage'));
    if (!question.ok) return question;
    const inputs = parsePairs(given.list('input'), '--input');
    if (!inputs.ok) return inputs;
    return succeed({
      type: word,
      question: question.value.question.id,
      ...said,
      ...(given.list('input').length && { inputs: inputs.value }),
    });
  }
  if (
    word !== 'cancel' &&
    !stagesOf(state).some(stage => stage.phase && stage.finishedAtMs === undefined) &&
    !openQuestions(state).some(({ question }) => question.kind !== 'approval')
  ) {
    return fail('refused', `Run #${run.number} has no canary to ${word} now.`, {
      hint: `backstop show ${run.number} shows its state.`,
    });
  }
  return succeed({ type: word, ...said });
}

function findApproval(state: RunState, run: RunSummary, stage: string | undefined): Result<QuestionState> {
  const open = openQuestions(state).filter(({ question }) => question.kind === 'approval');
  const names = open.map(({ question }) => plainLine(question.stage, 80));
  const meant = stage === undefined ? open : open.filter(({ question }) => question.stage === stage);
  const [only, ...others] = meant;
  if (only && others.length === 0) return succeed(only);
  if (open.length === 0)
    return fail('refused', `Run #${run.number} is not waiting for an approval.`, {
      hint: `backstop show ${run.number} shows its state.`,
    });
  return fail(
    'invalid',
    stage === undefined
      ? `Run #${run.number} is waiting for ${open.length} approvals. Which one?`
      : `Run #${run.number} is not waiting for an approval of "${stage}".`,
    { hint: `--stage is one of ${names.join(', ')}.` },
  );
}
