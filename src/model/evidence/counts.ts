// Lines that a health source grouped and counted itself, because there are too many to read them one by one.

/** What a verification compares is counted by one query; the time before, which does not change, by another one. */
export type CountedPart = 'sides' | 'before';

export interface CountedWindow {
  readonly part: CountedPart;
  /** Times of the lines: [fromMs, toMs). */
  readonly fromMs: number;
  readonly toMs: number;
  /** Width of the slices of its groups. */
  readonly sliceMs: number;
  /** Lines of the window, also those of groups that are not among `groups`. */
  readonly total: number;
  readonly groups: readonly CountedGroup[];
}

/** Lines that are equal but for what the source takes for parameters. Of the time before, all are of the baseline. */
export interface CountedGroup {
  readonly canary: CountedSide;
  readonly baseline: CountedSide;
}

export interface CountedSide {
  readonly lines: number;
  /** One of its lines; absent: it has none. */
  readonly sample?: string;
  /** Start of each slice that has lines, and their number. */
  readonly slices: readonly (readonly [atMs: number, lines: number])[];
  readonly nodes: Readonly<Record<string, number>>;
}

/** What one node has written in a window. */
export interface NodePace {
  readonly node: string;
  readonly lines: number;
  readonly firstMs: number;
  readonly newestMs: number;
}

/** So many slices of a window tell how its lines come in bursts; as many as a timeline of lines keeps. */
const mostSlices = 512;

/** A power of two of seconds. */
export function sliceWidth(windowMs: number): number {
  return 1000 * 2 ** Math.max(0, Math.ceil(Math.log2(windowMs / 1000 / mostSlices)));
}

/** As wide as it takes for a window to have no more slices than that: the width doubled as often. */
export function widenSlices(
  { fromMs, toMs, sliceMs }: { readonly fromMs: number; readonly toMs: number; readonly sliceMs: number },
  most: number,
): number {
  let widthMs = sliceMs;
  while ((toMs - fromMs) / widthMs > most) widthMs *= 2;
  return widthMs;
}
