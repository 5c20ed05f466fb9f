// Lines per minute of both sides, as a chart wants them.
import type { ClusterReport } from '../../../model/evidence/verdict.ts';
import type { Timeline } from './timeline.ts';

const minuteMs = 60_000,
  mostMinutes = 120;

/** Minutes of [fromMs, toMs], the latest 120 of them. What lies outside is left out. */
export function countMinutes(
  canary: Timeline,
  baseline: Timeline,
  fromMs: number,
  toMs: number,
): NonNullable<ClusterReport['minutes']> {
  const all = Math.max(1, Math.ceil((toMs - fromMs) / minuteMs)),
    kept = Number.isFinite(all) ? Math.min(mostMinutes, all) : 1;
  const startMs = Number.isFinite(all) ? fromMs + (all - kept) * minuteMs : toMs;
  const count = (timeline: Timeline): number[] => {
    const minutes = new Array<number>(kept).fill(0);
    // A bin begins before the line that opened it: one that begins within a bin of the start counts as the first
    // minute's.
    timeline.each((atMs, lines) => {
      const minute = Math.floor((Math.max(atMs, Math.min(startMs, atMs + timeline.widthMs())) - startMs) / minuteMs);
      if (minute >= 0 && minute < kept) minutes[minute]! += lines;
    });
    return minutes;
  };
  return { startMs, canary: count(canary), baseline: count(baseline) };
}
