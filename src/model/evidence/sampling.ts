// Log lines of which a share is read, in short slices of time, because there are too many to read them all.

export interface TimeRange {
  /** [fromMs, toMs). */
  readonly fromMs: number;
  readonly toMs: number;
}

/** From `sinceMs` on, one slice of `widthMs` in each `periodMs`; all lines from before. The same for every node. */
export interface Sampling {
  readonly sinceMs: number;
  readonly periodMs: number;
  readonly widthMs: number;
}

/** Sampling of a source that has more lines than it may give in one verification. */
export interface SampledSource extends Sampling {
  readonly mostLines: number;
}

/**
 * Multiples of it, modulo 1, are spread evenly and never repeat: no job that runs regularly always or never falls into
 * the slices.
 */
const goldenRatio = (Math.sqrt(5) - 1) / 2;

/** What is read of a range, in the order of time. A narrower slice of a period lies within a wider one. */
export function slicesOf({ sinceMs, periodMs, widthMs }: Sampling, { fromMs, toMs }: TimeRange): readonly TimeRange[] {
  const slices = [{ fromMs, toMs: Math.min(toMs, sinceMs) }],
    first = Math.max(0, Math.floor((fromMs - sinceMs) / periodMs));
  for (let i = first; sinceMs + i * periodMs < toMs; i++) {
    const startMs = sinceMs + i * periodMs + Math.round(((i * goldenRatio) % 1) * (periodMs - widthMs));
    slices.push({ fromMs: Math.max(fromMs, startMs), toMs: Math.min(toMs, startMs + widthMs) });
  }
  return slices.filter(slice => slice.fromMs < slice.toMs);
}

/** The part of a range that is read, from 0 to 1. */
export function shareOf(sampling: Sampling, range: TimeRange): number {
  const readMs = slicesOf(sampling, range).reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  return range.toMs > range.fromMs ? readMs / (range.toMs - range.fromMs) : sampling.widthMs / sampling.periodMs;
}

/** The end of what is read until `atMs`. */
export function readUntil(sampling: Sampling, atMs: number): number {
  return slicesOf(sampling, { fromMs: atMs - 2 * sampling.periodMs, toMs: atMs }).at(-1)?.toMs ?? atMs;
}
