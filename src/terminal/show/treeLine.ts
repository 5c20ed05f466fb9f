// A line of the run tree, and the data that is needed to draw it.
import type { Glyphs } from '../screen/glyphs.ts';
import type { Line } from '../screen/line.ts';

export interface TreeContext {
  /** Absent until it is known. */
  readonly number?: number;
  readonly nowMs: number;
  /** Advances the spinner. */
  readonly frame: number;
  readonly glyphs: Glyphs;
  /** The last output lines of a hook, by the key of its call. */
  readonly outputOf: (key: string) => readonly string[];
}

/** A line, and the column at which its continuation lines begin. */
export interface TreeLine {
  readonly line: Line;
  readonly indent: number;
}
