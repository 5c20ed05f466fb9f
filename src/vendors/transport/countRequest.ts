// What counters of log lines share: the context of their pages, and how long a query may take.
import type { EvidencePage } from '../../model/evidence/analysis.ts';
import type { CountRequest, ReadRequest } from '../../model/ports.ts';
import { readDeadline } from './readDeadline.ts';

/** A query over all lines takes its time. */
const leastMs = 120_000;

export function countDeadline(request: Pick<ReadRequest, 'intervalMs' | 'fromMs' | 'toMs'>, nowMs: number): number {
  return Math.max(nowMs + leastMs, readDeadline(request, nowMs));
}

export function contextOfCounts({ part, fromMs, toMs, sliceMs }: CountRequest): EvidencePage['context'] {
  return { part, fromMs, toMs, sliceMs };
}

/** Where there are more, what varies in them is no number. Those that only the canary has come first. */
export const mostGroups = 10_000;
/** Characters of a sample. */
export const longestSample = 8_000;
