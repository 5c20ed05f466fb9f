// `backstop run`: starts a run and follows it to its end.
import type { Engine, StartRequest } from '../../../model/runs/engine.ts';
import { fail, succeed } from '../../../model/failure.ts';
import type { Result } from '../../../model/failure.ts';
import { identityOf } from '../../../model/identity.ts';
import { allStages } from '../../../model/pipeline.ts';
import type { Pipeline } from '../../../model/pipeline.ts';
import { jsonOption, pipelineArgument, pipelineDetail, runDetail } from '../../command.ts';
import type { Command, CommandContext } from '../../command.ts';
import { findFailedRun, findRun } from '../../findRun.ts';
import { followRun } from '../../show/followRun.ts';
import { followOptions, runStatuses } from './followOptions.ts';
import { readStartRequest, startOptions } from './startOptions.ts';
import { suggest } from '../../suggest.ts';

export const run: Command = {
  name: 'run',
  group: 'Run',
  summary: 'Runs a pipeline: stages, canary phases, verification and, if necessary, the rollback.',
  usage: '[PIPELINE] [--version V] [--input NAME=VALUE]... [--approve] [--from STAGE [--run RUN]] [--json]',
  details: [
    pipelineDetail,
    runDetail,
    'Press Ctrl-C to cancel the run: no new step begins, and a rollback in progress is finished. A second Ctrl-C ' +
      'leaves the run as it is; continue it with `backstop resume`.',
    'With --json, it prints one line {"runId","event"} for each event of the run; ' +
      'the last line is {"runId","number","outcome","exitStatus"}.',
  ],
  positional: pipelineArgument,
  options: {
    ...startOptions,
    approve: {
      type: 'boolean',
      text: 'Gives your approval in advance, if the pipeline lets the person who starts the run approve it.',
    },
    from: {
      type: 'string',
      value: 'STAGE',
      text: 'Repeats a failed run, starting at this stage; earlier stages count as done.',
    },
    run: {
      type: 'string',
      value: 'RUN',
      text: 'The run that --from repeats; by default the newest failed run of the pipeline.',
    },
    ...followOptions,
    ...jsonOption,
  },
  statuses: runStatuses,
  examples: [
    'backstop run storefront --version 2.14.0',
    'backstop run storefront --version 2.14.0 --approve --json',
    'backstop run storefront --version 2.14.0 --from production',
  ],
  async run(context) {
    const engine = await context.engine();
    if (!engine.ok) return engine;
    const request = await readStartRequest(context, engine.value);
    if (!request.ok) return request;
    const from = readFrom(context, engine.value, request.value.pipeline);
    if (!from.ok) return from;
    const start: StartRequest = {
      ...request.value,
      ...(context.given.flag('approve') && { approve: true }),
      ...(from.value && { from: from.value }),
    };
    return followRun(context, engine.value, { by: start.by, begin: () => engine.value.start(start) });
  },
};

function readFrom(
  { given }: CommandContext,
  { history }: Engine,
  pipeline: Pipeline,
): Result<StartRequest['from'] | undefined> {
  const wanted = given.text('from');
  const named = given.text('run');
  if (wanted === undefined)
    return named === undefined
      ? succeed(undefined)
      : fail('invalid', '--run says which run --from repeats: give --from STAGE too.');
  const names = allStages(pipeline).map(({ name }) => name);
  const stage = names.find(name => name === wanted) ?? names.find(name => name.toLowerCase() === wanted.toLowerCase());
  if (stage === undefined)
    return fail('invalid', `${pipeline.name} has no stage "${wanted}".${suggest(wanted, names)}`, {
      hint: `Its stages: ${names.join(', ')}.`,
    });
  const repeated =
    named === undefined ? findFailedRun(history, pipeline.name, identityOf(pipeline)) : findRun(history, named);
  if (!repeated.ok) return repeated;
  if (repeated.value.pipeline !== pipeline.name)
    return fail('invalid', `Run #${repeated.value.number} is of ${repeated.value.pipeline}, not of ${pipeline.name}.`);
  return succeed({ stage, runId: repeated.value.id });
}
