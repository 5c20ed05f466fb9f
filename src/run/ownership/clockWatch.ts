// Tells a clock that was set, a machine that slept or one brought back from a snapshot: the time of day against a clock
// that nobody sets.
import type { Failure } from '../../model/failure.ts';
import type { Clock } from '../../model/ports.ts';

/**
 * What a clock is slewed by (NTP: at most 500 in a million) is no jump, nor is what two readings in a row may differ
 * by.
 */
const toleratedMs = 2_000,
  toleratedShare = 0.001;

export interface ClockWatch {
  /**
   * By how much the time of day went ahead of the time that passed, or back, since it was watched; 0 for what is
   * tolerated.
   */
  jumpedByMs(): number;
}

export function watchClock(clock: Clock): ClockWatch {
  const nowMs = clock.now(),
    steadyMs = clock.monotonicMs();
  return {
    jumpedByMs() {
      const passedMs = clock.monotonicMs() - steadyMs;
      const jumpMs = clock.now() - nowMs - passedMs;
      return Math.abs(jumpMs) <= toleratedMs + toleratedShare * passedMs ? 0 : jumpMs;
    },
  };
}

const pollMs = 1_000;

export async function tellJumps(clock: Clock, signal: AbortSignal, onJump: (byMs: number) => void): Promise<void> {
  for (let watch = watchClock(clock); !signal.aborted;) {
    await clock.sleep(pollMs, signal);
    const byMs = signal.aborted ? 0 : watch.jumpedByMs();
    if (byMs === 0) continue;
    onJump(byMs);
    watch = watchClock(clock);
  }
}

/** Why what was seen meanwhile counts for nothing. */
export function jumpFailure(byMs: number): Failure {
  return {
    kind: 'no-data',
    message:
      `The clock of this machine was set ${byMs > 0 ? 'forward' : 'back'} by ${Math.round(Math.abs(byMs) / 1000)} ` +
      's, or the machine slept: what was measured across that moment does not count.',
  };
}
