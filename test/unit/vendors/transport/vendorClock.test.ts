// The vendor's time as its answers tell it: whole seconds, believed when they are worth it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createVendorClock } from '../../../../src/vendors/transport/vendorClock.ts';
import { createVirtualClock } from '../../../fakes/virtualClock.ts';

interface Answer {
  readonly aheadMs?: number;
  readonly tookMs?: number;
  readonly age?: string;
  readonly date?: string;
}

async function seen(...answers: readonly Answer[]): Promise<number> {
  const clock = createVirtualClock();
  const vendor = createVendorClock(clock);
  for (const { aheadMs = 0, tookMs = 0, age, date } of answers) {
    const http = vendor.watch({
      async request() {
        await clock.sleep(tookMs);
        const headers = {
          date: date ?? new Date(clock.now() + aheadMs).toUTCString(),
          ...(age !== undefined && { age }),
        };
        return { ok: true, value: { status: 200, headers, cookies: [], bytes: new Uint8Array() } };
      },
    });
    await clock.drive(http.request({ method: 'GET', url: 'http://host/', timeoutMs: 1_000 }));
  }
  return vendor.aheadMs();
}

const cases: readonly (readonly [name: string, answers: readonly Answer[], aheadMs: number])[] = [
  ['a clock that agrees', [{}], 0],
  ['a few seconds are what headers and networks make', [{ aheadMs: 4_000 }, { aheadMs: -4_000, tookMs: 200 }], 0],
  ['five minutes ahead', [{ aheadMs: 300_000 }], 300_000],
  ['five minutes behind', [{ aheadMs: -300_000 }], -300_000],
  [
    'it is not corrected again for the seconds of a slow answer',
    [{ aheadMs: 300_000 }, { aheadMs: 300_000, tookMs: 8_000 }],
    300_000,
  ],
  ['a clock that was set right', [{ aheadMs: 300_000 }, {}], 0],
  ['a slow answer alone says nothing', [{ tookMs: 29_000 }], 0],
  [
    'an answer out of a cache, and one from another day',
    [{ aheadMs: -300_000, age: '300' }, { aheadMs: -8 * 86_400_000 }],
    0,
  ],
  ['no date, or none that can be read', [{ date: '' }, { date: 'yesterday' }], 0],
];
for (const [name, answers, aheadMs] of cases) test(name, async () => assert.equal(await seen(...answers), aheadMs));
