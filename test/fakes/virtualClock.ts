// A clock that jumps to the next sleeper as soon as nothing else is left to do, so that hours pass in milliseconds and
// nothing is waited for.
import type { Clock } from '../../src/model/ports.ts';

export interface VirtualClock extends Clock {
  /** The time of day changes, and nothing else. */
  set(byMs: number): void;
  /** Lets time pass until `work` is done; fails when everything sleeps for ever. */
  drive<T>(work: Promise<T>): Promise<T>;
}

export interface SkippingClock extends VirtualClock {
  /** Time passes while nobody is awake: whoever sleeps wakes late. */
  skip(byMs: number): void;
}

interface Sleeper {
  readonly atMs: number;
  readonly order: number;
  wake(): void;
}

export function createVirtualClock(startMs = 1_795_000_000_000): SkippingClock {
  let nowMs = startMs,
    setByMs = 0,
    order = 0;
  const sleepers = new Set<Sleeper>();

  function wakeNext(): boolean {
    let next: Sleeper | undefined;
    for (const sleeper of sleepers)
      if (!next || sleeper.atMs < next.atMs || (sleeper.atMs === next.atMs && sleeper.order < next.order))
        next = sleeper;
    if (!next) return false;
    nowMs = Math.max(nowMs, next.atMs);
    next.wake();
    return true;
  }

  return {
    now: () => nowMs + setByMs,
    monotonicMs: () => nowMs,
    set: byMs => {
      setByMs += byMs;
    },
    skip: byMs => {
      nowMs += byMs;
    },
    sleep: (durationMs, signal) =>
      new Promise(resolve => {
        if (signal?.aborted) {
          resolve();
          return;
        }
        const sleeper: Sleeper = {
          atMs: nowMs + Math.max(0, Math.ceil(durationMs)),
          order: order++,
          wake() {
            sleepers.delete(sleeper);
            signal?.removeEventListener('abort', sleeper.wake);
            resolve();
          },
        };
        signal?.addEventListener('abort', sleeper.wake, { once: true });
        if (sleeper.atMs < Infinity) sleepers.add(sleeper);
      }),
    async drive(work) {
      let done = false;
      const finished = work.finally(() => {
        done = true;
      });
      finished.catch(() => {
        /* the caller gets it from the returned promise */
      });
      let idle = 0;
      while (!done) {
        await new Promise<void>(resolve => {
          setImmediate(resolve);
        });
        if (done) break;
        if (wakeNext()) idle = 0;
        else if (++idle > 1_000) throw new Error('Everything waits, and nobody sleeps: the work never ends.');
      }
      return finished;
    },
  };
}
