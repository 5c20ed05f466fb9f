// Evidence that a mean has shifted, in a series whose noise is autocorrelated and whose level is itself uncertain.
import type { Onset } from './onsets.ts';
import { logNormalCdf, logSumExp } from '../../specialFunctions.ts';

/**
 * A disturbance that is not a regression (a node's own level, a warm-up): its shape over the intervals, and the
 * variance of its size.
 */
export interface Nuisance {
  /** One value per interval of the run, or more. */
  readonly shape: Float64Array;
  readonly variance: number;
}

export interface Noise {
  /** Standard deviation of the part of an interval that the one before does not predict. */
  readonly innovation: number;
  /** Autocorrelation from one interval to the next. */
  readonly persistence: number;
}

interface MeanEvidence {
  readonly logEvidence: number;
  /** The shift since the first interval, estimated with the nuisances in mind, and its standard error. */
  readonly shift: number;
  readonly error: number;
}

/** Spreads of the sizes of regressions, on the scale of the differences: small and large ones. */
const effectSpreads = [0.2, 0.8] as const;

/** The parameters of the test: the tolerated shift, when a regression may begin, and the planned length. */
interface ShiftQuestion {
  readonly tolerance: number;
  readonly onsets: readonly Onset[];
  /** Intervals of the whole run. */
  readonly planned: number;
  /**
   * The levels of the canary and of the baseline: if the canary did not rise but the baseline fell, it is not a
   * regression.
   */
  readonly own?: { readonly canary: readonly number[]; readonly baseline: readonly number[] };
}

/**
 * One-sided normal mixture over the size of an upward shift beyond `tolerance`, over its onset, and over steps and
 * ramps. With the score and information of the generalised least-squares estimate θ̂ - tolerance of variance v: ln E =
 * ½ ln(v/(v+ψ²)) + θ̂²ψ²/(2v(v+ψ²)) + ln 2 + ln Φ(θ̂ψ/√(v(v+ψ²))) (Robbins 1970; Johari, Koomen, Pekelis & Walsh 2022).
 * The likelihood ratio of a Gaussian mean shift is a martingale for any known covariance: here AR(1) noise plus the
 * nuisances.
 * @param differences canary minus baseline per interval, NaN where either is missing
 */
export function measureShift(
  differences: readonly number[],
  noise: Noise,
  nuisances: readonly Nuisance[],
  question: ShiftQuestion,
): MeanEvidence {
  const rows = whiten(differences, noise, nuisances);
  const solve = invert(gram(rows, nuisances));
  const xy = new Float64Array(nuisances.length);
  for (let i = 0; i < rows.count; i += 1)
    for (let a = 0; a < xy.length; a += 1) xy[a]! += rows.x[i * xy.length + a]! * rows.y[i]!;
  const rises = riseOf(question.own?.canary);
  const falls = riseOf(question.own?.baseline.map(value => -value));
  const { terms, excuses, start } = measureSteps(rows, solve, xy, question, rises, falls);
  for (const ramp of rampsOf(question.planned)) {
    const last = rows.interval[rows.count - 1] ?? -1;
    if (last <= ramp.from + 1 || rises(ramp.from + (last - ramp.from) / 2) < question.tolerance) continue;
    const at = projectRamp(rows, noise, ramp.from, question.planned, solve, xy);
    const tolerated = (2 * question.tolerance * question.planned) / (last - ramp.from + 0.5);
    terms.push(ramp.logWeight + mixSizes(at.score - tolerated * at.information, at.information, 2));
  }
  const error = start.information > 0 ? 1 / Math.sqrt(start.information) : Infinity;
  return {
    logEvidence: logSumExp(terms) - logSumExp([0, ...excuses]),
    shift: start.information > 0 ? start.score / start.information : 0,
    error,
  };
}

interface Projection {
  readonly score: number;
  readonly information: number;
}

/** Every step in one pass from the end: what a step adds after its onset is the same for all. */
function measureSteps(
  rows: Rows,
  solve: readonly Float64Array[],
  xy: Float64Array,
  { tolerance, onsets }: ShiftQuestion,
  rises: (from: number) => number,
  falls: (from: number) => number,
): { terms: number[]; excuses: number[]; start: Projection } {
  const suffix: Sums = { hh: 0, hy: 0, hx: new Float64Array(xy.length) };
  const terms: number[] = [];
  /** Decreases of the baseline alone, which also happen without a regression. */
  const excuses: number[] = [];
  let start: Projection = { score: 0, information: 0 };
  let pending = onsets.length - 1;
  for (let i = rows.count - 1; i >= 0 && pending >= 0; i -= 1) {
    const before = i === 0 ? -1 : rows.interval[i - 1]!;
    for (; pending >= 0 && onsets[pending]!.from > before; pending -= 1) {
      const { from, logWeight } = onsets[pending]!;
      if (from > rows.interval[i]!) continue;
      const isOwn = from === 0 || rises(from) >= tolerance;
      if (!isOwn && falls(from) < tolerance) continue;
      const begun: Sums = { ...suffix, hx: suffix.hx.slice() };
      addTo(begun, rows, i, rows.first[i]!);
      const at = project(begun, solve, xy);
      (isOwn ? terms : excuses).push(logWeight + mixSizes(at.score - tolerance * at.information, at.information, 1));
      if (from === 0) start = at;
    }
    addTo(suffix, rows, i, rows.step[i]!);
  }
  return { terms, excuses, start };
}

/** The difference between the mean from an interval on and the mean before it; Infinity if no level is given. */
function riseOf(own: readonly number[] | undefined): (from: number) => number {
  if (own === undefined) return () => Infinity;
  const sums = [0];
  const counts = [0];
  own.forEach((value, t) => {
    sums.push(sums[t]! + (Number.isNaN(value) ? 0 : value));
    counts.push(counts[t]! + (Number.isNaN(value) ? 0 : 1));
  });
  return at => {
    const from = Math.min(own.length, Math.floor(at));
    const [before, after] = [counts[from]!, counts[own.length]! - counts[from]!];
    return before === 0 || after === 0 ? Infinity : (sums[own.length]! - sums[from]!) / after - sums[from]! / before;
  };
}

/** A leak grows from its onset on; its size is the one that it would reach over the planned run. */
function rampsOf(planned: number): readonly Onset[] {
  return [0, 0.25, 0.5].map(share => ({ from: Math.floor(share * planned), logWeight: Math.log(0.03) }));
}

function projectRamp(
  rows: Rows,
  { innovation, persistence }: Noise,
  from: number,
  planned: number,
  solve: readonly Float64Array[],
  xy: Float64Array,
): Projection {
  const sums: Sums = { hh: 0, hy: 0, hx: new Float64Array(xy.length) };
  const height = (interval: number): number => Math.max(0, interval - from + 0.5) / planned;
  for (let i = 0; i < rows.count; i += 1) {
    const last = i === 0 ? -1 : rows.interval[i - 1]!;
    const carried = carryOver(rows.interval[i]!, last, persistence);
    const deviation = deviationOf(carried, innovation, persistence);
    addTo(sums, rows, i, (height(rows.interval[i]!) - (last < 0 ? 0 : carried * height(last))) / deviation);
  }
  return project(sums, solve, xy);
}

/**
 * One row for each known interval, without the part that the known interval before predicts, in units of the
 * innovation.
 */
interface Rows {
  readonly count: number;
  readonly interval: Int32Array;
  /** The difference, and a shift that began earlier, and one that begins with this row. */
  readonly y: Float64Array;
  readonly step: Float64Array;
  readonly first: Float64Array;
  /** The nuisances, row by row. */
  readonly x: Float64Array;
}

function whiten(
  differences: readonly number[],
  { innovation, persistence }: Noise,
  nuisances: readonly Nuisance[],
): Rows {
  const known: number[] = [];
  differences.forEach((value, interval) => {
    if (!Number.isNaN(value)) known.push(interval);
  });
  const [count, size] = [known.length, nuisances.length];
  const rows: Rows = {
    count,
    interval: Int32Array.from(known),
    y: new Float64Array(count),
    step: new Float64Array(count),
    first: new Float64Array(count),
    x: new Float64Array(count * size),
  };
  for (let i = 0; i < count; i += 1) {
    const interval = known[i]!;
    const last = i === 0 ? -1 : known[i - 1]!;
    const carried = carryOver(interval, last, persistence);
    const deviation = deviationOf(carried, innovation, persistence);
    rows.y[i] = (differences[interval]! - (last < 0 ? 0 : carried * differences[last]!)) / deviation;
    rows.step[i] = (1 - carried) / deviation;
    rows.first[i] = 1 / deviation;
    for (let a = 0; a < size; a += 1) {
      const { shape } = nuisances[a]!;
      rows.x[i * size + a] = (shape[interval]! - (last < 0 ? 0 : carried * shape[last]!)) / deviation;
    }
  }
  return rows;
}

/** How much of an interval's deviation the known one before it predicts; if `last` < 0, there is none. */
function carryOver(interval: number, last: number, persistence: number): number {
  return last < 0 ? 0 : interval - last === 1 ? persistence : persistence ** (interval - last);
}

/** Standard deviation of the part that is not predicted. */
function deviationOf(carried: number, innovation: number, persistence: number): number {
  return carried === persistence
    ? innovation
    : innovation * Math.sqrt((1 - carried * carried) / (1 - persistence * persistence));
}

/** Products of a shape of the mean with itself, with the series and with the nuisances. */
interface Sums {
  hh: number;
  hy: number;
  hx: Float64Array;
}

function addTo(sums: Sums, { x, y }: Rows, i: number, height: number): void {
  const size = sums.hx.length;
  sums.hh += height * height;
  sums.hy += height * y[i]!;
  for (let a = 0; a < size; a += 1) sums.hx[a]! += height * x[i * size + a]!;
}

/** Score and information of a shape of the mean after the nuisances took their share. */
function project({ hh, hy, hx }: Sums, solve: readonly Float64Array[], xy: Float64Array): Projection {
  let score = hy;
  let information = hh;
  for (let a = 0; a < xy.length; a += 1) {
    for (let b = 0; b < xy.length; b += 1) {
      const weight = hx[a]! * solve[a]![b]!;
      score -= weight * xy[b]!;
      information -= weight * hx[b]!;
    }
  }
  return { score, information: Math.max(information, 0) };
}

export function mixSizes(score: number, information: number, times: number): number {
  let sum = 0;
  let top = -Infinity;
  for (const one of effectSpreads) {
    const spread = one * times;
    const widened = 1 + information * spread * spread;
    const z = (score * spread) / Math.sqrt(widened);
    const log = -0.5 * Math.log(widened) + 0.5 * z * z + Math.LN2 + (z > 6 ? 0 : logNormalCdf(z));
    sum = log > top ? sum * Math.exp(top - log) + 1 : sum + Math.exp(log - top);
    top = Math.max(top, log);
  }
  return top + Math.log(sum / effectSpreads.length);
}

function gram(rows: Rows, nuisances: readonly Nuisance[]): Float64Array[] {
  const size = nuisances.length;
  const matrix = nuisances.map(({ variance }, a) => {
    const line = new Float64Array(size);
    line[a] = 1 / Math.max(variance, 1e-12);
    return line;
  });
  for (let at = 0; at < rows.x.length; at += size)
    for (let a = 0; a < size; a += 1)
      for (let b = 0; b < size; b += 1) matrix[a]![b]! += rows.x[at + a]! * rows.x[at + b]!;
  return matrix;
}

/** Gauss-Jordan; the matrix is positive definite, so no pivoting is needed. */
function invert(matrix: readonly Float64Array[]): Float64Array[] {
  const size = matrix.length;
  const work = matrix.map(line => Float64Array.from(line));
  const inverse = matrix.map((_, a) => Float64Array.from({ length: size }, (__, b) => (a === b ? 1 : 0)));
  for (let a = 0; a < size; a += 1) {
    const pivot = work[a]![a]!;
    for (let b = 0; b < size; b += 1) {
      work[a]![b]! /= pivot;
      inverse[a]![b]! /= pivot;
    }
    for (let row = 0; row < size; row += 1) {
      if (row === a) continue;
      const factor = work[row]![a]!;
      for (let b = 0; b < size; b += 1) {
        work[row]![b]! -= factor * work[a]![b]!;
        inverse[row]![b]! -= factor * inverse[a]![b]!;
      }
    }
  }
  return inverse;
}
