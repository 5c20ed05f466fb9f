// The beginnings of the slices of a sample: what continues a record that began before a slice would look like an event
// of its own.
import type { LogLine } from '../model/evidence/evidence.ts';
import { sliceAt, type Sampling } from '../model/evidence/sampling.ts';

/** A line of a stack trace, or what ends one. */
const continues =
  /^(?:\s|\.{3} \d|Caused by: |Suppressed: |The above exception |During handling |[\w.]+(?:Error|Exception)\b)/;

/** Whether a line counts: it is in a slice, and in a record that began there. Lines of a node come in time order. */
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
