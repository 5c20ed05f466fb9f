// Windows cut by what was counted in them: nothing is lost between them, and each fits where it can.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { countingQuery, cutBetween } from '../../../../src/vendors/sumoLogic/windows.ts';

test('a window is counted in at most 300 slices, and not at all where no slice is short enough', () => {
  const slices = [1_500, 60_000, 600_000, 7_200_000, 86_400_000, 30 * 86_400_000].map(lengthMs =>
    countingQuery('q', { fromMs: 5, toMs: 5 + lengthMs }),
  );
  assert.deepEqual(slices, [
    undefined,
    'q | timeslice 1s | count by _timeslice',
    'q | timeslice 5s | count by _timeslice',
    'q | timeslice 1m | count by _timeslice',
    'q | timeslice 5m | count by _timeslice',
    'q | timeslice 1h | count by _timeslice',
  ]);
});

test('pieces follow each other without gap or overlap, and hold too many only where a single slice does', () => {
  const counts = fc.array(fc.nat(120_000), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(counts, fc.nat(59_999), (held, offsetMs) => {
      const fromMs = 600_000 + offsetMs,
        toMs = 600_000 + held.length * 60_000;
      const pieces = cutBetween(
        { fromMs, toMs },
        held.map((count, index) => [600_000 + index * 60_000, count] as const).reverse(),
      );
      assert.equal(pieces[0]!.fromMs, fromMs);
      assert.equal(pieces.at(-1)!.toMs, toMs);
      pieces.forEach((piece, index) => {
        assert.ok(piece.toMs > piece.fromMs);
        if (index > 0) assert.equal(piece.fromMs, pieces[index - 1]!.toMs);
        const inside = held.filter(
          (_, slice) =>
            600_000 + slice * 60_000 >= piece.fromMs - 59_999 &&
            600_000 + slice * 60_000 < piece.toMs &&
            !(index > 0 && 600_000 + slice * 60_000 < piece.fromMs),
        );
        const sum = inside.reduce((total, count) => total + count, 0);
        assert.ok(
          sum <= 90_000 || inside.filter(count => count > 0).length === 1 || Math.max(...inside) + 0 === sum,
          `${sum} in ${inside.join(', ')}`,
        );
      });
    }),
  );
});
