// The soak and the storm at a small size: what they count is as it must be, and they end.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run as soak } from '../../bench/soak/soak.ts';
import { run as storm } from '../../bench/soak/storm.ts';

test('runs one after the other end as they must, and leave no handle open', async () => {
  const { figures } = await soak(undefined, { runs: 6 });
  assert.deepEqual([figures['runs'], figures['wrong ends'], figures['more handles']], [6, 0, 0]);
});

test('in a storm nothing is promoted or rolled back wrongly, and what is shown is what the nodes run', async () => {
  const { figures } = await storm(undefined, { runs: 12, seed: 3 });
  assert.deepEqual(
    ['wrong promotions', 'wrong rollbacks', 'show against fleet', 'hung'].map(sort => figures[sort]),
    [0, 0, 0, 0],
  );
  assert.ok(figures['owners killed']! > 0);
});
