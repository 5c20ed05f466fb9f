// Evidence that a mean has shifted, in a series whose noise is autocorrelated and whose level is itself uncertain.
import type { Onset } from './onsets.ts';
import { logNormalCdf, logSumExp } from './special.ts';

/** A disturbance that is no regression (a node's own level, a warm-up): its shape over the intervals and the variance of its size. */
export interface Nuisance {
  /** One value per interval of the run, or more. */
  readonly shape: Float64Array;
  readonly variance: number;
}

export interface Noise {
  /** Standard deviation of what an interval adds that the one before did not foretell. */
  readonly innovation: number;
  /** Autocorrelation from one interval to the next. */
  readonly persistence: number;
}

export interface MeanEvidence {
  readonly logEvidence: number;
  /** The shift since the first interval, estimated with the nuisances in mind, and its standard error. */
  readonly shift: number;
  readonly error: number;
}

/** Spread of the sizes of regressions, on the scale of the differences. */
const effectSpread = 0.4;

/**
 * One-sided normal mixture over the size of an upward shift beyond `tolerance`, and over its onset. METHODS of anytime-valid inference: with ĝ = θ̂ - tolerance and
 * variance v of the generalised least-squares estimate, ln E = ½ ln(v/(v+ψ²)) + ĝ²ψ²/(2v(v+ψ²)) + ln 2 + ln Φ(ĝψ/√(v(v+ψ²))). The likelihood ratio of a Gaussian mean shift is
 * a martingale for any known covariance; here it is AR(1) noise plus the nuisances. (Robbins 1970; Johari et al. 2022; Lindon et al. 2022 for the regression-adjusted form.)
 * @param differences canary minus baseline per interval, NaN where either is missing
 */
export function measureShift(differences: readonly number[], noise: Noise, nuisances: readonly Nuisance[], tolerance: number, onsets: readonly Onset[]): MeanEvidence {
  const rows = whiten(differences, noise, nuisances);
  const k = nuisances.length;
  const solve = invert(gram(rows, nuisances));
  const suffix = { hh: 0, hy: 0, hx: new Float64Array(k) };
  const xy = new Float64Array(k);
  for (const row of rows) for (let a = 0; a < k; a += 1) xy[a]! += row.x[a]! * row.y;
  const terms: number[] = [];
  let start = { score: 0, information: 0 };
  let pending = onsets.length - 1;
  for (let i = rows.length - 1; i >= 0 && pending >= 0; i -= 1) {
    const row = rows[i]!;
    const before = i === 0 ? -1 : rows[i - 1]!.interval;
    while (pending >= 0 && onsets[pending]!.from > before) {
      const onset = onsets[pending]!;
      if (onset.from <= row.interval) {
        const at = project(suffix, row, solve, xy);
        terms.push(onset.logWeight + mixture(at.score - tolerance * at.information, at.information));
        if (onset.from === 0) start = at;
      }
      pending -= 1;
    }
    suffix.hh += row.step * row.step;
    suffix.hy += row.step * row.y;
    for (let a = 0; a < k; a += 1) suffix.hx[a]! += row.step * row.x[a]!;
  }
  const error = start.information > 0 ? 1 / Math.sqrt(start.information) : Infinity;
  return { logEvidence: logSumExp(terms), shift: start.information > 0 ? start.score / start.information : 0, error };
}

interface Row {
  readonly interval: number;
  /** The difference, the nuisances, and a shift that began earlier, all freed of what the interval before foretells, in units of the innovation. */
  readonly y: number;
  readonly x: Float64Array;
  readonly step: number;
  /** A shift that begins with this row. */
  readonly first: number;
}

function whiten(differences: readonly number[], { innovation, persistence }: Noise, nuisances: readonly Nuisance[]): Row[] {
  const rows: Row[] = [];
  let last = -1;
  for (let interval = 0; interval < differences.length; interval += 1) {
    const value = differences[interval]!;
    if (Number.isNaN(value)) continue;
    const carried = last < 0 ? 0 : interval - last === 1 ? persistence : persistence ** (interval - last);
    const deviation = interval - last === 1 && last >= 0 ? innovation : innovation * Math.sqrt((1 - carried * carried) / (1 - persistence * persistence));
    const previous = last < 0 ? 0 : differences[last]!;
    const x = new Float64Array(nuisances.length);
    for (let a = 0; a < x.length; a += 1) {
      const { shape } = nuisances[a]!;
      x[a] = (shape[interval]! - (last < 0 ? 0 : carried * shape[last]!)) / deviation;
    }
    rows.push({ interval, y: (value - carried * previous) / deviation, x, step: (1 - carried) / deviation, first: 1 / deviation });
    last = interval;
  }
  return rows;
}

/** Score and information of a shift that begins with `row`, after the nuisances took their share. */
function project(suffix: { hh: number; hy: number; hx: Float64Array }, row: Row, solve: readonly Float64Array[], xy: Float64Array): { score: number; information: number } {
  let score = suffix.hy + row.first * row.y;
  let information = suffix.hh + row.first * row.first;
  for (let a = 0; a < xy.length; a += 1) {
    const ha = suffix.hx[a]! + row.first * row.x[a]!;
    for (let b = 0; b < xy.length; b += 1) {
      const weight = ha * solve[a]![b]!;
      score -= weight * xy[b]!;
      information -= weight * (suffix.hx[b]! + row.first * row.x[b]!);
    }
  }
  return { score, information: Math.max(information, 0) };
}

function mixture(score: number, information: number): number {
  const spread = effectSpread * effectSpread;
  const widened = 1 + information * spread;
  return -0.5 * Math.log(widened) + score * score * spread / (2 * widened) + Math.LN2 + logNormalCdf(score * effectSpread / Math.sqrt(widened));
}

function gram(rows: readonly Row[], nuisances: readonly Nuisance[]): Float64Array[] {
  const size = nuisances.length;
  const matrix = nuisances.map(({ variance }, a) => {
    const line = new Float64Array(size);
    line[a] = 1 / Math.max(variance, 1e-12);
    return line;
  });
  for (const { x } of rows) for (let a = 0; a < size; a += 1) for (let b = 0; b < size; b += 1) matrix[a]![b]! += x[a]! * x[b]!;
  return matrix;
}

/** Gauss-Jordan; the matrix is positive definite, so no pivoting is needed. */
function invert(matrix: readonly Float64Array[]): Float64Array[] {
  const size = matrix.length;
  const work = matrix.map(line => Float64Array.from(line));
  const inverse = matrix.map((_, a) => Float64Array.from({ length: size }, (__, b) => (a === b ? 1 : 0)));
  for (let a = 0; a < size; a += 1) {
    const pivot = work[a]![a]!;
    for (let b = 0; b < size; b += 1) { work[a]![b]! /= pivot; inverse[a]![b]! /= pivot; }
    for (let row = 0; row < size; row += 1) {
      if (row === a) continue;
      const factor = work[row]![a]!;
      for (let b = 0; b < size; b += 1) { work[row]![b]! -= factor * work[a]![b]!; inverse[row]![b]! -= factor * inverse[a]![b]!; }
    }
  }
  return inverse;
}
