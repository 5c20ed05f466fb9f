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
    lastCount = 0,
    bins = createBins();
  function store(): void {
    if (lastCount > 0) addToBin(bins, lastBin, lastCount);
    lastCount = 0;
    if (bins.numbers.length <= mostBins) return;
    widthMs *= 2;
    const fine = bins;
    bins = createBins();
    fine.numbers.forEach((bin, i) => addToBin(bins, Math.floor(bin / 2), fine.counts[i]!));
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
      for (let i = 0; i < bins.numbers.length; i++) visit(bins.numbers[i]! * widthMs, bins.counts[i]!);
    },
    widthMs: () => widthMs,
  };
}

/** In the order in which they came: lists, since a map takes three times the memory, and thousands of them are kept. */
interface Bins {
  readonly numbers: number[];
  readonly counts: number[];
  newest: number;
}

function createBins(): Bins {
  return { numbers: [], counts: [], newest: -Infinity };
}

/** Lines come in time order but for a few, so that most belong to the newest bin or begin one. */
function addToBin(bins: Bins, bin: number, count: number): void {
  const at = bin > bins.newest ? -1 : bins.numbers.lastIndexOf(bin);
  if (at >= 0) {
    bins.counts[at]! += count;
    return;
  }
  bins.numbers.push(bin);
  bins.counts.push(count);
  if (bin > bins.newest) bins.newest = bin;
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
