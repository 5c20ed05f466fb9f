// Possible kinds of noise of a metric: how long a deviation lasts, and how much of it is gone at the next interval.
// None is assumed; the data weighs them.

export interface NoiseModel {
  /** Seconds until a slow deviation has decayed to 1/e; 0 if all of it is gone at the next interval. */
  readonly lastingSec: number;
  /** The share of the variance that is new in each interval. */
  readonly fresh: number;
}

/**
 * From noise without memory to levels that wander for as long as a run lasts; the slow ones with and without noise of
 * the moment upon them, since a wander below such noise hides from the correlation of neighbours, and yet no mean over
 * the run averages it away.
 */
export const noiseModels: readonly NoiseModel[] = [
  { lastingSec: 0, fresh: 1 },
  { lastingSec: 20, fresh: 0 },
  { lastingSec: 60, fresh: 0 },
  { lastingSec: 60, fresh: 0.6 },
  { lastingSec: 200, fresh: 0 },
  { lastingSec: 200, fresh: 0.5 },
  { lastingSec: 500, fresh: 0.1 },
  { lastingSec: 500, fresh: 0.8 },
];

/** Half the mean square of the steps from one interval to the next, where the variance is one. */
export function stepShare({ lastingSec, fresh }: NoiseModel, intervalMs: number): number {
  return fresh + (1 - fresh) * (1 - carriedOver(lastingSec, intervalMs));
}

/** The share of a slow deviation that is left after one interval. */
export function carriedOver(lastingSec: number, intervalMs: number): number {
  return lastingSec === 0 ? 0 : Math.exp(-intervalMs / 1000 / lastingSec);
}

/**
 * Frees several columns of numbers (a series, and the shapes that its mean may have) of what the intervals before
 * foretell under one model of the noise of variance one: a Kalman filter of a slow deviation seen through fresh noise.
 * Columns are linear in their inputs, so each is filtered by itself; the variance of what is not foretold is common to
 * all.
 */
export class Filter {
  /** For the part of the latest reading that was not predicted: its variance, and the rest of each column. */
  variance = 1;
  readonly rest: number[] = [];
  private readonly foretold: number[] = [];
  private readonly carried: number;
  private readonly fresh: number;
  private slow: number;
  private last = -1;

  constructor(model: NoiseModel, intervalMs: number) {
    this.carried = carriedOver(model.lastingSec, intervalMs);
    this.fresh = model.fresh;
    this.slow = 1 - model.fresh;
  }

  /**
   * `values` may be longer than before: a column that begins now was zero until now. `times` is the variance of the
   * fresh part of this reading, in units of the usual one.
   */
  read(interval: number, values: readonly number[], times = 1): void {
    const { foretold, rest } = this;
    const gap = interval - this.last;
    const left = this.last < 0 ? 1 : gap === 1 ? this.carried : this.carried ** gap;
    const unknown = 1 - this.fresh;
    this.slow = this.last < 0 ? unknown : left * left * this.slow + unknown * (1 - left * left);
    this.last = interval;
    this.variance = this.slow + this.fresh * times;
    const gain = this.variance > 0 ? this.slow / this.variance : 0;
    for (let c = 0; c < values.length; c += 1) {
      const before = (foretold[c] ?? 0) * left;
      rest[c] = values[c]! - before;
      foretold[c] = before + gain * rest[c]!;
    }
    this.slow *= 1 - gain;
  }
}
