// Finds the run that the user typed: a number, #number, an id, or "last".
import { fail, succeed } from '../model/failure.ts';
import type { Result } from '../model/failure.ts';
import type { History, RunSummary } from '../model/ports.ts';
import { interrupt, reduceRun } from '../model/runs/runState.ts';
import type { RunState } from '../model/runs/runState.ts';

export function findRun(history: History, given: string): Result<RunSummary> {
  const found = given === 'last' ? history.runs({ limit: 1 })[0] : history.findRun(given.replace(/^#/, ''));
  if (found) return succeed(found);
  return fail('not-found', given === 'last' ? 'There is no run yet.' : `There is no run ${given}.`, {
    hint: 'backstop runs lists them.',
  });
}

/** The latest run of a pipeline that was not promoted. */
export function findFailedRun(history: History, pipeline: string, service: string): Result<RunSummary> {
  const found = history
    .runs({ limit: 500, service })
    .find(run => run.pipeline === pipeline && run.outcome !== undefined && run.outcome !== 'promoted');
  return found
    ? succeed(found)
    : fail('not-found', `There is no failed run of ${pipeline} to repeat.`, {
        hint: 'Start from the beginning, or name a run with --run.',
      });
}

export function readState(history: History, run: RunSummary): Result<RunState> {
  const events = history.events(run.id),
    state = reduceRun(run.id, events);
  return state
    ? succeed(interrupt(state, events, history.isRunning(run.id)))
    : fail('not-found', `Run #${run.number} has recorded nothing yet.`, {
        hint: 'It may have been stopped while it started.',
      });
}
