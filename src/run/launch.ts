// Puts a run together from its journal, keeps other processes off it while it goes on, and turns a broken store into an end that is told.
import { fail, StoreError, succeed, type Result } from '../model/failure.ts';
import type { InputValues, Pipeline } from '../model/pipeline.ts';
import type { RunPlan } from '../model/plan.ts';
import type { Ports } from '../model/ports.ts';
import type { RunObserver } from '../model/engine.ts';
import type { Person, RunEventBody } from '../model/runEvents.ts';
import type { RunState } from '../model/runState.ts';
import { stopRun } from './brokenStore.ts';
import type { NeighbouringPhases, RunContext } from './context.ts';
import { journalFeedback } from './feedback.ts';
import { openInbox, type Inbox } from './inbox.ts';
import { openJournal } from './journal.ts';
import { holdLease, leaseMs } from './lease.ts';
import { createScope } from './scope.ts';

export interface RunSetup {
  readonly runId: string;
  readonly pipeline: Pipeline;
  readonly plan: RunPlan;
  readonly by: Person;
  /** Who takes up a run that has begun. */
  readonly resumedBy?: Person;
  readonly approve: boolean;
  readonly inputs: InputValues;
  /** The first event of a new run; a run taken up again has it. */
  readonly started?: RunEventBody & { readonly type: 'run-started' };
}

export interface LaunchedRun {
  readonly done: Promise<RunState>;
  readonly inbox: Inbox;
}

/** `body` does the work and journals `run-finished`. */
export function launch(
  setup: RunSetup,
  ports: Ports,
  phases: NeighbouringPhases,
  tell: Required<RunObserver>,
  body: (context: RunContext) => Promise<void>,
): Result<LaunchedRun> {
  const { runId } = setup;
  const lease = ports.history.acquireLease(`run ${runId}`, runId, leaseMs);
  if (!lease.held) return fail('refused', `Run ${runId} is under way in another process: ${lease.by}.`);
  const journal = openJournal(runId, ports.history, ports.clock, (event, state) => tell.onEvent(runId, event, state));
  if (setup.started) journal.record(setup.started);
  else journal.record({ type: 'run-resumed', by: setup.resumedBy ?? setup.by });
  const broken = Promise.withResolvers<never>();
  const inbox = openInbox(runId, ports.history, ports.clock, broken.reject);
  const ended = new AbortController();
  journalFeedback(inbox, journal, ended.signal);
  const { release } = journal.state();
  const context: RunContext = {
    ...setup,
    release,
    journal,
    inbox,
    ports,
    phases,
    breakOff: broken.reject,
    materialise: materialiseOnce(runId, ports.configurations),
    onOutput: (key, stream, text) => tell.onOutput(runId, key, stream, text),
  };
  const done = holdLease(ports, runId, `run ${runId}`, createScope(), () =>
    Promise.race([body(context), broken.promise]),
  )
    .catch((error: unknown) => {
      if (error instanceof StoreError) return stopRun(journal.state(), error.failure, numberOf(ports.history, runId));
      const message = error instanceof Error ? error.message : String(error);
      ports.log.warn(`Run ${runId} broke: ${error instanceof Error ? (error.stack ?? message) : message}`);
      journal.record({
        type: 'run-finished',
        outcome: 'failed',
        failure: {
          kind: 'store',
          message: `The run broke off: ${message}`,
          hint: 'See what runs where with: backstop releases. Bring an environment back with: backstop rollback.',
        },
      });
      return undefined;
    })
    .then(stopped => stopped ?? journal.state())
    .finally(() => inbox.close());
  return succeed({ done, inbox });
}

/** The store may be beyond reading, too. */
function numberOf(history: Ports['history'], runId: string): number | undefined {
  try {
    return history.findRun(runId)?.number;
  } catch {
    return undefined;
  }
}

function materialiseOnce(runId: string, configurations: Ports['configurations']): RunContext['materialise'] {
  const folders = new Map<string, Result<string>>();
  return configuration => {
    const known = folders.get(configuration.digest);
    if (known?.ok) return known;
    const folder = configurations.materialise(configuration, runId);
    folders.set(configuration.digest, folder);
    return folder;
  };
}
