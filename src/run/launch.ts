// Builds a run from its journal, keeps other processes from running it at the same time, and turns a broken store into
// a reported failure.
import { fail, StoreError, succeed, type Failure, type Result } from '../model/failure.ts';
import { plainLease } from '../model/identity.ts';
import type { InputValues, Pipeline, Unattended } from '../model/pipeline.ts';
import type { RunPlan } from '../model/runs/plan.ts';
import type { Ports } from '../model/ports.ts';
import type { RunObserver } from '../model/runs/engine.ts';
import type { Person, RunEventBody } from '../model/runs/runEvents.ts';
import { reduceRun } from '../model/runs/reduceRun.ts';
import type { RunState } from '../model/runs/runState.ts';
import { TakenOver } from '../model/runs/takenOver.ts';
import { stopRun } from './ownership/brokenStore.ts';
import { tellJumps } from './ownership/clockWatch.ts';
import type { NeighbouringPhases, RunContext } from './context.ts';
import { journalFeedback } from './feedback.ts';
import { openInbox, type Inbox } from './ownership/inbox.ts';
import { createFences } from './ownership/fence.ts';
import { openJournal, type Journal } from './ownership/journal.ts';
import { createPatientHistory, patiently } from './ownership/patience.ts';
import { holdLease, leaseMs } from './ownership/lease.ts';
import { endOvertaken } from './ownership/overtaken.ts';
import { createScope } from './stages/scope.ts';

export interface RunSetup {
  readonly runId: string;
  readonly pipeline: Pipeline;
  readonly plan: RunPlan;
  readonly by: Person;
  /** The person who resumes the run; absent for a new run. */
  readonly resumedBy?: Person;
  /** Present if its guardian resumes the run because no one else did. */
  readonly unattended?: Unattended;
  readonly approve: boolean;
  readonly inputs: InputValues;
  /** The first event of a new run; a resumed run already has it in the journal. */
  readonly started?: RunEventBody & { readonly type: 'run-started' };
}

export interface LaunchedRun {
  /** Resolves with the state of the run when this process stops running it. */
  readonly done: Promise<RunState>;
  readonly inbox: Inbox;
  /** The reason if another process has continued the run; this process has changed nothing since. */
  lost(): Failure | undefined;
}

/** Calls `body`, which does the work and journals `run-finished`. */
export function launch(
  setup: RunSetup,
  ports: Ports,
  phases: NeighbouringPhases,
  tell: Required<RunObserver>,
  body: (context: RunContext) => Promise<void>,
): Result<LaunchedRun> {
  const { runId } = setup;
  const { clock } = ports;
  const broken = Promise.withResolvers<never>();
  const { history, kept } = createPatientHistory(ports.history, clock, broken.reject);
  const lease = history.acquireLease(runLease(runId), runId, leaseMs);
  if (!lease.held) return fail('refused', `Run ${runId} is under way in another process: ${lease.by}.`);
  const fences = createFences(history, { name: runLease(runId), generation: lease.generation });
  const journal = openJournal(runId, history, clock, fences.forEvent, (event, state) =>
    tell.onEvent(runId, event, state),
  );
  if (setup.started) journal.record(setup.started);
  else
    journal.record({
      type: 'run-resumed',
      by: setup.resumedBy ?? setup.by,
      ...(setup.unattended && { unattended: setup.unattended }),
    });
  const inbox = openInbox(runId, history, clock, broken.reject);
  const ended = new AbortController(),
    over = new AbortController();
  tellJumps(clock, over.signal, byMs => journal.record({ type: 'clock-jumped', byMs })).catch(broken.reject);
  journalFeedback(inbox, journal, ended.signal);
  const { release } = journal.state();
  const context: RunContext = {
    ...setup,
    release,
    journal,
    fences,
    ended: ended.signal,
    over: over.signal,
    inbox,
    ports: { ...ports, history },
    kept,
    phases,
    breakOff: broken.reject,
    materialise: materialiseOnce(runId, ports.configurations),
    onOutput: (key, stream, text) => tell.onOutput(runId, key, stream, text),
  };
  const { work, stop, lost } = outlive(context, broken.promise, () => ended.abort(), body);
  const done = holdLease(ports, runId, runLease(runId), createScope(), work)
    .then(stopped => stopped ?? (lost() && reduceRun(runId, history.events(runId))) ?? journal.state())
    .catch(stop)
    .finally(() => {
      over.abort();
      inbox.close();
    });
  return succeed({ done, inbox, lost });
}

/**
 * Does the work and turns everything that can interrupt it into a reported end: a broken store, another owner, or a
 * bug.
 */
function outlive(
  context: RunContext,
  broken: Promise<never>,
  endAll: () => void,
  body: (context: RunContext) => Promise<void>,
): {
  /** Resolves with the final state only if the store broke. */
  readonly work: () => Promise<RunState | undefined>;
  readonly stop: (error: unknown) => RunState;
  readonly lost: () => Failure | undefined;
} {
  const {
    runId,
    journal,
    fences,
    ports: { history, log },
  } = context;
  let lost: Failure | undefined;
  const stop = (error: unknown): RunState => {
    if (!(error instanceof StoreError)) throw error;
    return stopRun(journal.state(), error.failure, resumedBy(history, runId));
  };
  const work = async (): Promise<RunState | undefined> => {
    try {
      await Promise.race([body(context).then(context.kept), broken]);
    } catch (error) {
      try {
        if (error instanceof TakenOver && fences.mayAct()) endOvertaken(journal, whyTakenOver(error));
        else if (error instanceof TakenOver) lost = leftTo(runId);
        else if (error instanceof StoreError) return stop(error);
        else journalBreak(journal, log, runId, error);
      } catch (again) {
        if (!(again instanceof TakenOver)) return stop(again);
        lost = leftTo(runId);
      } finally {
        // Stops everything in this process that is still waiting, so that it can neither act nor write later.
        journal.close();
        endAll();
      }
    }
  };
  return { work, stop, lost: () => lost };
}

/**
 * An owner whose process is alive but silent may have been suspended, or the clock may have been set. It is observed
 * for a while before its run is taken over.
 */
export async function waitForSilentOwner(
  { history, clock }: Pick<Ports, 'history' | 'clock'>,
  runId: string,
): Promise<Failure | undefined> {
  for (let waitedMs = 0; ; waitedMs += watchMs) {
    const answer = await patiently(clock, () => history.acquireLease(runLease(runId), runId, leaseMs));
    if (answer.held) return undefined;
    if (!answer.silent || waitedMs >= leaseMs)
      return { kind: 'refused', message: `Run ${runId} is under way in another process: ${answer.by}.` };
    await clock.sleep(watchMs);
  }
}
const watchMs = 1_000;

function runLease(runId: string): string {
  return `run ${runId}`;
}

function leftTo(runId: string): Failure {
  return {
    kind: 'overtaken',
    message:
      `Run ${runId} was resumed by another process while this one did not respond: ` +
      'this one has changed nothing since.',
  };
}

function whyTakenOver({ fence }: TakenOver): Failure {
  return {
    kind: 'overtaken',
    message:
      `Another run took ${fence ? plainLease(fence.name) : 'the environment'} while this one did not respond: ` +
      'it did nothing more there.',
    hint: 'If its release is wanted there, start a new run: backstop run',
  };
}

function journalBreak(journal: Journal, log: Ports['log'], runId: string, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  log.warn(`Run ${runId} broke: ${error instanceof Error ? (error.stack ?? message) : message}`);
  journal.record({
    type: 'run-finished',
    outcome: 'failed',
    failure: {
      kind: 'store',
      message: `The run broke off: ${message}`,
      hint: 'See what runs where with: backstop releases. Bring an environment back with: backstop rollback.',
    },
  });
}

/** The number or id to resume the run with, even if the store cannot be read; undefined if the run never began. */
function resumedBy(history: Ports['history'], runId: string): string | undefined {
  try {
    return history.events(runId, 0, 1).length === 0 ? undefined : String(history.findRun(runId)?.number ?? runId);
  } catch {
    return runId;
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
