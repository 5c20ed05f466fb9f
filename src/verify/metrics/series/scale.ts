// The scale on which a gauge is compared: logarithms if the metric is positive, otherwise shares of its level.
import { logTolerance, type Calibration } from '../calibration.ts';
import { knownValues, mean, median, type NodeValues } from './series.ts';

export interface Scale {
  readonly isLinear: boolean;
  applyTo(nodes: readonly NodeValues[]): NodeValues[];
  /** Of a share of the level, or of an absolute change where that is more. */
  tolerance(allowed: Pick<Calibration, 'tolerance' | 'floor'>, direction: 'increase' | 'decrease'): number;
  /** The value, moved by this much on the scale. */
  move(value: number, by: number): number;
}

/** A larger ratio counts as infinite, so that zero has a logarithm. */
const farthest = 1000;
const leastIntervals = 2;

/**
 * Decided by the history and the first informative intervals, so that later values never change an earlier evaluation.
 */
export function chooseScale(
  baseline: readonly NodeValues[],
  canary: readonly NodeValues[],
  before: readonly NodeValues[],
): Scale {
  const history = knownValues(before);
  const longest = Math.max(0, ...[...baseline, ...canary].map(({ values }) => values.length));
  for (let length = leastIntervals; length <= longest; length += 1) {
    const control = [...history, ...knownValues(baseline, length)];
    const all = [...control, ...knownValues(canary, length)];
    if (control.length === 0 || all.every(value => value === 0)) continue;
    return control.every(value => value > 0) ? logScale(median(control)) : linearScale(control, all);
  }
  return linearScale([0], [1]);
}

function logScale(centre: number): Scale {
  return {
    isLinear: false,
    applyTo: nodes => map(nodes, value => Math.log(Math.max(value / centre, 1 / farthest))),
    tolerance: ({ tolerance, floor }, direction) => logTolerance(Math.max(tolerance, floor / centre), direction),
    move: (value, by) => value * Math.exp(by),
  };
}

/**
 * In units of the level, or of the scatter if the level is negligible compared with it (a metric that is mostly zero,
 * or that has both signs).
 */
export function linearScale(control: readonly number[], all: readonly number[]): Scale {
  const largest = Math.max(...all.map(Math.abs)) || 1;
  const shares = (values: readonly number[]): number[] => values.map(value => value / largest);
  const level = Math.abs(mean(shares(control)));
  const unit = Math.max(level, scatterOf(shares(control))) || scatterOf([0, ...shares(all)]);
  return {
    isLinear: true,
    applyTo: nodes => map(nodes, value => value / largest / unit),
    tolerance: ({ tolerance, floor }) => Math.max(tolerance * level, floor / largest) / unit,
    move: (value, by) => value + by * unit * largest,
  };
}

function scatterOf(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map(value => (value - centre) ** 2)));
}

function map(nodes: readonly NodeValues[], change: (value: number) => number): NodeValues[] {
  return nodes.map(({ node, values }) => ({ node, values: values.map(change) }));
}
