// Reads the store that the extension writes, independently of its views.
import { backstopHome, historyFile } from '../../../src/adapters/store/home.ts';
import { openHistory } from '../../../src/adapters/store/history.ts';
import type { RunEvent } from '../../../src/model/runs/runEvents.ts';
import { applyEvent, reduceRun } from '../../../src/model/runs/reduceRun.ts';
import { openQuestions, type RunState } from '../../../src/model/runs/runState.ts';
import { eventually } from './eventually.ts';

const opened = openHistory(historyFile(backstopHome(process.env, process.platform)));
if (!opened.ok) throw new Error(opened.failure.message);
const history = opened.value;

export function eventsOf(runId: string): readonly RunEvent[] {
  return history.events(runId);
}

/** Ids of all runs, newest first. */
export function runIds(): readonly string[] {
  return history.runs({ limit: 100 }).map(run => run.id);
}

/** The run that `work` started. */
export async function newRun(work: () => Promise<unknown>): Promise<string> {
  const known = new Set(runIds());
  await work();
  return await eventually('a new run', () => runIds().find(id => !known.has(id)));
}

export function stateOf(runId: string): RunState | undefined {
  return reduceRun(runId, history.events(runId));
}

export async function waiting(runId: string, withinMs = 20_000): Promise<string> {
  const events = history.events(runId);
  let seen = events.at(-1)?.seq ?? 0;
  let state = reduceRun(runId, events) ?? fail(runId);
  return await eventually(
    'an open question',
    () => {
      for (const event of history.events(runId, seen)) {
        state = applyEvent(runId, state, event) ?? state;
        seen = event.seq;
      }
      return openQuestions(state)[0]?.question.id;
    },
    withinMs,
  );
}

export async function outcomeOf(runId: string, withinMs = 20_000): Promise<string> {
  return await eventually('the end of the run', () => history.findRun(runId)?.outcome, withinMs);
}

function fail(runId: string): never {
  throw new Error(`the store has no run ${runId}`);
}
