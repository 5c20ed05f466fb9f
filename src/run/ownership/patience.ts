// Waits for a store that another process keeps locked, or whose disk is full, without blocking the thread: what a run
// writes meanwhile is kept in order, and no side effect happens before its intent is in the store.
import { StoreError, type Result } from '../../model/failure.ts';
import type { Clock } from '../../model/ports.ts';
import type { History } from '../../model/history.ts';

/** Others' transactions take milliseconds; a backup may take seconds. */
export const patienceMs = 30_000;
const retryMs = 100;

/** The writes of a run. */
type Written = 'append' | 'record' | 'setNodes' | 'forgetNodes' | 'saveReport' | 'saveEvidence' | 'saveLearned';

export interface PatientHistory {
  readonly history: History;
  /** Resolves once everything written so far is in the store; rejects once that was given up. */
  kept(): Promise<void>;
}

/** Tries again until it works; gives up with what the store says. */
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

/** The same, for what a person asks: a store that cannot be used after all is the answer. */
export async function answerPatiently<T>(clock: Clock, work: () => Result<T>): Promise<Result<T>> {
  try {
    return await patiently(clock, work);
  } catch (error) {
    if (error instanceof StoreError) return { ok: false, failure: error.failure };
    throw error;
  }
}

/** `onBroken` hears what cannot be written at all, be it that the store stays locked or that another run took over. */
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
