// The test against the same nodes at an earlier time. Nothing can be paired, so the earlier series must show how much
// it varies by itself.
import type { MetricEvidence, MetricWindow } from '../../../model/evidence/evidence.ts';
import type { Calibration } from '../calibration.ts';
import { bandAround, measureGauge, nuisancesOf, weighNuisances } from './gauges.ts';
import type { Noise } from './means.ts';
import type { MetricTest } from '../series/measurement.ts';
import { measureRecords } from '../series/records.ts';
import { chooseScale, linearScale, type Scale } from '../series/scale.ts';
import {
  joinHistory,
  knownValues,
  lengthOf,
  mean,
  median,
  readNodes,
  select,
  type NodeValues,
} from '../series/series.ts';
import { logSumExp } from '../../specialFunctions.ts';

/**
 * What is believed of level shifts between two times before they are seen, and how many blocks that belief is worth.
 */
const prior = { shift: 0.08, shiftWeight: 3, persistence: 0.2, persistenceWeight: 12 } as const;

/**
 * Fewer earlier values do not allow a choice of scale. Another scale must be less skewed by this much (on the log
 * scale).
 */
const enoughToCompare = 30,
  clearly = 0.25;
/** The share of the evidence that is reserved for unprecedented values. */
const recordShare = 0.3;

/** Counts are compared as rates per interval, since there is no concurrent baseline to condition on. */
export function testAgainstPrevious(
  metric: MetricEvidence,
  denominator: MetricEvidence | undefined,
  window: MetricWindow,
  calibration: Calibration,
  planned: number,
): MetricTest {
  const before = ratesOf(metric, denominator, 'before');
  const joined = joinHistory(ratesOf(metric, denominator, 'baseline'), before);
  const earlier = joined.nodes.length === 0 ? before : joined.nodes;
  const canary = ratesOf(metric, denominator, 'canary');
  const scale = chooseEvenScale(canary, earlier);
  const reference = new Reference(scale.applyTo(earlier), planned);
  const now = scale.applyTo(canary);
  const tolerance = scale.tolerance(calibration, metric.direction === 'decrease' ? 'decrease' : 'increase');
  const nuisances = weighNuisances(
    nuisancesOf(window, lengthOf(metric.canary), planned, true),
    reference.shiftVariance,
    window,
  );
  return {
    measure(length) {
      const measured = measureGauge(
        metric,
        { differences: reference.differences(now, length, tolerance) },
        reference.noise,
        nuisances,
        tolerance,
        planned,
      );
      const records = Math.log(recordShare) + reference.measureRecords(now, length, tolerance, metric.direction);
      return measured.have === 0
        ? measured
        : { ...measured, logEvidence: logSumExp([Math.log(1 - recordShare) + measured.logEvidence, records]) };
    },
    band: baseline => bandAround(baseline, scale, tolerance, reference.deviation),
    move: scale.move,
  };
}

/**
 * Logarithms, unless they make uneven what has been seen before and is even without them: a quiet metric's lowest
 * values lie far apart on them.
 */
function chooseEvenScale(canary: readonly NodeValues[], earlier: readonly NodeValues[]): Scale {
  const scale = chooseScale([], canary, earlier);
  const known = knownValues(earlier);
  if (scale.isLinear || known.length < enoughToCompare) return scale;
  const skew = skewOf(known);
  return skew < Math.LN2 && skewOf(known.map(Math.log)) > skew + clearly ? linearScale(known, known) : scale;
}

/** How unlike the two sides of the middle are: 0 where the outer tenths lie equally far from it. */
function skewOf(values: readonly number[]): number {
  const at = (share: number): number => select(values, Math.floor(share * (values.length - 1)));
  const [low, middle, high] = [at(0.1), at(0.5), at(0.9)];
  return low === middle || high === middle ? 0 : Math.abs(Math.log((high - middle) / (middle - low)));
}

/** Gauges unchanged; counts over their denominator if both were measured. */
function ratesOf(
  metric: MetricEvidence,
  denominator: MetricEvidence | undefined,
  role: 'canary' | 'baseline' | 'before',
): readonly NodeValues[] {
  const nodes = readNodes(metric[role]);
  if (denominator === undefined) return nodes;
  const exposures = readNodes(denominator[role]);
  return nodes.map(({ node, values }) => {
    const exposure = exposures.find(other => other.node === node)?.values ?? [];
    return {
      node,
      values: values.map((value, t) => ((exposure[t] ?? Number.NaN) > 0 ? value / exposure[t]! : Number.NaN)),
    };
  });
}

/** The earlier series: its level, its noise, and how far its level moves over the length of a run. */
class Reference {
  readonly noise: Noise;
  readonly shiftVariance: number;
  private readonly levels: ReadonlyMap<string, number>;
  private readonly level: number;
  private readonly series: readonly number[];

  constructor(earlier: readonly NodeValues[], planned: number) {
    this.levels = new Map(
      earlier.map(({ node, values }) => [node, median(values.filter(value => !Number.isNaN(value)))]),
    );
    this.level = median([...this.levels.values()]);
    this.series = this.centre(earlier, Math.max(0, ...earlier.map(({ values }) => values.length)));
    this.noise = estimateNoise(this.series);
    this.shiftVariance = estimateShift(this.series, this.noise, planned);
  }

  /** Standard deviation of one interval about the level, and of the level itself. */
  get deviation(): number {
    return Math.sqrt(this.shiftVariance + this.noise.innovation ** 2 / (1 - this.noise.persistence ** 2));
  }

  /** The mean over the nodes of the difference from their own earlier level (from the common level for a new node). */
  private centre(nodes: readonly NodeValues[], length: number): number[] {
    return Array.from({ length }, (_, t) => {
      const present = nodes.filter(({ values }) => t < values.length && !Number.isNaN(values[t]!));
      return present.length === 0
        ? Number.NaN
        : mean(present.map(({ node, values }) => values[t]! - (this.levels.get(node) ?? this.level)));
    });
  }

  /** ln of the evidence from unprecedented values. */
  measureRecords(
    now: readonly NodeValues[],
    length: number,
    margin: number,
    direction: MetricEvidence['direction'],
  ): number {
    const values = this.centre(now, Math.min(length, 3));
    const sides = direction === 'either' ? [1, -1] : [direction === 'increase' ? 1 : -1];
    const logs = sides.map(sign =>
      measureRecords(
        values.map(value => sign * value),
        this.series.map(value => sign * value),
        this.noise.persistence,
        margin,
      ),
    );
    return logSumExp(logs) - Math.log(logs.length);
  }

  differences(now: readonly NodeValues[], length: number, tolerance: number): number[] {
    const series = this.centre(now, length);
    const middle = median(series.filter(value => !Number.isNaN(value)));
    const limit = tolerance + (3 * this.noise.innovation) / Math.sqrt(1 - this.noise.persistence ** 2);
    return series.map(value =>
      Number.isNaN(value) ? value : Math.max(middle - limit, Math.min(middle + limit, value)),
    );
  }
}

function estimateNoise(series: readonly number[]): Noise {
  const known = series.filter(value => !Number.isNaN(value));
  if (known.length < 2) return { innovation: 0.5, persistence: 0.5 };
  const variance = mean(known.map(value => value * value));
  const products = series
    .slice(1)
    .map((value, t) => value * series[t]!)
    .filter(value => !Number.isNaN(value));
  const weight = prior.persistenceWeight;
  const found = products.length === 0 ? 0 : (mean(products) / Math.max(variance, 1e-300)) * products.length;
  const persistence = Math.max(
    0,
    Math.min(0.95, (found + prior.persistence * weight) / (products.length + weight) + 0.05),
  );
  const small = 1 + 4 / known.length;
  return { innovation: Math.max(1e-3, Math.sqrt((1 - persistence * persistence) * variance * small)), persistence };
}

/** Variance of the level over blocks as long as the run, beyond what the noise alone explains. */
function estimateShift(series: readonly number[], noise: Noise, planned: number): number {
  const size = Math.max(2, Math.min(planned, Math.floor(series.length / 4)));
  const blocks: number[] = [];
  for (let from = 0; from + size <= series.length; from += size) {
    const known = series.slice(from, from + size).filter(value => !Number.isNaN(value));
    if (known.length * 2 > size) blocks.push(mean(known));
  }
  const longRun = (noise.innovation / (1 - noise.persistence)) ** 2 / size;
  const found = blocks.reduce((sum, block) => sum + Math.max(0, block * block - longRun), 0);
  return (found + prior.shiftWeight * prior.shift ** 2) / (blocks.length + prior.shiftWeight);
}
