// How long a read may take grows with what it reads, within bounds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDeadline } from '../../../../src/vendors/transport/readDeadline.ts';

test('thirty seconds at least, two intervals, half the window, ten minutes at most', () => {
  const within = (windowMs: number, intervalMs: number) =>
    readDeadline({ fromMs: 0, toMs: windowMs, intervalMs }, 1_000) - 1_000;
  assert.deepEqual(
    [within(1_000, 1_000), within(1_000, 60_000), within(600_000, 1_000), within(86_400_000, 1_000)],
    [30_000, 120_000, 300_000, 600_000],
  );
});
