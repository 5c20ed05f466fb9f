// How much more the counts of a cluster vary than chance allows: bursts come in clumps, and clumps are fewer than their
// lines.
import type { Timeline } from '../count/timeline.ts';

export interface Span {
  fromMs: number;
  toMs: number;
}

/** Counts of one side in equal slices of the time it was seen. */
export function sliceCounts(timeline: Timeline, { fromMs, toMs }: Span, slices: number): number[] {
  const counts = new Array<number>(slices).fill(0);
  const width = Math.max(1, toMs + 1 - fromMs) / slices;
  timeline.each((atMs, lines) => {
    const slice = Math.floor((atMs - fromMs) / width);
    counts[Math.min(slices - 1, Math.max(0, slice))]! += lines;
  });
  return counts;
}

export interface Fit {
  readonly chi: number;
  readonly freedom: number;
}

/**
 * Pearson's chi-squared of the slices against their share of all traffic, and its degrees of freedom. `totals`: lines
 * of all clusters per slice.
 */
export function pearson(counts: readonly number[], totals: readonly number[]): Fit {
  let sum = 0,
    total = 0;
  for (let i = 0; i < counts.length; i++) {
    sum += counts[i]!;
    total += totals[i]!;
  }
  if (sum === 0 || total === 0) return { chi: 0, freedom: 0 };
  let chi = 0,
    used = 0;
  for (let i = 0; i < counts.length; i++) {
    const expected = (sum * totals[i]!) / total;
    if (expected <= 0) continue;
    chi += (counts[i]! - expected) ** 2 / expected;
    used++;
  }
  return { chi, freedom: Math.max(0, used - 1) };
}

const finest = 600;

/**
 * How many lines come at a time: the index of dispersion of counts in slices of a second, or as near to it as the
 * timeline knows. At least 1.
 */
export function clumpSize(timeline: Timeline, lines: number): number {
  if (lines < 2) return 1;
  const span: Span = { fromMs: Infinity, toMs: -Infinity };
  timeline.each(atMs => {
    span.fromMs = Math.min(span.fromMs, atMs);
    span.toMs = Math.max(span.toMs, atMs);
  });
  const slices = Math.max(1, Math.min(finest, Math.floor((span.toMs - span.fromMs) / timeline.widthMs()) + 1));
  const counts = sliceCounts(timeline, { ...span, toMs: span.toMs + timeline.widthMs() - 1 }, slices);
  return Math.max(1, counts.reduce((sum, count) => sum + count * count, 0) / lines - lines / slices);
}
