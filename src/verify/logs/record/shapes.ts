// What is known of the lines of each shape: read once, where a shape is new, and looked up ever after.
import type { Severity } from '../../../model/evidence/evidence.ts';
import type { Opening } from './crashes.ts';
import { canonicalLine } from '../text/canonicalLine.ts';
import { emptyShape, hashLine, type LineShape } from '../text/lineShape.ts';
import type { Logger } from '../header/loggerClass.ts';
import type { Outcome } from '../formats/outcomes.ts';
import type { LineForm } from '../formats/reading.ts';
import { createLineMemo } from './lineMemo.ts';
import type { Group } from '../template/templates.ts';

/**
 * All that the lines of one shape have in common. What is asked of every line comes first, here and where shapes are
 * made: their fields lie in memory in that order, and what lies together is fetched together.
 */
export interface Shape {
  /** Of the message alone; a record of several lines may be another's. */
  readonly group: Group;
  readonly level: Severity | undefined;
  /** It has a time or a level of its own. */
  readonly hasHeader: boolean;
  /** Its header may be one that a logger puts before every line of a trace. */
  readonly mayBePrefixed: boolean;
  /** How its lines are read, where their fields and figures matter. */
  readonly form: LineForm | undefined;
  /** What a figure in its message tells the end of. */
  readonly outcome: Outcome | undefined;
  readonly startsTrace: boolean;
  /** What it begins, where it has no header. */
  readonly opening: Opening | undefined;
  /** It has a header, and no message. */
  readonly isEmpty: boolean;
  /** What its lines count as, kept here by who counts them. */
  counted: object | undefined;
  /** The code that logged them; undefined where its name has figures that may differ. */
  readonly logger: Logger | undefined;
  /** Behind a header of its own it looks like a line of a trace. */
  readonly looksTraced: boolean;
  /** Its message looks like a frame of a trace. */
  readonly mayBeFrame: boolean;
  /** Nothing but white space. */
  readonly isBlank: boolean;
  /** A record that never has further lines, but for those of a trace. */
  readonly isWhole: boolean;
  /** An exception may follow: it says that something is wrong. */
  readonly announces: boolean;
  readonly endsInColon: boolean;
  /** How it could go on with the record before it: as what no record begins with, or as the last line of a trace. */
  readonly continues: boolean;
  readonly endsTrace: boolean;
}

export interface Shapes {
  /** The shape of the line at bytes[from], which ends in a line feed. `line` says then where it ended. */
  of(bytes: Uint8Array, from: number): Shape;
  readonly line: LineShape;
}

const firstSlots = 1 << 13,
  longestRead = 16_000;
const decoder = new TextDecoder();

/**
 * `read` is called with the canonical text of each new shape, and with the line that showed it. Bounded: beyond
 * `mostShapes` all are forgotten and read again when they turn up, which costs time and changes nothing, since reading
 * is a function of the canonical text.
 */
export function createShapes(read: (canonical: string, line: string) => Shape, mostShapes = 1 << 16): Shapes {
  const line = emptyShape(),
    memo = createLineMemo<Shape>();
  let slots = firstSlots,
    // The two hashes of a slot, side by side: what lies together is fetched together.
    hashes = new Int32Array(slots * 2),
    shapes: (Shape | undefined)[] = new Array(slots).fill(undefined),
    stored = 0;

  function place(one: number, two: number, shape: Shape): void {
    let at = one & (slots - 1);
    while (shapes[at]) at = (at + 1) & (slots - 1);
    hashes[at * 2] = one;
    hashes[at * 2 + 1] = two;
    shapes[at] = shape;
    stored++;
  }

  function resize(size: number, keep: boolean): void {
    const [oldHashes, oldShapes] = [hashes, shapes];
    slots = size;
    hashes = new Int32Array(size * 2);
    shapes = new Array<Shape | undefined>(size).fill(undefined);
    stored = 0;
    if (keep)
      oldShapes.forEach((shape, i) => {
        if (shape) place(oldHashes[i * 2]!, oldHashes[i * 2 + 1]!, shape);
      });
  }

  function learn(bytes: Uint8Array, from: number): Shape {
    const { one, two, end } = line;
    const shape = read(
      canonicalLine(bytes, from),
      decoder.decode(bytes.subarray(from, Math.min(end, from + longestRead))),
    );
    if (stored >= mostShapes) resize(firstSlots, false);
    else if (stored * 2 >= slots) resize(slots * 2, true);
    place(one, two, shape);
    return shape;
  }

  function find(bytes: Uint8Array, from: number): Shape {
    hashLine(bytes, from, line);
    const { one, two } = line,
      mask = slots - 1;
    for (let at = one & mask; ; at = (at + 1) & mask) {
      const shape = shapes[at];
      if (shape === undefined) return learn(bytes, from);
      if (hashes[at * 2] === one && hashes[at * 2 + 1] === two) return shape;
    }
  }

  return {
    line,
    of(bytes, from) {
      const known = memo.find(bytes, from);
      if (known === undefined) {
        const shape = find(bytes, from);
        if (!line.escaped) memo.keep(shape);
        return shape;
      }
      line.end = memo.line.end;
      line.escaped = false;
      return known;
    },
  };
}
