// How long one read of a health source may go on: one that hangs must not keep the next from trying.
import type { ReadRequest } from '../../model/ports.ts';

const leastMs = 30_000;
const mostMs = 600_000;

/**
 * Epoch ms: two intervals from now, or half of what is asked for (a long history takes many pages), within bounds that
 * leave time for a back-off.
 */
export function readDeadline(request: Pick<ReadRequest, 'intervalMs' | 'fromMs' | 'toMs'>, nowMs: number): number {
  const wantedMs = Math.max(2 * request.intervalMs, (request.toMs - request.fromMs) / 2);
  return nowMs + Math.min(mostMs, Math.max(leastMs, wantedMs));
}
