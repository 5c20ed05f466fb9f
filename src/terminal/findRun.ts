// Finds the run that the user typed: a number, #number, an id, or "last".
import { fail, succeed } from '../model/failure.ts';
import type { Result } from '../model/failure.ts';
import type { History, RunSummary } from '../model/history.ts';
import { interrupt } from '../model/runs/runState.ts';
import { reduceRun } from '../model/runs/reduceRun.ts';
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

/** What the guardian of the run is about to do, and when; empty if it is not about to act. */
export function findGuard(history: Pick<History, 'guard'>, runId: string): Pick<RunState, 'guard'> {
  const { act, dueAtMs } = history.guard(runId) ?? {};
  return act === undefined || dueAtMs === undefined ? {} : { guard: { act, dueAtMs } };
}

export function readState(history: History, run: RunSummary): Result<RunState> {
  const events = history.events(run.id),
    recorded = reduceRun(run.id, events);
  if (!recorded)
    return fail('not-found', `Run #${run.number} has recorded nothing yet.`, {
      hint: 'It may have been stopped while it started.',
    });
  const state = interrupt(recorded, events, history.isRunning(run.id));
  return succeed(state.interruptedAtMs === undefined ? state : { ...state, ...findGuard(history, run.id) });
}
