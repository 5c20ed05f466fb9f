// The ids of the lines that came last, so that a line which is read twice counts once: bounded, and no text is kept.

export interface LineIds {
  /** A number for a line that was not seen yet, undefined for one that was. */
  enter(id: string): number | undefined;
  /** Keeps a value from 0 on for a line, by the number that it got. */
  set(entry: number, value: number): void;
  /** The value of a line; undefined where it has none, or is forgotten. */
  valueOf(id: string): number | undefined;
}

/**
 * Open addressing: of each id two hashes and 1 more than its value. They lie side by side, since to fetch another line
 * of the processor's cache costs more than all else that is done with an id.
 */
interface Generation {
  readonly number: number;
  readonly cells: Int32Array;
  stored: number;
}

/** What a slot's cells hold, in their order. */
const cellsOfSlot = 4,
  secondHash = 1,
  valueCell = 2;

const slots = 1 << 19,
  mostStored = 1 << 18,
  noValue = -1;

/**
 * Remembers the last 262,144 lines at least and twice as many at most: sources tell a line again within minutes, where
 * the windows of two questions overlap, never after hours. Two generations take 16 MB.
 */
export function createLineIds(): LineIds {
  let current = createGeneration(0),
    last: Generation | undefined;

  function find(id: string): { generation: Generation; slot: number } | undefined {
    const { one, two } = hashOf(id);
    for (const generation of last ? [current, last] : [current]) {
      const slot = slotOf(generation, one, two);
      if (isTaken(generation, slot)) return { generation, slot };
    }
    return undefined;
  }

  return {
    enter(id) {
      const { one, two } = hashOf(id);
      if (last && isTaken(last, slotOf(last, one, two))) return undefined;
      if (current.stored >= mostStored) {
        last = current;
        current = createGeneration(last.number + 1);
      }
      const slot = slotOf(current, one, two);
      if (isTaken(current, slot)) return undefined;
      current.cells[slot * cellsOfSlot] = one;
      current.cells[slot * cellsOfSlot + secondHash] = two;
      current.stored++;
      return current.number * slots + slot;
    },
    set(entry, value) {
      const number = Math.floor(entry / slots);
      const generation = current.number === number ? current : last?.number === number ? last : undefined;
      if (generation) generation.cells[(entry % slots) * cellsOfSlot + valueCell] = value + 1;
    },
    valueOf(id) {
      const found = find(id);
      const value = found ? found.generation.cells[found.slot * cellsOfSlot + valueCell]! - 1 : noValue;
      return value === noValue ? undefined : value;
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
  return { number, cells: new Int32Array(slots * cellsOfSlot), stored: 0 };
}

function isTaken({ cells }: Generation, slot: number): boolean {
  return cells[slot * cellsOfSlot + secondHash] !== 0;
}

/** The slot of an id, or the free one where it would be. */
function slotOf({ cells }: Generation, one: number, two: number): number {
  let slot = one & (slots - 1);
  for (;;) {
    const at = slot * cellsOfSlot,
      found = cells[at + secondHash];
    if (found === 0 || (found === two && cells[at] === one)) return slot;
    slot = (slot + 1) & (slots - 1);
  }
}
