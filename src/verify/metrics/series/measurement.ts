// What every test of one metric says after so many intervals.

export interface Measurement {
  /** ln of the evidence for a regression; -Infinity while there is too little to say anything. */
  readonly logEvidence: number;
  /** Upper end of what the regression may be, on the log scale (in the bad direction), as far as the data say. */
  readonly upperShift: number;
  /** The change that is tolerated, on the same scale. */
  readonly tolerated: number;
  /** The standard error in it, and the part of that which more data would not take away. */
  readonly error: number;
  readonly leastError: number;
  /** Of a count, whose error is nothing to a pass: the standard error of the shift all the same. */
  readonly shiftError?: number;
  /** What an early pass adds to the upper end: it may be said at any look, and so must be surer. */
  readonly doubt: number;
  /** Intervals, or events, that it rests on, and how many a pass asks for. */
  readonly have: number;
  readonly need: number;
  readonly what: 'intervals' | 'requests';
  /** ln of how likely what was seen is under each spread of the nodes (worlds.ts), for other metrics to know. */
  readonly spreads?: readonly number[];
}

export interface MetricTest {
  /**
   * What is known after the first `length` intervals; asked with growing lengths. `outside`: what the other metrics say
   * of each spread of the nodes.
   */
  measure(length: number, outside?: readonly number[]): Measurement;
  /**
   * Where one value of the canary would be no surprise beside this one of the baseline, as far as is known; `exposure`:
   * the canary's denominator in that interval, 1 without one. A histogram has none.
   */
  band?(baseline: number, exposure: number): Band;
  /** A value moved by so much on the scale of the measured shift. A histogram has none. */
  move?(value: number, by: number): number;
}

export interface Band {
  readonly low: number;
  readonly high: number;
}

/** A value beyond so many standard deviations is a surprise: one of a hundred. */
export const surprise = 2.58;
