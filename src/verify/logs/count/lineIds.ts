// The ids of the lines that came last, so that a line which is read twice counts once: bounded, and no text is kept.

export interface LineIds {
  /**
   * Enters the lines from `from` on, as many as `entries` holds: a number for a line that was not seen yet, `seen` for
   * one that was, `unnamed` for one without an id. Says where it stopped. Many at once, since each waits for memory,
   * and those of a loop wait together.
   */
  enter(lines: readonly Named[], from: number, entries: Int32Array): number;
  /** Keeps a value from 0 on for a line, by the number that it got. */
  set(entry: number, value: number): void;
  /** The value of a line; undefined where it has none, or is forgotten. */
  valueOf(id: string): number | undefined;
}

interface Named {
  readonly id?: string;
}

/** Instead of the number of a line. */
export const seen = -1,
  unnamed = -2;

/**
 * Open addressing: of each id its second hash, and those bits of the first that do not say where it lies, with the
 * number of the line in their place. They lie side by side and are few, since to fetch another line of the processor's
 * cache costs more than all else that is done with an id.
 */
interface Generation {
  readonly number: number;
  readonly cells: Int32Array;
  /** 1 more than the value of each line, by its number. */
  readonly values: Int32Array;
  stored: number;
}

/** What a slot's cells hold, in their order. */
const cellsOfSlot = 2,
  numberCell = 1;

const slots = 1 << 19,
  mostStored = 1 << 18,
  /** Bits of the number of a line. */
  numberBits = slots - 1,
  /** Their numbers begin anew, so that the number of a line stays one of 32 bits. */
  mostGenerations = 1 << 12;

/**
 * Remembers the last 262,144 lines at least and twice as many at most: sources tell a line again within minutes, where
 * the windows of two questions overlap, never after hours. Two generations take 10 MB.
 */
export function createLineIds(): LineIds {
  let current = createGeneration(0),
    last: Generation | undefined;

  function enterOne(id: string): number {
    const { one, two } = hashOf(id);
    if (last && isTaken(last, slotOf(last, one, two))) return seen;
    if (current.stored >= mostStored) {
      last = current;
      current = createGeneration((last.number + 1) % mostGenerations);
    }
    const slot = slotOf(current, one, two),
      { cells, number, stored } = current;
    if (isTaken(current, slot)) return seen;
    cells[slot * cellsOfSlot] = two;
    cells[slot * cellsOfSlot + numberCell] = (one & ~numberBits) | stored;
    current.stored++;
    return number * mostStored + stored;
  }

  return {
    enter(lines, from, entries) {
      const end = Math.min(lines.length, from + entries.length);
      for (let i = from; i < end; i++) {
        const { id } = lines[i]!;
        entries[i - from] = id === undefined ? unnamed : enterOne(id);
      }
      return end;
    },
    set(entry, value) {
      if (entry < 0) return;
      const number = Math.floor(entry / mostStored);
      const generation = current.number === number ? current : last?.number === number ? last : undefined;
      if (generation) generation.values[entry % mostStored] = value + 1;
    },
    valueOf(id) {
      const { one, two } = hashOf(id);
      for (const generation of last ? [current, last] : [current]) {
        const slot = slotOf(generation, one, two);
        if (!isTaken(generation, slot)) continue;
        const value = generation.values[generation.cells[slot * cellsOfSlot + numberCell]! & numberBits]!;
        return value === 0 ? undefined : value - 1;
      }
      return undefined;
    },
  };
}

/** Two independent hashes of an id; the second one is never 0, which is a free slot. */
function hashOf(id: string): { readonly one: number; readonly two: number } {
  let one = 0x811c9dc5 | 0,
    two = 0x9e3779b9 | 0;
  for (let i = 0; i < id.length; i++) {
    const code = id.charCodeAt(i);
    one = Math.imul(one ^ code, 0x01000193);
    two = (Math.imul(two, 31) + code) | 0;
  }
  one ^= one >>> 15;
  one = Math.imul(one, 0x2c1b3c6d);
  return { one: one ^ (one >>> 13), two: two | 1 };
}

function createGeneration(number: number): Generation {
  return { number, cells: new Int32Array(slots * cellsOfSlot), values: new Int32Array(mostStored), stored: 0 };
}

function isTaken({ cells }: Generation, slot: number): boolean {
  return cells[slot * cellsOfSlot] !== 0;
}

/** The slot of an id, or the free one where it would be. */
function slotOf({ cells }: Generation, one: number, two: number): number {
  for (let slot = one & (slots - 1); ; slot = (slot + 1) & (slots - 1)) {
    const found = cells[slot * cellsOfSlot];
    if (found === 0) return slot;
    if (found === two && ((cells[slot * cellsOfSlot + numberCell]! ^ one) & ~numberBits) === 0) return slot;
  }
}
