// The system clock, and the ids of runs, which contain the time.
import { randomInt } from 'node:crypto';
import type { Clock, Ids } from '../model/ports.ts';

/** setTimeout fires immediately for longer times. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => Number(process.hrtime.bigint() / 1_000_000n),
  async sleep(durationMs, signal) {
    const until = performance.now() + durationMs;
    for (let left = durationMs; left > 0 && !signal?.aborted; left = until - performance.now()) {
      await waitOnce(Math.min(left, LONGEST_TIMER_MS), signal);
    }
  },
};

function waitOnce(durationMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const finish = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, Math.ceil(durationMs));
    signal?.addEventListener('abort', finish, { once: true });
  });
}

/** Run ids such as `20261123-140200-k3f9`: UTC in seconds and random characters. */
export function createIds(clock: Clock): Ids {
  return {
    nextRunId() {
      const [date, time] = new Date(clock.now()).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').split('T');
      return `${date}-${time}-${randomInt(36 ** 4)
        .toString(36)
        .padStart(4, '0')}`;
    },
  };
}
