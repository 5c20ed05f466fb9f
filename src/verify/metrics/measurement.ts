// What every test of one metric says after so many intervals.

export interface Measurement {
  /** ln of the evidence for a regression; -Infinity while there is too little to say anything. */
  readonly logEvidence: number;
  /** Upper end of what the regression may be, on the log scale (in the bad direction), as far as the data say. */
  readonly upperShift: number;
  /** Intervals, or events, that it rests on, and how many a pass asks for. */
  readonly have: number;
  readonly need: number;
  readonly what: 'intervals' | 'requests';
}

export interface MetricTest {
  /** What is known after the first `length` intervals; asked with growing lengths. */
  measure(length: number): Measurement;
}
