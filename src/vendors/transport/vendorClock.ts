// How far a vendor's clock is from ours, by the `Date` of its answers: the two must agree on when an event was, or
// windows miss it.
import type { Clock } from '../../model/ports.ts';
import type { Http, HttpAnswer } from '../../model/outside.ts';

export interface VendorClock {
  /** Learns from every answer that comes through it. */
  watch(http: Http): Http;
  /** Milliseconds, in whole seconds; negative: behind. 0 as long as nothing worth a correction was seen. */
  aheadMs(): number;
}

/** A header has whole seconds, and answers take time on their way. */
const tolerableMs = 5_000;
/** Beyond this it is no clock that goes wrong, but an answer out of some store. */
const believableMs = 24 * 3_600_000;

export function createVendorClock(clock: Clock): VendorClock {
  let aheadMs = 0;
  function learn(answer: HttpAnswer, sentMs: number, receivedMs: number): void {
    const shownMs = Date.parse(answer.headers['date'] ?? '');
    if (Number.isNaN(shownMs) || answer.headers['age'] !== undefined) return;
    const seenMs = shownMs + 500 - (sentMs + receivedMs) / 2,
      unsureMs = 500 + (receivedMs - sentMs) / 2;
    if (Math.abs(seenMs) > believableMs) return;
    if (Math.abs(seenMs) - unsureMs < tolerableMs) aheadMs = Math.abs(seenMs) + unsureMs < tolerableMs ? 0 : aheadMs;
    else if (Math.abs(seenMs - aheadMs) > unsureMs + 1_000) aheadMs = Math.ceil(seenMs / 1000 - 0.5) * 1000;
  }
  return {
    watch: http => ({
      async request(request) {
        const sentMs = clock.now();
        const result = await http.request(request);
        if (result.ok) learn(result.value, sentMs, clock.now());
        return result;
      },
    }),
    aheadMs: () => aheadMs,
  };
}
