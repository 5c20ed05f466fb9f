// `backstop guard`: watches one run until it ends. If no process runs it any more, does what its pipeline says. Each
// run starts it in the background.
import { describeFailure, fail, succeed, type Failure, type Result } from '../../../model/failure.ts';
import type { Unattended } from '../../../model/pipeline.ts';
import type { History, RunSummary } from '../../../model/history.ts';
import type { GuardPost } from '../../../model/runs/guard.ts';
import { formatMoment } from '../../../protocol/words/format.ts';
import { done, hostOption, runArgument, runDetail } from '../../command.ts';
import type { Command, CommandContext } from '../../command.ts';
import { exitStatus } from '../../exitStatus.ts';
import { findRun } from '../../findRun.ts';

export const guard: Command = {
  name: 'guard',
  group: 'Run',
  summary: 'Guards a run: acts as the pipeline says if its process ends and no one resumes it.',
  usage: 'RUN [--off]',
  details: [
    runDetail,
    'Each run starts its guardian automatically in the background. The key `unattended` in the pipeline says what ' +
      'it does and when. It never acts while another process runs the run, and it ends together with the run.',
  ],
  positional: runArgument,
  options: { off: { type: 'boolean', text: 'Ends the guardian of the run.' }, ...hostOption },
  statuses: {
    0: 'the run has ended, or needs no guardian',
    2: 'the run could not be resumed, or the store cannot be read',
    3: 'invalid input',
  },
  examples: ['backstop guard 12', 'backstop guard 12 --off'],
  async run(context) {
    const { given, output, dependencies } = context;
    const opened = await dependencies.guard();
    if (!opened.ok) return opened;
    const { history } = opened.value;
    try {
      const found = findRun(history, given.positionals[0] ?? 'last');
      if (!found.ok) return found;
      if (given.flag('off')) {
        const before = history.guard(found.value.id);
        // The guardian of the run reads this entry and ends.
        if (before) history.noteGuard(found.value.id, { act: 'nothing', afterMs: 0 });
        output.line([
          before ? `Run #${found.value.number} is no longer guarded.` : `Run #${found.value.number} had no guardian.`,
        ]);
        return done(exitStatus.good);
      }
      const unattended = unattendedOf(history, found.value);
      return unattended.ok ? await keepGuard(context, opened.value, found.value, unattended.value) : unattended;
    } finally {
      opened.value.close();
    }
  },
};

function unattendedOf(history: History, run: RunSummary): Result<Unattended> {
  if (run.outcome !== undefined) return fail('invalid', `Run #${run.number} has ended: ${run.outcome}.`);
  const started = history.events(run.id, 0, 1)[0];
  const unattended = started?.type === 'run-started' ? started.fixed?.unattended : undefined;
  return unattended === undefined || unattended.act === 'nothing'
    ? fail('refused', `Run #${run.number} has no guardian: its pipeline says so.`, {
        hint: 'See the key `unattended` of a pipeline file.',
      })
    : succeed(unattended);
}

async function keepGuard(
  context: CommandContext,
  post: GuardPost,
  { id: runId, number }: RunSummary,
  unattended: Unattended,
): Promise<Result<number>> {
  const { output, dependencies } = context;
  const stop = new AbortController();
  const endings = [dependencies.onInterrupt(() => stop.abort()), dependencies.onTerminate(() => stop.abort())] as const;
  const say = (text: string): void => output.line([`${formatMoment(dependencies.clock.now())}  ${text}`]);
  try {
    say(`Guards run #${number}.`);
    const end = await post.guard({
      runId,
      unattended,
      signal: stop.signal,
      async act() {
        say(`No one resumed run #${number}: ${unattended.act}.`);
        const failure = await resumeRun(context, runId, unattended);
        if (failure) say(describeFailure(failure));
        return failure;
      },
    });
    say(`Ended: ${end.kind}.`);
    if ('failure' in end) return { ok: false, failure: end.failure };
    return done(exitStatus.good);
  } finally {
    for (const ending of endings) ending();
  }
}

/** The engine is created only now, because a waiting guardian should need little memory. */
async function resumeRun(
  { engine }: CommandContext,
  runId: string,
  unattended: Unattended,
): Promise<Failure | undefined> {
  const opened = await engine();
  if (!opened.ok) return opened.failure;
  const resumed = await opened.value.resume(runId, undefined, { name: 'backstop', via: 'policy' }, unattended);
  if (!resumed.ok) return resumed.failure;
  const { stopped } = await resumed.value.done;
  return resumed.value.lost() ?? stopped;
}
