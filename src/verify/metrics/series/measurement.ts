// The result of the test of one metric after a number of intervals.

export interface Measurement {
  /** ln of the evidence for a regression; -Infinity while there is too little data. */
  readonly logEvidence: number;
  /** The upper end of the possible regression, on the log scale (in the bad direction). */
  readonly upperShift: number;
  /** The tolerated change, on the same scale. */
  readonly tolerated: number;
  /** The standard error, and the part of it that more data would not remove. */
  readonly error: number;
  readonly leastError: number;
  /** Of a count, whose error is nothing to a pass: the standard error of the shift all the same. */
  readonly shiftError?: number;
  /**
   * The addition to the upper end for an early pass, which is possible at any evaluation and therefore must be more
   * certain.
   */
  readonly doubt: number;
  /** The number of intervals, or events, behind it, and the number that a pass needs. */
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
   * The range in which one value of the canary would not be surprising, given this one of the baseline. `exposure` is
   * the canary's denominator in that interval, or 1 without one. A histogram has no such range.
   */
  band?(baseline: number, exposure: number): Band;
  /** A value, moved by this much on the scale of the measured shift. A histogram has none. */
  move?(value: number, by: number): number;
}

export interface Band {
  readonly low: number;
  readonly high: number;
}

/** A value beyond this many standard deviations is surprising: one in a hundred. */
export const surprise = 2.58;
