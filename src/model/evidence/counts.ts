// Lines that a health source grouped and counted itself, because there are too many to read them one by one.

/** One query counts both sides of a comparison. Another one counts the time before, which does not change. */
export type CountedPart = 'sides' | 'before';

export interface CountedWindow {
  readonly part: CountedPart;
  /** Times of the lines: [fromMs, toMs). */
  readonly fromMs: number;
  readonly toMs: number;
  /** Width of the slices of its groups. */
  readonly sliceMs: number;
  /** All lines of the window, including those outside `groups`. */
  readonly total: number;
  readonly groups: readonly CountedGroup[];
}

/**
 * Lines that differ only in what the source recognises as parameters. In the time before, all of them belong to the
 * baseline.
 */
export interface CountedGroup {
  readonly canary: CountedSide;
  readonly baseline: CountedSide;
}

export interface CountedSide {
  readonly lines: number;
  /** One of the lines; absent if there is none. */
  readonly sample?: string;
  /** The start of each slice that has lines, and the number of lines. */
  readonly slices: readonly (readonly [atMs: number, lines: number])[];
  readonly nodes: Readonly<Record<string, number>>;
}

/** What one node wrote in a window. */
export interface NodePace {
  readonly node: string;
  readonly lines: number;
  readonly firstMs: number;
  readonly newestMs: number;
}

/** The number of slices that show how the lines of a window cluster in bursts; a timeline of lines keeps as many. */
const mostSlices = 512;

/** In seconds; a power of two. */
export function sliceWidth(windowMs: number): number {
  return 1000 * 2 ** Math.max(0, Math.ceil(Math.log2(windowMs / 1000 / mostSlices)));
}

/** The width is doubled until a window has at most that many slices. */
export function widenSlices(
  { fromMs, toMs, sliceMs }: { readonly fromMs: number; readonly toMs: number; readonly sliceMs: number },
  most: number,
): number {
  let widthMs = sliceMs;
  while ((toMs - fromMs) / widthMs > most) widthMs *= 2;
  return widthMs;
}
