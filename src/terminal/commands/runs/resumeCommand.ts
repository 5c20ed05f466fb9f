// `backstop resume`: resumes a run whose process has ended, and follows it.
import { fail } from '../../../model/failure.ts';
import { hostOption, jsonOption, runArgument, runDetail } from '../../command.ts';
import type { Command } from '../../command.ts';
import { findPipeline } from '../../findPipeline.ts';
import { findRun, readState } from '../../findRun.ts';
import { followRun } from '../../show/followRun.ts';
import { findIdentity } from '../../identity.ts';
import { followOptions, runStatuses } from './followOptions.ts';

export const resume: Command = {
  name: 'resume',
  group: 'Run',
  summary: 'Resumes a run whose process ended before the run did.',
  usage: 'RUN [--json]',
  details: [
    runDetail,
    'It waits for hooks that are still running and does not start them again. Call it in the folder of the pipeline.',
  ],
  positional: runArgument,
  options: { ...followOptions, ...hostOption, ...jsonOption },
  statuses: runStatuses,
  examples: ['backstop resume last', 'backstop resume 12 --json'],
  async run(context) {
    const {
      given,
      dependencies: { env, cwd },
    } = context;
    const engine = await context.engine();
    if (!engine.ok) return engine;
    const { history } = engine.value;
    const found = findRun(history, given.positionals[0] ?? 'last');
    if (!found.ok) return found;
    if (found.value.outcome !== undefined)
      return fail('invalid', `Run #${found.value.number} has ended: ${found.value.outcome}.`, {
        hint: `To repeat it: backstop run ${found.value.pipeline} --from STAGE --run ${found.value.number}`,
      });
    const state = readState(history, found.value);
    if (!state.ok) return state;
    // The run uses the pipeline in its journal, so a missing or broken file does not stop it.
    const today = findPipeline(engine.value, cwd, state.value.file);
    const by = await findIdentity(env, cwd);
    return followRun(context, engine.value, {
      by,
      begin: () => engine.value.resume(found.value.id, today.ok ? today.value : undefined, by),
    });
  },
};
