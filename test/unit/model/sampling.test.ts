// Slices of time that a sample is read in.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readUntil, shareOf, sliceAt, slicesOf } from '../../../src/model/evidence/sampling.ts';

const sampling = { sinceMs: 60_000, periodMs: 10_000, widthMs: 2_000 };
const plans = fc
  .tuple(fc.integer({ min: 1_000, max: 60_000 }), fc.integer({ min: 1, max: 1_000 }))
  .map(([periodMs, widthMs]) => ({ sinceMs: 0, periodMs, widthMs }));

test('what came before is read as a whole, and then one slice of each period', () => {
  const slices = slicesOf(sampling, { fromMs: 30_000, toMs: 90_000 });
  assert.deepEqual(slices[0], { fromMs: 30_000, toMs: 60_000 });
  assert.deepEqual(
    slices.slice(1).map(({ fromMs, toMs }) => [Math.floor(fromMs / 10_000), toMs - fromMs]),
    [6, 7, 8].map(period => [period, 2_000]),
  );
  assert.equal(shareOf(sampling, { fromMs: 60_000, toMs: 90_000 }), 0.2);
});

test('a range that is read in parts is read in the same moments as when it is read at once', () => {
  fc.assert(
    fc.property(
      plans,
      fc.integer({ min: 0, max: 300_000 }),
      fc.integer({ min: 1, max: 300_000 }),
      (plan, atMs, restMs) => {
        const lengthOf = (fromMs: number, toMs: number): number =>
          Math.round(shareOf(plan, { fromMs, toMs }) * (toMs - fromMs));
        assert.equal(lengthOf(0, atMs) + lengthOf(atMs, atMs + restMs), lengthOf(0, atMs + restMs));
      },
    ),
  );
});

test('a moment is in the sample if it is in one of the slices', () => {
  fc.assert(
    fc.property(plans, fc.integer({ min: -60_000, max: 600_000 }), (plan, atMs) => {
      const slices = slicesOf(plan, { fromMs: -60_000, toMs: 600_000 + 2 * plan.periodMs });
      assert.equal(
        sliceAt(plan, atMs) !== undefined,
        slices.some(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs),
      );
    }),
  );
});

test('slices lie everywhere in their periods, so that nothing regular is always or never in them', () => {
  const starts = slicesOf(sampling, { fromMs: 60_000, toMs: 60_000 + 100 * 10_000 }).map(
    ({ fromMs }) => fromMs % 10_000,
  );
  for (let from = 0; from < 8_000; from += 1_000)
    assert.ok(starts.filter(start => start >= from && start < from + 1_000).length >= 10, `from ${from}`);
});

test('what was read last ends with the last slice, and while all is read at the moment itself', () => {
  const [, second] = slicesOf(sampling, { fromMs: 60_000, toMs: 80_000 });
  assert.equal(readUntil(sampling, second!.toMs + 500), second!.toMs);
  assert.equal(readUntil(sampling, second!.toMs - 500), second!.toMs - 500);
  assert.equal(readUntil(sampling, 50_000), 50_000);
});
