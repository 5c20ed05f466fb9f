// Writes the searches whose records are counts of log lines: of each node, and of lines that are alike.
import { widenSlices } from '../../model/evidence/counts.ts';
import type { CountRequest } from '../../model/ports.ts';

/** Each group has a record for each of its nodes and slices: slices are wider where there would be more. */
const mostSlices = 16;

export function widen(window: Pick<CountRequest, 'fromMs' | 'toMs' | 'sliceMs'>): number {
  return widenSlices(window, mostSlices);
}

/** `query` finds the lines of the nodes. */
export function writeProbe(query: string, nodeAttribute: string): string {
  const columns = 'count as backstop_lines, min(_messagetime) as backstop_first, max(_messagetime) as backstop_newest';
  return `${query} | ${columns} by ${nodeAttribute}`;
}

/** Words with a digit in them are parameters: lines that are equal but for those are one group. */
export function writeCount(query: string, nodeAttribute: string, sliceMs: number): string {
  return [
    query,
    'replace(_raw, /[A-Za-z0-9_]*[0-9][A-Za-z0-9_]*/, "0") as backstop_text',
    `timeslice ${sliceMs / 1000}s`,
    `count as backstop_lines, first(_raw) as backstop_sample by backstop_text, ${nodeAttribute}, _timeslice`,
  ].join(' | ');
}
