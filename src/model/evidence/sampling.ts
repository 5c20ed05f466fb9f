// Samples of log lines, read in short slices of time because there are too many lines to read them all.

export interface TimeRange {
  /** [fromMs, toMs). */
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * From `sinceMs` on, one slice of `widthMs` is read in each `periodMs`; before it, all lines are read. The slices are
 * the same for every node.
 */
export interface Sampling {
  readonly sinceMs: number;
  readonly periodMs: number;
  readonly widthMs: number;
}

/** The sampling of a source that has more lines than one verification may read. */
export interface SampledSource extends Sampling {
  readonly mostLines: number;
}

/**
 * Multiples of this number, modulo 1, are evenly distributed and never repeat, so that no periodic job always or never
 * falls into the slices.
 */
const goldenRatio = (Math.sqrt(5) - 1) / 2;

const secondMs = 1_000;

/** The parts of a range that are read, in order of time. A slice begins at a whole second if `sinceMs` does. */
export function slicesOf(sampling: Sampling, { fromMs, toMs }: TimeRange): readonly TimeRange[] {
  const { sinceMs, periodMs } = sampling,
    slices = [{ fromMs, toMs: Math.min(toMs, sinceMs) }],
    first = Math.max(0, Math.floor((fromMs - sinceMs) / periodMs));
  for (let i = first; sinceMs + i * periodMs < toMs; i++) {
    const slice = sliceOf(sampling, i);
    slices.push({ fromMs: Math.max(fromMs, slice.fromMs), toMs: Math.min(toMs, slice.toMs) });
  }
  return slices.filter(slice => slice.fromMs < slice.toMs);
}

function sliceOf({ sinceMs, periodMs, widthMs }: Sampling, i: number): TimeRange {
  const room = (periodMs - widthMs) / secondMs,
    fromMs = sinceMs + i * periodMs + Math.floor(((i * goldenRatio) % 1) * room) * secondMs;
  return { fromMs, toMs: fromMs + widthMs };
}

/** The slice that contains a moment; undefined if no slice does. */
export function sliceAt(sampling: Sampling, atMs: number): TimeRange | undefined {
  const { sinceMs, periodMs } = sampling;
  if (atMs < sinceMs) return { fromMs: -Infinity, toMs: sinceMs };
  const slice = sliceOf(sampling, Math.floor((atMs - sinceMs) / periodMs));
  return atMs >= slice.fromMs && atMs < slice.toMs ? slice : undefined;
}

/** The part of a range that is read, from 0 to 1. */
export function shareOf(sampling: Sampling, range: TimeRange): number {
  const readMs = slicesOf(sampling, range).reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  return range.toMs > range.fromMs ? readMs / (range.toMs - range.fromMs) : sampling.widthMs / sampling.periodMs;
}

/** The end of the last part that is read before `atMs`. */
export function readUntil(sampling: Sampling, atMs: number): number {
  return slicesOf(sampling, { fromMs: atMs - 2 * sampling.periodMs, toMs: atMs }).at(-1)?.toMs ?? atMs;
}
