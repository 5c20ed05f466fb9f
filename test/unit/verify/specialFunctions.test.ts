// The special functions against values that another library computed with many more digits, and against their own laws.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { lnBeta, lnGamma, lnIncompleteBeta, logNormalCdf, logSumExp } from '../../../src/verify/specialFunctions.ts';

type Row = readonly number[];
const reference = JSON.parse(
  readFileSync(new URL('../../fixtures/specialFunctions.json', import.meta.url), 'utf8'),
) as Record<'lnGamma' | 'lnBeta' | 'lnIncompleteBeta' | 'logNormalCdf', readonly Row[]>;

/** Largest error of the function over the rows of arguments and value; relative where the value is beyond `unit`. */
function worstError(rows: readonly Row[], compute: (...values: number[]) => number, unit: number): number {
  return Math.max(
    ...rows.map(row => {
      const expected = row.at(-1)!;
      return Math.abs(compute(...row.slice(0, -1)) - expected) / Math.max(unit, Math.abs(expected));
    }),
  );
}

test('ln Γ, ln B and ln I agree with the reference to twelve digits, from tiny parameters to a million events', () => {
  assert.ok(reference.lnIncompleteBeta.length > 20);
  const worst = {
    lnGamma: worstError(reference.lnGamma, lnGamma, 1),
    lnBeta: worstError(reference.lnBeta, lnBeta, 1),
    lnIncompleteBeta: worstError(reference.lnIncompleteBeta, lnIncompleteBeta, 1),
  };
  assert.deepEqual(
    Object.entries(worst).filter(([, error]) => !(error < 1e-12)),
    [],
  );
});

test('ln Φ agrees with the reference to twelve digits, relative even where it is nearly nothing', () => {
  const worst = worstError(reference.logNormalCdf, logNormalCdf, 1e-300);
  assert.ok(worst < 1e-12, String(worst));
});

test('the functions are smooth where their formulas meet', () => {
  for (const [one, other] of [
    [lnGamma(12 - 1e-12), lnGamma(12 + 1e-12)],
    [lnGamma(0.5 - 1e-13), lnGamma(0.5 + 1e-13)],
    [lnBeta(12 - 1e-12, 40), lnBeta(12 + 1e-12, 40)],
    [lnBeta(3, 12 - 1e-12), lnBeta(3, 12 + 1e-12)],
    [logNormalCdf(-3 - 1e-13), logNormalCdf(-3 + 1e-13)],
    [logNormalCdf(3 - 1e-13), logNormalCdf(3 + 1e-13)],
  ] as const)
    assert.ok(Math.abs(one - other) < 1e-11, `${one} is not ${other}`);
});

test('I_x(a, b) and I_1-x(b, a) make one', () => {
  for (const [x, a, b] of [
    [0.2, 3, 9],
    [0.5, 40, 41],
    [0.37, 0.5, 0.9],
  ] as const) {
    const sum = Math.exp(lnIncompleteBeta(x, a, b)) + Math.exp(lnIncompleteBeta(1 - x, b, a));
    assert.ok(Math.abs(sum - 1) < 1e-13, String(sum));
  }
  assert.deepEqual([lnIncompleteBeta(0, 2, 3), lnIncompleteBeta(1, 2, 3)], [-Infinity, 0]);
});

test('ln Σ exp neither overflows nor loses the smaller terms', () => {
  const near = (actual: number, expected: number): void =>
    assert.ok(Math.abs(actual - expected) < 1e-12 * Math.abs(expected), `${actual} is not ${expected}`);
  near(logSumExp([1000, 1000]), 1000 + Math.LN2);
  near(logSumExp([-1000, -1000 + Math.log(3)]), -1000 + Math.log(4));
  assert.deepEqual([logSumExp([]), logSumExp([-Infinity])], [-Infinity, -Infinity]);
});
