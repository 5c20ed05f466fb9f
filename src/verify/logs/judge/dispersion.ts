// How much more the counts of a cluster vary than chance allows: lines that come in bursts tell less than single ones.
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

/**
 * The same from the steps between neighbouring slices (von Neumann, Annals of Mathematical Statistics 1941), which a
 * slow change of the rate hardly moves. The greatest step is left out: that the rate changed once is what is tested.
 */
export function successive(counts: readonly number[]): Fit {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0 || counts.length < 3) return { chi: 0, freedom: 0 };
  let sum = 0,
    greatest = 0;
  for (let i = 1; i < counts.length; i++) {
    const square = (counts[i]! - counts[i - 1]!) ** 2 / 2;
    sum += square;
    greatest = Math.max(greatest, square);
  }
  return { chi: ((sum - greatest) * counts.length) / total, freedom: counts.length - 2 };
}
