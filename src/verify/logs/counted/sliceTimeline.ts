// When the lines of a cluster came, where a source counted them in slices of one width.
import type { Timeline } from '../count/timeline.ts';

export function createSliceTimeline(widthMs: number): Timeline {
  const slices = new Map<number, number>();
  return {
    add(atMs, lines = 1) {
      slices.set(atMs, (slices.get(atMs) ?? 0) + lines);
    },
    each(visit) {
      for (const [atMs, lines] of slices) visit(atMs, lines);
    },
    widthMs: () => widthMs,
  };
}
