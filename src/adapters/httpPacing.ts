// Keeps within what a vendor allows one user: so many requests a second, so many at once; those beyond wait in order.
import type { Clock } from '../model/ports.ts';

export interface Pacer {
  /** Runs the task when its turn has come. An aborted signal ends the wait for the rate, not the task. */
  run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

export function createPacer(clock: Clock, limits: { readonly perSecond?: number; readonly concurrent: number }): Pacer {
  const starts: number[] = [];
  const waiting: (() => void)[] = [];
  let active = 0;
  let tail = Promise.resolve();

  async function enter(signal?: AbortSignal): Promise<void> {
    while (active >= limits.concurrent) await new Promise<void>(resolve => waiting.push(resolve));
    active += 1;
    if (limits.perSecond === undefined) return;
    const oldest = starts.length >= limits.perSecond ? starts.shift()! : -Infinity;
    const waitMs = oldest + 1000 - clock.now();
    if (waitMs > 0) await clock.sleep(waitMs, signal);
    starts.push(clock.now());
  }

  return {
    async run(task, signal) {
      const turn = tail.then(() => enter(signal));
      tail = turn;
      await turn;
      try { return await task(); } finally {
        active -= 1;
        waiting.shift()?.();
      }
    },
  };
}

/** One pacer for each host: limits belong to the account behind it, whichever source asks. */
export function pacerPerHost(create: () => Pacer): (url: string) => Pacer {
  const pacers = new Map<string, Pacer>();
  return url => {
    const host = URL.canParse(url) ? new URL(url).host : '';
    const pacer = pacers.get(host) ?? create();
    pacers.set(host, pacer);
    return pacer;
  };
}
