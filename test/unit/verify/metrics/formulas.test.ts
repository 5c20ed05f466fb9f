// The published test vectors of the formulas that metrics and logs are judged by, and one formula written out.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { confirmedEvidence } from '../../../../src/verify/metrics/confirmation.ts';
import { familyThreshold } from '../../../../src/verify/metrics/family.ts';
import { gridEvidence, worstDifference } from './vectors.ts';

function near(actual: number, expected: number, relative = 1e-10): void {
  assert.ok(Math.abs(actual - expected) <= relative * Math.max(1, Math.abs(expected)), `${actual} is not ${expected}`);
}

test('several metrics that are equally sure need less evidence each than one alone', () => {
  near(familyThreshold([9, 0, 0, 0], budget(0.05)), Math.log(80));
  near(familyThreshold([4, 4, 4, 0], budget(0.05)), Math.log(80 / 3));
  near(familyThreshold([1, 1, 1, 1], budget(0.05)), Math.log(80));
});

test('each of two metrics that bear each other out needs half of what one alone needs, and more need no less', () => {
  const [alone, half] = [Math.log(8), Math.log(4)];
  near(familyThreshold([1.9, 0, 0, 0], { alpha: 1, single: 1 / 8 }), alone);
  near(familyThreshold([1.9, 1.5, 0, 0], { alpha: 1, single: 1 / 8 }), half);
  near(familyThreshold([1.9, 1.5, 1.4, 1.3], { alpha: 1, single: 1 / 8 }), half);
});

test('evidence counts as far as the look before bears it out, and at once where it is overwhelming', () => {
  near(confirmedEvidence(3, 3), 3);
  near(confirmedEvidence(3, 5), 3);
  near(confirmedEvidence(3, 1.5), 1.5 + Math.LN2);
  near(confirmedEvidence(9, -Infinity), 9 - Math.log(5));
  assert.equal(confirmedEvidence(-Infinity, 4), -Infinity);
});

/** A metric by itself has no bound of its own. */
function budget(alpha: number): Parameters<typeof familyThreshold>[1] {
  return { alpha, single: 1 };
}

const vectorFile = join(import.meta.dirname, '../../../../../shared/bench/metrics/seq_vectors.json');

test(
  'the published vectors for grid mixtures and Beta mixtures of counts and for e-BH are met',
  { skip: existsSync(vectorFile) ? false : 'the shared vectors are not here' },
  () => {
    assert.ok(worstDifference(vectorFile) <= 1e-9);
  },
);

test('the grid mixture of counts equals its sum written out', () => {
  const sequence = [
    [2, 1, 0.3],
    [0, 4, 0.5],
    [7, 2, 0.4],
  ] as const;
  const sizes = [0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.5, 2, 3];
  const chance = (share: number, shift: number): number =>
    (share * Math.exp(shift)) / (share * Math.exp(shift) + 1 - share);
  const expected =
    sizes.reduce(
      (sum, size) =>
        sum +
        sequence.reduce((product, [canary, baseline, share]) => {
          const [null_, other] = [chance(share, Math.log(1.2)), chance(share, Math.log(1.2) + size)];
          return product * (other / null_) ** canary * ((1 - other) / (1 - null_)) ** baseline;
        }, 1),
      0,
    ) / sizes.length;
  near(gridEvidence(sequence, 0.2).at(-1)!, Math.log(expected));
});
