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

/** More groups than that are no groups of a log: what varies in them is no number. Those only on the canary come first. */
export const mostGroups = 10_000;
/** Characters of a sample. */
export const longestSample = 8_000;
