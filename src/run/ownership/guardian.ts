// Guards a run from a separate process: waits while any process runs it and, if no one resumes it in time, does what
// the pipeline says.
import { StoreError } from '../../model/failure.ts';
import type { Unattended } from '../../model/pipeline.ts';
import { guardLease, type Guard, type History } from '../../model/history.ts';
import type { Ports } from '../../model/ports.ts';
import type { GuardEnd, GuardTask } from '../../model/runs/guard.ts';
import { isAtStake } from '../../model/runs/runState.ts';
import { reduceRun } from '../../model/runs/reduceRun.ts';
import { leaseMs } from './lease.ts';

type GuardPorts = {
  readonly history: Pick<
    History,
    'findRun' | 'events' | 'isRunning' | 'acquireLease' | 'renewLease' | 'releaseLease' | 'noteGuard' | 'guard'
  >;
  readonly clock: Ports['clock'];
  /** True while the folder of the store exists; a folder that was removed must not be created again. */
  readonly isThere?: () => boolean;
};

const pollMs = 1_000;
/** A failed resume is tried again, since a vendor or a disk may recover. */
const tries = 5,
  retryMs = 60_000;
/** A store that cannot be read for this long counts as removed. */
const patienceMs = 600_000;

const gone: GuardEnd = { kind: 'lost', failure: { kind: 'store', message: 'The folder of the history was removed.' } };

export async function guardRun(
  { history, clock, isThere = () => true }: GuardPorts,
  task: GuardTask,
): Promise<GuardEnd> {
  const { runId, signal } = task;
  const name = guardLease(runId);
  const watch = createWatch(clock, task.unattended);
  const step = createStep({ history, clock }, task, watch);
  let blindSinceMs: number | undefined, end: GuardEnd | undefined;
  // A previous guardian of this run may be about to end, so its lease is waited for.
  for (let waitedMs = 0; !history.acquireLease(name, runId, leaseMs).held; waitedMs += pollMs) {
    if (waitedMs >= leaseMs || signal.aborted) return { kind: 'guarded' };
    await clock.sleep(pollMs, signal);
  }
  history.noteGuard(runId, task.unattended);
  while (!end && !signal.aborted) {
    if (!isThere()) return gone;
    try {
      end = await step();
      blindSinceMs = undefined;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      blindSinceMs ??= clock.monotonicMs();
      if (clock.monotonicMs() - blindSinceMs >= patienceMs) return { kind: 'lost', failure: error.failure };
    }
    if (!end) await clock.sleep(pollMs, signal);
  }
  if (history.renewLease(name, runId)) {
    history.noteGuard(runId, undefined);
    history.releaseLease(name, runId);
  }
  return end ?? { kind: 'guarded' };
}

interface Watch {
  /** Call it while a process runs the run, or while nothing is at stake. */
  reset(): void;
  /** The time left before the guardian acts on a run that no process runs. */
  dueInMs(): number;
  later(byMs: number): void;
}

/**
 * Uses the monotonic clock, which stops while the machine sleeps: a user whose machine slept still has the full time to
 * resume the run.
 */
function createWatch(clock: Ports['clock'], { afterMs }: Unattended): Watch {
  let dueAtMs: number | undefined;
  return {
    reset() {
      dueAtMs = undefined;
    },
    dueInMs: () => (dueAtMs ??= clock.monotonicMs() + afterMs) - clock.monotonicMs(),
    later(byMs) {
      dueAtMs = clock.monotonicMs() + byMs;
    },
  };
}

function createStep(
  { history, clock }: GuardPorts,
  { runId, unattended, act }: GuardTask,
  watch: Watch,
): () => Promise<GuardEnd | undefined> {
  let failures = 0,
    renewedAtMs = clock.monotonicMs(),
    told: Guard = unattended;
  const tell = (dueAtMs: number | undefined): void => {
    if (told.dueAtMs === dueAtMs) return;
    told = { ...unattended, ...(dueAtMs !== undefined && { dueAtMs }) };
    history.noteGuard(runId, told);
  };
  return async () => {
    const run = history.findRun(runId);
    if (!run || run.outcome !== undefined) return { kind: 'ended' };
    if (clock.monotonicMs() - renewedAtMs >= leaseMs / 3) {
      history.renewLease(guardLease(runId), runId);
      renewedAtMs = clock.monotonicMs();
    }
    const noted = history.guard(runId);
    if (noted?.act === 'nothing') return { kind: 'guarded' };
    if (!noted) {
      // A store that was rebuilt no longer has the guardian's entry.
      if (!history.acquireLease(guardLease(runId), runId, leaseMs).held) return { kind: 'guarded' };
      history.noteGuard(runId, told);
    }
    if (history.isRunning(runId)) {
      watch.reset();
      tell(undefined);
      return undefined;
    }
    const state = reduceRun(runId, history.events(runId));
    if (!state || !isAtStake(state)) return { kind: 'safe' };
    const dueInMs = watch.dueInMs();
    if (told.dueAtMs === undefined) tell(clock.now() + dueInMs);
    if (dueInMs > 0) return undefined;
    const failure = await act();
    if (!failure || failure.kind === 'refused') {
      // The run has ended or another process took it; the next step finds out which.
      watch.reset();
      return undefined;
    }
    if (++failures >= tries) return { kind: 'failed', failure };
    watch.later(retryMs);
    return undefined;
  };
}
