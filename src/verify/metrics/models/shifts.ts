// Evidence that a mean has shifted, in a series whose noise, whose level and whose warming up are uncertain: each way
// they may be is weighed by the data.
import { compare, estimate, likelyWorlds, negligible, tellSpreads, type ShiftEstimate } from './likelyWorlds.ts';
import { Filter, noiseModels } from './noiseModels.ts';
import { onsetsBefore, type Onset } from './onsets.ts';
import type { Asked, World } from './projection.ts';
import { nodeSpreadOdds, nodeSpreads, noiseScaleOdds, noiseScales, wandering, type SpreadKind } from './worlds.ts';
import { logSumExp } from '../../specialFunctions.ts';

/**
 * A process may be slower at first: seconds until that has faded to 1/e. Both shapes together, each of any height, also
 * follow what fades at a pace between them: one shape alone would leave a rest that looks like a regression wherever
 * noise is small.
 */
const fadings = [25, 90] as const;

export interface WarmUp {
  /** How likely it is, and the standard deviation of its height. */
  readonly chance: number;
  readonly height: number;
}

interface Column extends Onset {
  readonly isRamp: boolean;
}

export interface ShiftEvidence extends ShiftEstimate {
  readonly logEvidence: number;
  /** ln of how likely all this is under each spread of the nodes, whatever was said of it from outside. */
  readonly spreads: readonly number[];
}

export interface ShiftQuestion {
  readonly sign: 1 | -1;
  readonly tolerance: number;
  /**
   * True if the canary itself rose, or the baseline itself fell, from this interval on, in the direction of a
   * regression.
   */
  rises(from: number): number;
  falls(from: number): number;
}

/** Ramps reach their size over the planned run: a leak grows from its onset on. */
const rampStarts = [0, 0.25, 0.5] as const;
const rampWeight = 0.06,
  stepShareOfAll = 0.82;
/**
 * The end of the ramp from zero that fits a step best (least squares), as a multiple of the step. A tolerated step must
 * not count as evidence of a ramp.
 */
const rampOfStep = 1.5;
/** Sums of a column h with itself, with the series and with the shapes of the nuisances. */
const perColumn = 3 + fadings.length;
/** The column of a step at the first interval. */
const firstStep = { at: rampStarts.length * perColumn, tolerated: 0 };

/** Reads canary minus baseline interval after interval, and keeps the sums that all answers need. */
export class ShiftSeries {
  private readonly filters: readonly Filter[];
  /**
   * Per model: yy, y1, 11, ln variance, then for each of two fadings yw, 1w, ww, and at last one fading with the other.
   */
  private readonly base: readonly Float64Array[];
  /** Per model and column: hh, hy, h1, and for each fading hw. */
  private readonly sums: readonly number[][];
  private readonly columns: Column[] = [];
  private readonly planned: number;
  private readonly logOdds: readonly number[];
  private readonly intervalMs: number;
  private count = 0;
  private last = 0;

  constructor(planned: number, intervalMs: number, kind: SpreadKind) {
    this.logOdds = nodeSpreadOdds[kind].map(Math.log);
    this.planned = planned;
    this.intervalMs = intervalMs;
    this.filters = noiseModels.map(model => new Filter(model, intervalMs));
    this.base = noiseModels.map(() => new Float64Array(5 + 3 * fadings.length));
    this.sums = noiseModels.map(() => []);
    for (const start of rampStarts)
      this.columns.push({ from: Math.floor(start * planned), logWeight: Math.log(rampWeight), isRamp: true });
  }

  /** `times`: how much noisier than usual this difference is, in units of the variance. */
  read(interval: number, difference: number, times: number): void {
    const begun = onsetsBefore(interval + 1, this.planned);
    for (let k = this.columns.length - rampStarts.length; k < begun.length; k += 1)
      this.columns.push({
        from: begun[k]!.from,
        logWeight: begun[k]!.logWeight + Math.log(stepShareOfAll),
        isRamp: false,
      });
    const plannedMs = this.planned * this.intervalMs;
    const values = [difference, 1];
    for (const fading of fadings)
      values.push(Math.exp((-(interval + 0.5) * this.intervalMs) / Math.min(fading * 1000, plannedMs / 3)));
    for (const { from, isRamp } of this.columns)
      values.push(isRamp ? Math.max(0, interval - from + 0.5) / this.planned : interval >= from ? 1 : 0);
    this.filters.forEach((filter, j) => {
      filter.read(interval, values, times);
      this.add(filter, this.base[j]!, this.sums[j]!);
    });
    this.count += 1;
    this.last = interval;
  }

  private add({ rest, variance }: Filter, base: Float64Array, sums: number[]): void {
    const [y, one] = rest as [number, number];
    const [ofY, ofOne] = [y / variance, one / variance];
    base[0]! += y * ofY;
    base[1]! += y * ofOne;
    base[2]! += one * ofOne;
    base[3]! += Math.log(variance);
    for (let f = 0; f < fadings.length; f += 1) {
      const w = rest[2 + f]!;
      base[4 + 3 * f]! += w * ofY;
      base[5 + 3 * f]! += w * ofOne;
      base[6 + 3 * f]! += (w * w) / variance;
    }
    base[10]! += (rest[2]! * rest[3]!) / variance;
    const first = 2 + fadings.length;
    for (let c = first, at = 0; c < rest.length; c += 1, at += perColumn) {
      const h = rest[c]!;
      if (sums.length <= at) for (let k = 0; k < perColumn; k += 1) sums.push(0);
      if (h === 0) continue;
      const scaled = h / variance;
      sums[at]! += h * scaled;
      sums[at + 1]! += y * scaled;
      sums[at + 2]! += one * scaled;
      for (let f = 0; f < fadings.length; f += 1) sums[at + 3 + f]! += rest[2 + f]! * scaled;
    }
  }

  /**
   * @param prior ln of how likely each world is by what the nodes of either side show among themselves
   * @param variances of the noise of the difference, per model
   * @param share of the variance of one node's level that the difference has
   */
  measure(
    prior: Float64Array,
    variances: readonly number[],
    share: number,
    warmUp: WarmUp,
    question: ShiftQuestion,
    outside: readonly number[] | undefined,
  ): ShiftEvidence {
    const asked = this.ask(question);
    const worlds = this.weighWorlds(prior, variances, share, warmUp, outside);
    const likely = likelyWorlds(worlds, asked, question.sign);
    const terms: number[] = [];
    const excuses: number[] = [];
    for (const one of asked) (one.isOwn ? terms : excuses).push(one.logWeight + compare(likely, one, question.sign));
    return {
      logEvidence: logSumExp(terms) - logSumExp([0, ...excuses]),
      ...estimate(likely, firstStep, question.sign),
      spreads: tellSpreads(worlds, firstStep, question.sign, this.logOdds, outside),
    };
  }

  /** The shapes that a regression may have by now. */
  private ask({ tolerance, rises, falls }: ShiftQuestion): Asked[] {
    const { columns, planned, last } = this;
    const asked: Asked[] = [];
    columns.forEach(({ from, logWeight, isRamp }, c) => {
      if (isRamp) {
        if (last <= from + 1 || rises(from + (last - from) / 2) < tolerance) return;
        const tolerated = (rampOfStep * tolerance * planned) / (last - from + 0.5);
        asked.push({ at: c * perColumn, logWeight, tolerated, times: 2, isOwn: true });
        return;
      }
      const isOwn = from === 0 || rises(from) >= tolerance;
      // A single interval is never evidence of a regression that begins with it.
      if ((from > 0 && from >= last) || (!isOwn && falls(from) < tolerance)) return;
      asked.push({ at: c * perColumn, logWeight, tolerated: tolerance, times: 1, isOwn });
    });
    return asked;
  }

  /** Every world with and without warm-up, and ln of its likelihood if nothing has shifted. */
  private weighWorlds(
    prior: Float64Array,
    variances: readonly number[],
    share: number,
    warmUp: WarmUp,
    outside: readonly number[] | undefined,
  ): World[] {
    const worlds: World[] = [];
    const known = prior.reduce((highest, log) => Math.max(highest, log), -Infinity);
    const [cold, warm] = [Math.log(1 - warmUp.chance), Math.log(warmUp.chance)];
    const height = warmUp.height ** 2;
    let k = 0;
    for (let j = 0; j < noiseModels.length; j += 1) {
      const base = this.base[j]!;
      for (let m = 0; m < noiseScales.length; m += 1) {
        const v = variances[j]! * noiseScales[m]! ** 2;
        const ofNoise =
          Math.log(noiseScaleOdds[m]!) -
          (v * wandering[j]!) / share -
          0.5 * (this.count * Math.log(v) + base[3]! + base[0]! / v);
        const [ones, y1] = [base[2]! / v, base[1]! / v];
        for (let i = 0; i < nodeSpreads.length; i += 1, k += 1) {
          if (prior[k]! < known - negligible) continue;
          const level = nodeSpreads[i]! ** 2 * share;
          const plain = ofNoise + prior[k]! + (outside?.[i] ?? 0) + this.logOdds[i]!;
          const a = ones + 1 / level;
          worlds.push({
            sums: this.sums[j]!,
            v,
            level,
            i,
            i00: 1 / a,
            i01: 0,
            i02: 0,
            i11: 0,
            i12: 0,
            i22: 0,
            p0: y1 / a,
            p1: 0,
            p2: 0,
            log: plain + cold + 0.5 * ((y1 * y1) / a - Math.log(a * level)),
          });
          const [b, c, d] = [base[5]! / v, base[8]! / v, base[6]! / v + 1 / height];
          const [e, g] = [base[10]! / v, base[9]! / v + 1 / height];
          const determinant = a * (d * g - e * e) - b * (b * g - c * e) + c * (b * e - c * d);
          const [i00, i01, i02] = [
            (d * g - e * e) / determinant,
            (c * e - b * g) / determinant,
            (b * e - c * d) / determinant,
          ];
          const [i11, i12, i22] = [
            (a * g - c * c) / determinant,
            (b * c - a * e) / determinant,
            (a * d - b * b) / determinant,
          ];
          const [y2, y3] = [base[4]! / v, base[7]! / v];
          const [p0, p1, p2] = [
            i00 * y1 + i01 * y2 + i02 * y3,
            i01 * y1 + i11 * y2 + i12 * y3,
            i02 * y1 + i12 * y2 + i22 * y3,
          ];
          worlds.push({
            sums: this.sums[j]!,
            v,
            level,
            i,
            i00,
            i01,
            i02,
            i11,
            i12,
            i22,
            p0,
            p1,
            p2,
            log: plain + warm + 0.5 * (y1 * p0 + y2 * p1 + y3 * p2 - Math.log(determinant * level * height * height)),
          });
        }
      }
    }
    return worlds;
  }
}
