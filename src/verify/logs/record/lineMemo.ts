// The lines that came last, with their digits masked: most lines of most logs are like one of these but for their
// digits, and what is known of it need not be looked for again.
import { hashMasked, type MaskedLine } from '../text/maskedLine.ts';

export interface LineMemo<Known> {
  /** What was kept for a line like the one at bytes[from]. `line` says then where it ends. */
  find(bytes: Uint8Array, from: number): Known | undefined;
  /** Keeps what is known of the line that was looked for last and not found. */
  keep(known: Known): void;
  readonly line: Readonly<MaskedLine>;
}

const slots = 1 << 14,
  /** A line may lie in one of so many slots in a row. */
  places = 4;
/** Where fewer than a quarter of so many lines are found, the memo rests for some more of them. */
const lookedAt = 4096,
  leastFound = lookedAt / 4,
  rest = lookedAt * 8;

export function createLineMemo<Known>(): LineMemo<Known> {
  const line: MaskedLine = { one: 0, two: 0, end: -1 },
    hashes = new Int32Array((slots + places) * 2),
    kept: (Known | undefined)[] = new Array<Known | undefined>(slots + places).fill(undefined);
  let view: DataView = new DataView(new ArrayBuffer(0)),
    viewed: Uint8Array | undefined,
    free = -1,
    victim = 0,
    found = 0,
    isResting = false,
    left = lookedAt;

  /** Looks, or rests, for some more lines. */
  function judge(): void {
    isResting = !isResting && found < leastFound;
    left = isResting ? rest : lookedAt;
    found = 0;
  }

  return {
    line,
    find(bytes, from) {
      free = -1;
      if (left-- === 0) judge();
      if (isResting) return undefined;
      if (bytes !== viewed) {
        view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        viewed = bytes;
      }
      hashMasked(view, from, line);
      if (line.end < 0) return undefined;
      const { one, two } = line,
        first = one & (slots - 1);
      for (let slot = first; slot < first + places; slot++) {
        const known = kept[slot];
        if (known === undefined) {
          free = slot;
          return undefined;
        }
        if (hashes[slot * 2] === one && hashes[slot * 2 + 1] === two) {
          found++;
          return known;
        }
      }
      free = first + (victim++ & (places - 1));
      return undefined;
    },
    keep(known) {
      if (free < 0) return;
      hashes[free * 2] = line.one;
      hashes[free * 2 + 1] = line.two;
      kept[free] = known;
    },
  };
}
