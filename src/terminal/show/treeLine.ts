// A line of the tree of a run, and what it is drawn with.
import type { Glyphs } from '../screen/glyphs.ts';
import type { Line } from '../screen/line.ts';

export interface TreeContext {
  /** Absent until it is known. */
  readonly number?: number;
  readonly nowMs: number;
  /** Turns the spinner. */
  readonly frame: number;
  readonly glyphs: Glyphs;
  /** Last lines of a hook's output, by the key of its call. */
  readonly outputOf: (key: string) => readonly string[];
}

/** A line and where its continuation begins when it must be wrapped. */
export interface TreeLine {
  readonly line: Line;
  readonly indent: number;
}
