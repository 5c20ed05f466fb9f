// Looks after a run from a process of its own: waits while anybody runs it, and once nobody has come back in time does
// what the pipeline says.
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
  /** The folder of the store exists: one that was removed must not be made again. */
  readonly isThere?: () => boolean;
};

const pollMs = 1_000;
/** A failed resume is tried again: a vendor or a disk may be back by then. */
const tries = 5,
  retryMs = 60_000;
/** A store that is out of reach for so long has been taken away. */
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
  // The one before may be about to end: the run had ended for it, or nothing was at stake.
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
  /** Somebody runs it, or nothing is at stake. */
  reset(): void;
  /** Nobody does: when something is to be done about it. */
  dueInMs(): number;
  later(byMs: number): void;
}

/**
 * By a clock that nobody sets, and that stands still while the machine sleeps: whoever slept with it gets their time to
 * come back.
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
      // A store that was rebuilt does not know its guardians any more.
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
      // Ended, or taken by somebody else: the next look tells which.
      watch.reset();
      return undefined;
    }
    if (++failures >= tries) return { kind: 'failed', failure };
    watch.later(retryMs);
    return undefined;
  };
}
