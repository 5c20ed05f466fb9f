// When the lines of a cluster came: counts per second, per two seconds, ... as coarse as keeps the memory bounded.

const mostBins = 512;

export interface Timeline {
  add(atMs: number, lines?: number): void;
  /** Calls back with the start of each bin that has lines, and how many. */
  each(visit: (atMs: number, count: number) => void): void;
  /** Of a bin, ever wider. */
  widthMs(): number;
}

export function createTimeline(): Timeline {
  let widthMs = 1000,
    lastBin = NaN,
    lastCount = 0;
  let bins = new Map<number, number>();
  function store(): void {
    if (lastCount > 0) bins.set(lastBin, (bins.get(lastBin) ?? 0) + lastCount);
    lastCount = 0;
    if (bins.size <= mostBins) return;
    widthMs *= 2;
    const coarse = new Map<number, number>();
    for (const [bin, count] of bins) coarse.set(Math.floor(bin / 2), (coarse.get(Math.floor(bin / 2)) ?? 0) + count);
    bins = coarse;
  }
  return {
    add(atMs, lines = 1) {
      const bin = Math.floor(atMs / widthMs);
      if (bin === lastBin) {
        lastCount += lines;
        return;
      }
      store();
      lastBin = Math.floor(atMs / widthMs);
      lastCount = lines;
    },
    each(visit) {
      store();
      lastBin = NaN;
      for (const [bin, count] of bins) visit(bin * widthMs, count);
    },
    widthMs: () => widthMs,
  };
}

/** Several timelines seen as one, to read only. */
export function joinTimelines(timelines: readonly Timeline[]): Timeline {
  return {
    add() {
      /* its parts are added to */
    },
    each(visit) {
      for (const timeline of timelines) timeline.each(visit);
    },
    widthMs() {
      // It is asked for every bin.
      let widest = -Infinity;
      for (const timeline of timelines) widest = Math.max(widest, timeline.widthMs());
      return widest;
    },
  };
}
