// The range of the canary's level that is valid at every evaluation: a confidence sequence of its change.
import type { LevelRange } from '../../model/evidence/verdict.ts';
import { mixSizes } from './models/means.ts';
import type { Subject } from './replay.ts';
import type { Measurement } from './series/measurement.ts';

/** How far to search for a change, in standard errors, and with which precision. */
const farthest = 60,
  halvings = 24;
/** A range beyond this, on the log scale, contains no information. */
const widest = 3;

/**
 * The change is estimated with its standard error at each look. A change θ is ruled out once the normal mixture that
 * weighs regressions (means.ts) has as much evidence against θ as the check asks for, so that what remains is a
 * confidence sequence (Robbins 1970; Howard, Ramdas, McAuliffe & Sekhon 2021). The check itself also weighs when a
 * regression began and what blurs it. Where the two differ the check is right: before it is sure the range goes no
 * further than to what is tolerated, and from then on no part of the range is tolerated.
 * @param startMs of the window's first interval
 */
export function rangesOf(subject: Subject, startMs: number, intervalMs: number): readonly LevelRange[] {
  const { metric, centre, test, threshold, sureAtMs = Infinity } = subject,
    { baseline, change } = centre;
  if (!test?.move || baseline === null || change === null) return [];
  const sides = metric.direction === 'either' ? Math.LN2 : 0,
    isFall = metric.direction === 'either' ? change < 0 : metric.direction === 'decrease';
  return subject.course.flatMap(({ known, measured }) => {
    const error = measured.shiftError ?? measured.error,
      half = error * reachOf(error, threshold + sides);
    if (!(half < widest)) return [];
    const [least, most] = around(measured, half, known * intervalMs >= sureAtMs);
    const [low, high] = isFall ? [-most, -least] : [least, most],
      move = (by: number): number => test.move?.(baseline, by) ?? baseline;
    return [{ atMs: startMs + known * intervalMs, low: move(low), high: move(high) }];
  });
}

function around(
  { upperShift, error, tolerated }: Measurement,
  half: number,
  isSure: boolean,
): readonly [number, number] {
  const shift = upperShift - error,
    least = isSure ? Math.max(shift - half, tolerated) : Math.min(shift - half, tolerated);
  return [least, Math.max(shift + half, least)];
}

/** The distance, in standard errors, at which a change is ruled out. */
function reachOf(error: number, threshold: number): number {
  const information = 1 / error ** 2;
  let [low, high] = [0, farthest];
  for (let step = 0; step < halvings; step += 1) {
    const middle = (low + high) / 2;
    if (mixSizes(middle / error, information, 1) < threshold) low = middle;
    else high = middle;
  }
  return high;
}
