// Remembers how long a file was and when, so that lines without a time of their own can be dated by the reading that
// first saw them.

/** What tells a file from others, whatever it is called. */
export interface FileState {
  readonly key: string;
  readonly size: number;
}

/** Bytes [from, to) were written between two readings that lie close together; `atMs` is that of the later one. */
export interface DatedPart {
  readonly from: number;
  readonly to: number;
  readonly atMs: number;
  /** Of the file's content: another one after it was cut to nothing and written anew. */
  readonly id: string;
}

export interface SizeMarks {
  /** `sinceMs`: the file was not there at that time. `size`: up to where it was read. */
  note(state: FileState, nowMs: number, sinceMs?: number): void;
  /** Parts whose time lies in [fromMs, toMs). */
  parts(key: string, fromMs: number, toMs: number): readonly DatedPart[];
}

interface Known {
  generation: number;
  marks: { readonly atMs: number; readonly size: number }[];
}

/** What was written in a longer pause cannot be dated: it would count as new. */
const longestPauseMs = 90_000;
const mostFiles = 2_000,
  mostMarks = 2_000;

export function createSizeMarks(): SizeMarks {
  const files = new Map<string, Known>();

  function knownOf(key: string): Known {
    const known = files.get(key) ?? { generation: 0, marks: [] };
    files.delete(key);
    files.set(key, known);
    const [oldest] = files.keys();
    if (files.size > mostFiles && oldest !== undefined) files.delete(oldest);
    return known;
  }

  return {
    note({ key, size }, nowMs, sinceMs) {
      const known = knownOf(key);
      const last = known.marks.at(-1);
      if (!last && sinceMs !== undefined) known.marks.push({ atMs: sinceMs, size: 0 });
      if (last && size < last.size) {
        known.generation += 1;
        known.marks = [{ atMs: last.atMs, size: 0 }];
      }
      known.marks.push({ atMs: nowMs, size });
      if (known.marks.length > mostMarks) known.marks.splice(0, known.marks.length - mostMarks);
    },
    parts(key, fromMs, toMs) {
      const { marks, generation } = files.get(key) ?? { marks: [], generation: 0 };
      return marks.slice(1).flatMap(({ atMs, size }, k) => {
        const before = marks[k]!;
        const isWanted = atMs >= fromMs && atMs < toMs && size > before.size;
        return isWanted && atMs - before.atMs <= longestPauseMs
          ? [{ from: before.size, to: size, atMs, id: `${key}/${generation}` }]
          : [];
      });
    },
  };
}
