// What a counter that only grows has added in each interval, though it begins at zero again when its process does.

import type { MetricPoint } from '../../../model/evidence/evidence.ts';

/** A counter may be read as seldom as that; what it added over a longer gap cannot be dated, and is not known. */
const longestGapMs = 120_000;

/** So much before a window is read too, so that its first interval has something to be counted from. */
export function leadOf(intervalMs: number): number {
  return Math.max(1, Math.ceil(longestGapMs / intervalMs)) * intervalMs;
}

/**
 * A smaller value than the one before is a restart, never a negative count: what stands there was added since. What was
 * added over a gap came evenly.
 * @param values standing at each interval, undefined where it was not read; of one process
 */
export function increasesOf(values: readonly (number | undefined)[], intervalMs: number): (number | undefined)[] {
  const increases = new Array<number | undefined>(values.length).fill(undefined);
  let last: { readonly index: number; readonly value: number } | undefined;
  for (const [index, value] of values.entries()) {
    if (value === undefined || value < 0) continue;
    const length = last && index - last.index;
    if (last && length !== undefined && length * intervalMs <= leadOf(intervalMs))
      increases.fill((value < last.value ? value : value - last.value) / length, last.index + 1, index + 1);
    last = { index, value };
  }
  return increases;
}

/**
 * Of the intervals that were read only to count from, those that are known; an earlier reading may know more of the
 * others.
 */
export function pointsOfCounter(
  {
    metric,
    node,
    fromMs,
    intervalMs,
  }: { readonly metric: string; readonly node: string; readonly fromMs: number; readonly intervalMs: number },
  increases: readonly (number | undefined)[],
): readonly MetricPoint[] {
  const lead = leadOf(intervalMs) / intervalMs;
  return increases.flatMap((value, k) =>
    value === undefined && k < lead ? [] : [{ metric, node, atMs: fromMs + k * intervalMs, value: value ?? null }],
  );
}
