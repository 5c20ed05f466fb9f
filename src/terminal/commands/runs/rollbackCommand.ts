// `backstop rollback`: manually restores the last working release, after showing what changes.
import { createInterface } from 'node:readline/promises';
import type { Engine } from '../../../model/runs/engine.ts';
import { fail, succeed } from '../../../model/failure.ts';
import type { Result } from '../../../model/failure.ts';
import { compareReleases } from '../../../model/release.ts';
import { stagesOf } from '../../../model/runs/runState.ts';
import type { RunState } from '../../../model/runs/runState.ts';
import { formatCount, formatMoment, shortId } from '../../../protocol/words/format.ts';
import { standingWord } from '../../../protocol/words/words.ts';
import { done, hostOption, jsonOption, pipelineDetail, runDetail } from '../../command.ts';
import type { Command, CommandContext } from '../../command.ts';
import { differenceLines } from '../../show/differenceLines.ts';
import { exitStatus, statusOfRun } from '../../exitStatus.ts';
import { findEnvironment } from '../../findEnvironment.ts';
import { findPipeline } from '../../findPipeline.ts';
import { findRun } from '../../findRun.ts';
import { followRun } from '../../show/followRun.ts';
import { findIdentity } from '../../identity.ts';
import { toned } from '../../screen/line.ts';
import { chooseRollback } from '../../rollbackTarget.ts';
import type { RollbackChoice } from '../../rollbackTarget.ts';
import { tellRun } from '../../show/tellRun.ts';
import { followOptions } from './followOptions.ts';

export const rollback: Command = {
  name: 'rollback',
  group: 'Decide',
  summary: 'Rolls an environment back to its last working release, artifact and configuration together.',
  usage: '[PIPELINE] --environment E [--to RELEASE] [--yes] [--json]   or   --run RUN',
  details: [
    pipelineDetail,
    runDetail,
    'It shows the changes first and asks for confirmation; without a terminal, it needs --yes. RELEASE is an id ' +
      '(its first characters are enough) or a version.',
    'With --run, it rolls back the canary of a run in progress.',
  ],
  positional: { name: 'PIPELINE', minimum: 0, maximum: 1 },
  options: {
    ...hostOption,
    environment: {
      type: 'string',
      short: 'e',
      value: 'E',
      text: 'The environment; leave it out if the pipeline has only one.',
    },
    to: {
      type: 'string',
      value: 'RELEASE',
      text: 'The release to roll back to; by default the last working one (see `backstop releases --help`).',
    },
    yes: { type: 'boolean', short: 'y', text: 'Does not ask.' },
    run: { type: 'string', value: 'RUN', text: 'Rolls back the canary of this run in progress.' },
    comment: { type: 'string', value: 'TEXT', text: 'Comment, stored with the run (with --run).' },
    ...followOptions,
    ...jsonOption,
  },
  statuses: {
    0: 'rolled back',
    1: 'the rollback failed',
    2: 'the rollback is done but not verified',
    3: 'invalid input, or not confirmed: nothing was done',
    130: 'cancelled',
  },
  examples: [
    'backstop rollback storefront --environment production',
    'backstop rollback storefront -e production --to 2.13.2 --yes',
    'backstop rollback --run last',
  ],
  async run(context) {
    const engine = await context.engine();
    if (!engine.ok) return engine;
    const run = context.given.text('run');
    return run === undefined ? rollEnvironmentBack(context, engine.value) : rollRunBack(context, engine.value, run);
  },
};

async function rollRunBack(context: CommandContext, engine: Engine, given: string): Promise<Result<number>> {
  const { env, cwd, clock } = context.dependencies;
  const found = findRun(engine.history, given);
  if (!found.ok) return found;
  if (found.value.outcome !== undefined)
    return fail('refused', `Run #${found.value.number} has ended: ${found.value.outcome}.`, {
      hint: `To go back now: backstop rollback ${found.value.pipeline} --environment E`,
    });
  const comment = context.given.text('comment');
  return tellRun(context, engine, found.value, {
    type: 'rollback',
    by: await findIdentity(env, cwd),
    at: clock.now(),
    ...(comment !== undefined && { comment }),
  });
}

async function rollEnvironmentBack(context: CommandContext, engine: Engine): Promise<Result<number>> {
  const {
    given,
    output,
    dependencies: { env, cwd },
  } = context;
  const pipeline = findPipeline(engine, cwd, given.positionals[0]);
  if (!pipeline.ok) return pipeline;
  const environment = findEnvironment(pipeline.value, given.text('environment'));
  if (!environment.ok) return environment;
  const choice = chooseRollback(engine.history, pipeline.value, environment.value, given.text('to'));
  if (!choice.ok) return choice;
  showChoice(context, environment.value, choice.value);
  const confirmed = await confirm(context);
  if (!confirmed.ok) return confirmed;
  if (!confirmed.value) {
    output.note(['Nothing was done.']);
    return done(exitStatus.invalid);
  }
  const by = await findIdentity(env, cwd);
  return followRun(context, engine, {
    by,
    statusOf: statusOfRollback,
    begin: () =>
      engine.rollBack({ pipeline: pipeline.value, environment: environment.value, to: choice.value.to.id, by }),
  });
}

function showChoice(
  { output, given }: CommandContext,
  environment: string,
  { from, to, nodes, standing }: RollbackChoice,
): void {
  const say = given.flag('json') ? output.note : output.line;
  const recorded = standing ? `${standingWord(standing.standing)} ${formatMoment(standing.at)}` : 'never recorded here';
  say([
    toned('strong', `Rollback of ${environment}`),
    `: ${from ? from.artifact.version : 'an unknown release'} → ${to.artifact.version}`,
    ` (release ${shortId(to.id)}, ${recorded})`,
  ]);
  for (const { release, count } of nodes)
    say([
      `  ${formatCount(count, 'node')} ${count === 1 ? 'runs' : 'run'} `,
      release ? `${release.artifact.version} (${shortId(release.id)})` : 'an unknown release',
    ]);
  for (const line of from ? differenceLines(compareReleases(from, to), { from, to }) : []) say(['  ', ...line]);
}

async function confirm({
  given,
  dependencies: { stdin, stdout, onInterrupt },
}: CommandContext): Promise<Result<boolean>> {
  if (given.flag('yes')) return succeed(true);
  if (!stdin.isTTY || !stdout.isTTY || given.flag('json'))
    return fail('refused', 'A rollback without a terminal to ask on needs --yes.', { hint: 'Nothing was done.' });
  const stop = new AbortController();
  const end = onInterrupt(() => stop.abort());
  const questions = createInterface({ input: stdin });
  questions.once('close', () => stop.abort()); // The end of standard input does not count as an answer.
  stdout.write('Roll back now? [y/N] ');
  try {
    return succeed(/^y(?:es)?$/i.test((await questions.question('', { signal: stop.signal })).trim()));
  } catch (error) {
    if (stop.signal.aborted) return succeed(false);
    throw error;
  } finally {
    questions.close();
    end();
  }
}

/** A manual rollback ends with the outcome `rolled-back`, which is a success here. */
function statusOfRollback(state: RunState): number {
  if (state.outcome === 'rolled-back') return exitStatus.good;
  const rollback = stagesOf(state).find(stage => stage.rollback)?.rollback;
  const allBack =
    rollback?.nodesRun !== undefined && Object.values(rollback.nodesRun).every(release => release === rollback.to.id);
  return state.outcome === 'failed' && allBack ? exitStatus.held : statusOfRun(state.outcome);
}
