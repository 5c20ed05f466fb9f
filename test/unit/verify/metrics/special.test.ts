// The special functions against tabulated values and asymptotes, and the published test vectors of the formulas made of them.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { familyThreshold } from '../../../../src/verify/metrics/family.ts';
import { logNormalCdf, logSumExp } from '../../../../src/verify/metrics/special.ts';
import { gridEvidence, worstDifference } from './vectors.ts';

function near(actual: number, expected: number, relative = 1e-10): void {
  assert.ok(Math.abs(actual - expected) <= relative * Math.max(1, Math.abs(expected)), `${actual} is not ${expected}`);
}

test('ln Φ agrees with tabulated values in the middle and in both tails', () => {
  for (const [z, expected] of [
    [0, Math.log(0.5)],
    [1, Math.log(0.8413447460685429)],
    [-1, Math.log(0.15865525393145707)],
    [1.959963984540054, Math.log(0.975)],
    [-5, Math.log(2.8665157187919391e-7)],
    [-10, Math.log(7.6198530241605261e-24)],
    [6, -9.865876455258405e-10],
  ] as const)
    near(logNormalCdf(z), expected, 1e-10);
  for (let z = -8; z <= 8; z += 0.37) near(Math.exp(logNormalCdf(z)) + Math.exp(logNormalCdf(-z)), 1);
});

test('ln Φ follows its asymptotic series far out', () => {
  for (const z of [30, 100, 1000])
    near(
      logNormalCdf(-z),
      (-z * z) / 2 - Math.log(z * Math.sqrt(2 * Math.PI)) + Math.log1p(-(z ** -2) + 3 * z ** -4 - 15 * z ** -6),
      1e-11,
    );
});

test('ln Φ is smooth where its two formulas meet', () => {
  for (const at of [-5, 5]) near(logNormalCdf(at - 1e-9), logNormalCdf(at + 1e-9), 1e-8);
});

test('ln Σ exp neither overflows nor loses the smaller terms', () => {
  near(logSumExp([1000, 1000]), 1000 + Math.LN2);
  near(logSumExp([-1000, -1000 + Math.log(3)]), -1000 + Math.log(4));
  assert.deepEqual([logSumExp([]), logSumExp([-Infinity])], [-Infinity, -Infinity]);
});

test('several metrics that are equally sure need less evidence each than one alone', () => {
  near(familyThreshold([9, 0, 0, 0], budget(0.05)), Math.log(80));
  near(familyThreshold([4, 4, 4, 0], budget(0.05)), Math.log(80 / 3));
  near(familyThreshold([1, 1, 1, 1], budget(0.05)), Math.log(80));
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
