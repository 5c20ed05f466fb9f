// How long one read of a health source may go on: a look that hangs must not hold up the next one for long.
import type { ReadRequest } from '../model/ports.ts';

const leastMs = 30_000;
const mostMs = 120_000;

/** Epoch ms: two intervals from now, within bounds that leave a vendor time for a back-off. */
export function readDeadline(request: Pick<ReadRequest, 'intervalMs'>, nowMs: number): number {
  return nowMs + Math.min(mostMs, Math.max(leastMs, 2 * request.intervalMs));
}
