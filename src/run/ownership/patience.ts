// Waits for a store that another process has locked, or whose disk is full, without blocking the thread. Writes of the
// run are queued in order meanwhile, and no side effect happens before its intent is in the store.
import { StoreError, type Result } from '../../model/failure.ts';
import type { Clock } from '../../model/ports.ts';
import type { History } from '../../model/history.ts';

/** Transactions of other processes take milliseconds; a backup may take seconds. */
export const patienceMs = 30_000;
const retryMs = 100;

/** The methods by which a run writes. */
type Written = 'append' | 'record' | 'setNodes' | 'forgetNodes' | 'saveReport' | 'saveEvidence' | 'saveLearned';

export interface PatientHistory {
  readonly history: History;
  /** Resolves when everything written so far is in the store; rejects if writing was given up. */
  kept(): Promise<void>;
}

/** Retries until it works; finally gives up with the error of the store. */
export async function patiently<T>(clock: Clock, work: () => T): Promise<T> {
  const sinceMs = clock.monotonicMs();
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof StoreError) || !error.passes || clock.monotonicMs() - sinceMs >= patienceMs) throw error;
      await clock.sleep(retryMs);
    }
  }
}

/** Like `patiently`, for a person's request: returns a failure if the store cannot be used. */
export async function answerPatiently<T>(clock: Clock, work: () => Result<T>): Promise<Result<T>> {
  try {
    return await patiently(clock, work);
  } catch (error) {
    if (error instanceof StoreError) return { ok: false, failure: error.failure };
    throw error;
  }
}

/**
 * Calls `onBroken` with an error if a write is impossible: the store stays locked, or another process took over the
 * run.
 */
export function createPatientHistory(
  history: History,
  clock: Clock,
  onBroken: (error: unknown) => void,
): PatientHistory {
  const waiting: (() => void)[] = [];
  let flushing: Promise<void> | undefined, broken: { readonly error: unknown } | undefined;

  async function flush(): Promise<void> {
    try {
      while (waiting.length > 0) {
        await patiently(clock, () => waiting[0]!());
        waiting.shift();
      }
    } catch (error) {
      broken = { error };
      onBroken(error);
    } finally {
      flushing = undefined;
    }
  }
  function write(work: () => void): void {
    if (broken) throw broken.error;
    if (!flushing) {
      try {
        work();
        return;
      } catch (error) {
        if (!(error instanceof StoreError) || !error.passes) throw error;
      }
    }
    waiting.push(work);
    flushing ??= flush();
  }
  const later =
    <Name extends Written>(name: Name) =>
    (...given: Parameters<History[Name]>): void =>
      write(() => (history[name] as (...all: Parameters<History[Name]>) => void)(...given));
  return {
    history: {
      ...history,
      append: later('append'),
      record: later('record'),
      setNodes: later('setNodes'),
      forgetNodes: later('forgetNodes'),
      saveReport: later('saveReport'),
      saveEvidence: later('saveEvidence'),
      saveLearned: later('saveLearned'),
    },
    async kept() {
      while (flushing) await flushing;
      if (broken) throw broken.error;
    },
  };
}
