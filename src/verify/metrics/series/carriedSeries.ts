// Keeps the results of paired series from one evaluation of a growing window to the next. Values that have been read
// never change, so only new ones are processed.
import type { ShiftEvidence } from '../models/shifts.ts';
import { PairedSeries, type PairedInput, type PairedQuestion } from '../models/paired.ts';
import type { NodeValues } from './series.ts';

interface Answer {
  readonly question: PairedQuestion;
  readonly evidence: readonly ShiftEvidence[];
}

/** Answers like a series that is read again from the beginning. */
export class CarriedSeries {
  private input: PairedInput;
  private series: PairedSeries;
  private tolerance = Number.NaN;
  /** The number of intervals read, and of known differences after them. */
  private length = 0;
  private readonly known = new Map<number, number>();
  private readonly answers = new Map<number, Answer>();

  constructor(input: PairedInput) {
    this.input = input;
    this.series = new PairedSeries(input);
  }

  /** Accepts a longer window of the same nodes; false if a value already read has changed. */
  continueWith(input: PairedInput): boolean {
    const { prior, intervalMs, planned, before, canary, baseline } = this.input;
    const isSame =
      prior.noise === input.prior.noise &&
      prior.kind === input.prior.kind &&
      prior.canaryNoise === input.prior.canaryNoise &&
      prior.canaryTimes === input.prior.canaryTimes &&
      intervalMs === input.intervalMs &&
      planned === input.planned &&
      agree(before, input.before, Infinity) &&
      agree(canary, input.canary, this.length) &&
      agree(baseline, input.baseline, this.length);
    if (!isSame) return false;
    this.input = input;
    this.series.extend(input);
    return true;
  }

  /** The known differences after this many intervals. */
  advanceTo(length: number, tolerance: number): number {
    if (tolerance !== this.tolerance || (length < this.length && !this.known.has(length))) this.restart(tolerance);
    if (length >= this.length) {
      this.series.advanceTo(length, tolerance);
      this.known.set(length, this.series.known);
      this.length = length;
    }
    return this.known.get(length)!;
  }

  measure(length: number, question: PairedQuestion): readonly ShiftEvidence[] {
    const earlier = this.answers.get(length);
    if (earlier && isAlike(earlier.question, question)) return earlier.evidence;
    const { tolerance } = this;
    if (length < this.length) {
      this.restart(tolerance);
      this.advanceTo(length, tolerance);
    }
    const evidence = this.series.measure(question);
    this.answers.set(length, { question, evidence });
    return evidence;
  }

  get deviation(): number {
    return this.series.deviation;
  }

  private restart(tolerance: number): void {
    this.series = new PairedSeries(this.input);
    this.tolerance = tolerance;
    this.length = 0;
    this.known.clear();
    this.answers.clear();
  }
}

/** The series of one run's metrics, in the order in which a replay opens them. */
export class SeriesMemory {
  private readonly series: CarriedSeries[] = [];
  private opened = 0;

  /** Called before each replay. */
  rewind(): void {
    this.opened = 0;
  }

  open(input: PairedInput): CarriedSeries {
    const earlier = this.series[this.opened];
    const series = earlier?.continueWith(input) ? earlier : new CarriedSeries(input);
    this.series[this.opened] = series;
    this.opened += 1;
    return series;
  }
}

function agree(nodes: readonly NodeValues[], others: readonly NodeValues[], length: number): boolean {
  return (
    nodes.length === others.length &&
    nodes.every(({ node, values }, k) => {
      const other = others[k]!;
      const end = Math.min(length, Math.max(values.length, other.values.length));
      if (node !== other.node) return false;
      for (let t = 0; t < end; t += 1) if (!Object.is(values[t], other.values[t])) return false;
      return true;
    })
  );
}

function isAlike(one: PairedQuestion, other: PairedQuestion): boolean {
  return (
    one.directions.join() === other.directions.join() &&
    one.tolerance === other.tolerance &&
    one.leastNoise === other.leastNoise &&
    one.warmUp.chance === other.warmUp.chance &&
    one.warmUp.height === other.warmUp.height &&
    one.outside?.length === other.outside?.length &&
    (one.outside ?? []).every((log, k) => Object.is(log, other.outside![k]))
  );
}
