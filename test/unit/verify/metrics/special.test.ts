// The special functions against tabulated values and asymptotes, and the published test vectors of the formulas made of them.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { conditionalLikelihood, CountEvidence } from '../../../../src/verify/metrics/counts.ts';
import { lnEvidenceOfMore } from '../../../../src/verify/logs/betaMixture.ts';
import { familyThreshold } from '../../../../src/verify/metrics/family.ts';
import { logNormalCdf, logSumExp } from '../../../../src/verify/metrics/special.ts';

function near(actual: number, expected: number, relative = 1e-10): void {
  assert.ok(Math.abs(actual - expected) <= relative * Math.max(1, Math.abs(expected)), `${actual} is not ${expected}`);
}

test('ln Φ agrees with tabulated values in the middle and in both tails', () => {
  for (const [z, expected] of [
    [0, Math.log(0.5)], [1, Math.log(0.8413447460685429)], [-1, Math.log(0.15865525393145707)], [1.959963984540054, Math.log(0.975)],
    [-5, Math.log(2.8665157187919391e-7)], [-10, Math.log(7.6198530241605261e-24)], [6, -9.865876455258405e-10],
  ] as const) near(logNormalCdf(z), expected, 1e-10);
  for (let z = -8; z <= 8; z += 0.37) near(Math.exp(logNormalCdf(z)) + Math.exp(logNormalCdf(-z)), 1);
});

test('ln Φ follows its asymptotic series far out', () => {
  for (const z of [30, 100, 1000]) near(logNormalCdf(-z), -z * z / 2 - Math.log(z * Math.sqrt(2 * Math.PI)) + Math.log1p(-(z ** -2) + 3 * z ** -4 - 15 * z ** -6), 1e-11);
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
interface Vector { readonly fn: string; readonly args: { readonly seq: number[][]; readonly tol: number; readonly e: number[]; readonly alpha: number; readonly nc: number; readonly nb: number; readonly p0: number; readonly conc: number; readonly oneSided: boolean }; readonly value: number[] }

test('the published vectors for grid mixtures of counts and for e-BH are met', { skip: existsSync(vectorFile) ? false : 'the shared vectors are not here' }, () => {
  const { vectors } = JSON.parse(readFileSync(vectorFile, 'utf8')) as { vectors: readonly Vector[] };
  const grids = vectors.filter(({ fn }) => fn === 'gridCountE');
  const families = vectors.filter(({ fn }) => fn === 'eBH');
  assert.ok(grids.length > 0 && families.length > 0);
  for (const { args, value } of grids) gridEvidence(args.seq, args.tol).forEach((actual, k) => { near(actual, value[k]!); });
  for (const { args, value } of families) {
    const logs = args.e.map(Math.log);
    const threshold = familyThreshold(logs, budget(args.alpha));
    assert.deepEqual(logs.flatMap((log, k) => (log >= threshold ? [k] : [])), value);
  }
});

test('the published vectors for the Beta mixture of counts are met', { skip: existsSync(vectorFile) ? false : 'the shared vectors are not here' }, () => {
  const { vectors } = JSON.parse(readFileSync(vectorFile, 'utf8')) as { vectors: readonly (Omit<Vector, 'value'> & { readonly value: number })[] };
  const counts = vectors.filter(({ fn, args }) => fn === 'logECounts' && args.oneSided && args.conc === 2);
  assert.ok(counts.length > 0);
  for (const { args, value } of counts) near(lnEvidenceOfMore(args.nc, args.nb, args.p0), value, 1e-9);
});

test('the grid mixture of counts equals its sum written out', () => {
  const sequence = [[2, 1, 0.3], [0, 4, 0.5], [7, 2, 0.4]] as const;
  const sizes = [0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.5, 2, 3];
  const chance = (share: number, shift: number): number => share * Math.exp(shift) / (share * Math.exp(shift) + 1 - share);
  const expected = sizes.reduce((sum, size) => sum + sequence.reduce((product, [canary, baseline, share]) => {
    const [null_, other] = [chance(share, Math.log(1.2)), chance(share, Math.log(1.2) + size)];
    return product * (other / null_) ** canary * ((1 - other) / (1 - null_)) ** baseline;
  }, 1), 0) / sizes.length;
  near(gridEvidence(sequence, 0.2).at(-1)!, Math.log(expected));
});

function gridEvidence(sequence: readonly (readonly number[])[], tolerance: number): number[] {
  const intervals = sequence.map(([canary, baseline, share]) => ({ canary: canary!, baseline: baseline!, share: share! }));
  const evidence = new CountEvidence(intervals, { likelihood: conditionalLikelihood, tolerance: Math.log1p(tolerance), spread: 0 });
  return intervals.map((_, t) => evidence.measure([{ from: 0, logWeight: 0 }], t + 1, 1));
}
