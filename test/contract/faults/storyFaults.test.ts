// The story with every fault of the vendors' APIs at random: it ends as it does without. `npm run bench -- faults`
// plays many more.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { playFaulty } from '../../bench/demo/faultySeeds.ts';

for (const [scenario, ending] of [
  ['healthy', 'promoted'],
  ['quality-regression', 'rolled-back'],
] as const) {
  test(`${scenario}: ends ${ending} with faults as without, later by retries`, { timeout: 600_000 }, async context => {
    for (const seed of [1, 2, 3]) {
      const played = await playFaulty(scenario, seed);
      context.diagnostic(`seed ${seed}: ${played.outcome}, ${played.secondsLater.toFixed(1)} s later`);
      assert.deepEqual([played.outcome, played.outcomeWithout, played.problems], [ending, ending, []]);
      assert.ok(played.secondsLater < 90, `${played.secondsLater} s later`);
    }
  });
}
