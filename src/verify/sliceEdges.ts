// The edges of the slices of a sample: a line that continues a record from before the slice would look like a separate
// event.
import type { LogLine } from '../model/evidence/evidence.ts';
import { sliceAt, type Sampling } from '../model/evidence/sampling.ts';

/** True for a line of a stack trace, or for one that ends one. */
const continues =
  /^(?:\s|\.{3} \d|Caused by: |Suppressed: |The above exception |During handling |[\w.]+(?:Error|Exception)\b)/;

/**
 * True if a line counts: it is in a slice, and so is the beginning of its record. Lines of a node must come in order of
 * time.
 */
export function createSliceEdges(): (line: LogLine, sampling: Sampling) => boolean {
  const beginnings = new Map<string, number>();
  return ({ atMs, node, text }, sampling) => {
    const slice = sliceAt(sampling, atMs);
    if (!slice) return false;
    const key = `${slice.fromMs} ${node}`,
      begunMs = beginnings.get(key) ?? Infinity;
    if (atMs < begunMs && slice.fromMs >= sampling.sinceMs && continues.test(text)) return false;
    if (atMs < begunMs) beginnings.set(key, atMs);
    return true;
  };
}
