// Detects that the clock was set, that the machine slept, or that it was restored from a snapshot, by comparing the
// time of day with a monotonic clock.
import type { Failure } from '../../model/failure.ts';
import type { Clock } from '../../model/ports.ts';

/** Tolerates gradual corrections of the clock (NTP: at most 500 ppm) and the time between two readings. */
const toleratedMs = 2_000,
  toleratedShare = 0.001;

export interface ClockWatch {
  /** How far the time of day has jumped forward (positive) or back since the watch began; 0 within the tolerance. */
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

/** Explains why measurements across the jump do not count. */
export function jumpFailure(byMs: number): Failure {
  return {
    kind: 'no-data',
    message:
      `The clock of this machine was set ${byMs > 0 ? 'forward' : 'back'} by ${Math.round(Math.abs(byMs) / 1000)} ` +
      's, or the machine slept: what was measured across that moment does not count.',
  };
}
