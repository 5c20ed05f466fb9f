// Remembers the latest outputs of a program that says where its counters stand, since what they added is the difference
// of two of them.

export interface Reading {
  readonly atMs: number;
  readonly bytes: Uint8Array;
}

export interface Readings {
  /** Adds a reading; the result is all that are needed from `sinceMs` on, oldest first. */
  add(key: string, reading: Reading, sinceMs: number): readonly Reading[];
}

const mostReadings = 1_000,
  mostBytes = 2 * 1_048_576,
  mostKeys = 2_000;

/** The newest one is kept whatever its size. */
export function createReadings(): Readings {
  const byKey = new Map<string, readonly Reading[]>();
  return {
    add(key, reading, sinceMs) {
      const all = [...(byKey.get(key) ?? []), reading].filter(({ atMs }) => atMs >= sinceMs).slice(-mostReadings);
      let held = 0;
      const kept = all.filter((_, k) => {
        const one = all[all.length - 1 - k]!;
        held += one.bytes.length;
        return k === 0 || held <= mostBytes;
      }).length;
      const newest = all.slice(all.length - kept);
      byKey.delete(key);
      byKey.set(key, newest);
      const [oldest] = byKey.keys();
      if (byKey.size > mostKeys && oldest !== undefined) byKey.delete(oldest);
      return newest;
    },
  };
}
