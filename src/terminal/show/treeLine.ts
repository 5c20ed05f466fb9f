// A line of the run tree, and what drawing one needs to know.
import type { Glyphs } from '../screen/glyphs.ts';
import type { Line } from '../screen/line.ts';

export interface TreeContext {
  /** Absent until it is known. */
  readonly number?: number;
  readonly nowMs: number;
  /** Advances the spinner. */
  readonly frame: number;
  readonly glyphs: Glyphs;
  /** Last lines of a hook's output, by the key of its call. */
  readonly outputOf: (key: string) => readonly string[];
}

/** A line, and the column where its continuation begins if it is wrapped. */
export interface TreeLine {
  readonly line: Line;
  readonly indent: number;
}
