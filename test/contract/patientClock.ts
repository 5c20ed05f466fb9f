// A virtual clock for tests over real sockets: time jumps to the next sleeper only while no request is on its way.
import type { VirtualClock } from '../fakes/virtualClock.ts';

export interface PatientClock extends VirtualClock {
  /** Work that goes on outside the clock: time stands still until it is done. */
  hold<T>(work: Promise<T>): Promise<T>;
  /**
   * A sleep in the middle of such work, during which time may pass. One piece of work may sleep several times at once.
   */
  sleepWithin(durationMs: number): Promise<void>;
}

interface Sleeper {
  readonly atMs: number;
  wake(): void;
}

export function createPatientClock(startMs = 1_795_000_000_000): PatientClock {
  let nowMs = startMs,
    held = 0;
  const sleepers = new Set<Sleeper>();
  const sleep = (durationMs: number, signal?: AbortSignal): Promise<void> =>
    new Promise(resolve => {
      if (signal?.aborted) {
        resolve();
        return;
      }
      const sleeper: Sleeper = {
        atMs: nowMs + Math.max(0, durationMs),
        wake() {
          sleepers.delete(sleeper);
          signal?.removeEventListener('abort', sleeper.wake);
          resolve();
        },
      };
      signal?.addEventListener('abort', sleeper.wake, { once: true });
      sleepers.add(sleeper);
    });
  const wakeNext = (): void => {
    const next = [...sleepers].sort((one, other) => one.atMs - other.atMs)[0];
    if (!next) return;
    nowMs = Math.max(nowMs, next.atMs);
    next.wake();
  };
  return {
    now: () => nowMs,
    monotonicMs: () => nowMs,
    set: byMs => {
      nowMs += byMs;
    },
    sleep,
    async sleepWithin(durationMs) {
      held -= 1;
      try {
        await sleep(durationMs);
      } finally {
        held += 1;
      }
    },
    async hold(work) {
      held += 1;
      try {
        return await work;
      } finally {
        held -= 1;
      }
    },
    async drive(work) {
      let done = false;
      const finished = work.finally(() => {
        done = true;
      });
      finished.catch(() => {
        /* the caller gets it from the returned promise */
      });
      while (!done) {
        await new Promise<void>(resolve => {
          setImmediate(resolve);
        });
        if (!done && held <= 0) wakeNext();
      }
      return finished;
    },
  };
}
