// The test of a count against nodes that run at the same time, by its share of the exposure.
import type { MetricEvidence, MetricWindow } from '../../../model/evidence/evidence.ts';
import { logarithmic, planBlocks, testBusyCount } from '../models/busyCounts.ts';
import { logTolerance, type Calibration } from '../calibration.ts';
import type { SeriesMemory } from './carriedSeries.ts';
import { conditionalLikelihood, CountEvidence, type CountInterval } from '../models/counts.ts';
import { Dispersion, pairWithExposure, type NodeCounts } from '../models/dispersion.ts';
import { surprise, type Measurement, type MetricTest } from './measurement.ts';
import { onsetsBefore } from '../models/onsets.ts';
import { joinHistory, readNodes } from './series.ts';
import { logSumExp } from '../../specialFunctions.ts';

type Side = 'increase' | 'decrease';

/**
 * Natural spread of nodes, on the log scale, before anything is known: of rates, and of traffic split by a load
 * balancer.
 */
const priorSpread = { rate: 0.15, count: 0.07 } as const;
/** Steps to which the spread is rounded up, so that each needs its likelihoods but once. */
const spreadSteps = [0.03, 0.05, 0.08, 0.12, 0.18, 0.27, 0.4, 0.6, 0.9] as const;
/** A fresh process has more errors at first than old ones, so it gets this much more tolerance, which fades. */
const warmUp = { room: 0.2, fadingMs: 60_000 } as const;
/**
 * Events, and intervals with events, that one side must show before a difference can be said at all: one burst is no
 * regression.
 */
const least = { events: 3, intervals: 2 } as const;
const firstIntervals = 2;
const enough = { requests: 30, intervals: 3 } as const;

export function testCount(
  metric: MetricEvidence,
  denominator: MetricEvidence | undefined,
  window: MetricWindow,
  calibration: Calibration,
  planned: number,
  memory: SeriesMemory,
): MetricTest {
  const read = (role: 'canary' | 'baseline' | 'before'): NodeCounts[] =>
    pairWithExposure(readNodes(metric[role]), denominator && readNodes(denominator[role]));
  const canary = read('canary');
  const baseline = read('baseline');
  const past = joinHistory(readNodes(metric.baseline), readNodes(metric.before));
  const pastExposure = denominator && joinHistory(readNodes(denominator.baseline), readNodes(denominator.before)).nodes;
  const joined = pairWithExposure(past.nodes, pastExposure);
  const weight = denominator ? 1 : window.trafficWeight;
  const plan = planBlocks(joined, past.history, canary.length, window.trafficWeight, planned);
  const tolerance = Math.max(calibration.tolerance, calibration.floor / earlyRate(joined, past.history, weight));
  if (plan !== undefined)
    return testBusyCount(
      { metric, canary, joined, history: past.history, weight, isRate: denominator !== undefined, tolerance },
      plan,
      window,
      planned,
      memory,
    );
  // A single node has no fellows: then the canary's nodes say how events come in bursts.
  const lone = joined.length < 2;
  const observed = lone ? withCanary(joined, canary, past.history) : joined;
  const dispersion = new Dispersion(observed.length, denominator ? priorSpread.rate : priorSpread.count, joined.length);
  for (let interval = 0; interval < past.history; interval += 1) dispersion.read(observed, interval);
  const directions: readonly Side[] = metric.direction === 'either' ? ['increase', 'decrease'] : [metric.direction];
  const sides = directions.map(
    direction =>
      new DirectedCounts(combine(canary, baseline, weight, window, direction), logTolerance(tolerance, direction)),
  );
  const share = Math.sqrt(1 / Math.max(1, canary.length) + 1 / Math.max(1, baseline.length));
  let known = 0;
  return {
    measure(length) {
      for (; known < length; known += 1) dispersion.read(observed, past.history + known);
      const onsets = onsetsBefore(length, planned);
      const logs = sides.map(side => side.measure(onsets, length, dispersion.spread * share, dispersion.dispersion));
      return {
        logEvidence: logSumExp(logs) - Math.log(logs.length),
        upperShift: Math.max(...sides.map(side => side.shift(length))),
        error: 0,
        leastError: 0,
        shiftError: Math.hypot(
          dispersion.spread * share,
          Math.sqrt(dispersion.dispersion) * Math.max(...sides.map(side => side.error(length))),
        ),
        doubt: Math.max(...sides.map(side => side.doubt(length))),
        tolerated: logTolerance(tolerance, 'increase'),
        ...countWhatIsKnown(canary, length, denominator !== undefined),
      };
    },
    band(baseline, exposure) {
      const expected = baseline * exposure;
      const by =
        tolerance * expected +
        surprise * Math.sqrt(dispersion.dispersion * (expected + 0.5) + (dispersion.spread * share * expected) ** 2);
      return { low: Math.max(0, expected - by) / exposure, high: (expected + by) / exposure };
    },
    move: logarithmic.move,
  };
}

/** The canary's nodes together with the others, without values before the window. */
function withCanary(joined: readonly NodeCounts[], canary: readonly NodeCounts[], history: number): NodeCounts[] {
  const silent = new Array<number>(history).fill(Number.NaN);
  return [
    ...joined,
    ...canary.map(({ events, exposure }) => ({ events: [...silent, ...events], exposure: [...silent, ...exposure] })),
  ];
}

/**
 * Events per unit of exposure, or per node and interval, that the canary should show; of the history and the first
 * intervals, so that a later value never changes it.
 */
function earlyRate(joined: readonly NodeCounts[], history: number, weight: number): number {
  const sums = Array.from({ length: history + firstIntervals }, (_, interval) => sumAt(joined, interval));
  const [events, exposure] = [
    sums.reduce((sum, one) => sum + one.events, 0.5),
    sums.reduce((sum, one) => sum + one.exposure, 0),
  ];
  return exposure > 0 ? (events / exposure) * weight : 0.5;
}

/** Counts of one bad direction, turned so that the bad direction is up. */
class DirectedCounts {
  private readonly intervals: readonly (CountInterval | undefined)[];
  private readonly tolerance: number;
  private readonly evidence = new Map<number, CountEvidence<CountInterval>>();

  constructor(intervals: readonly (CountInterval | undefined)[], tolerance: number) {
    this.intervals = intervals;
    this.tolerance = tolerance;
  }

  measure(
    onsets: Parameters<CountEvidence<CountInterval>['measure']>[0],
    length: number,
    spread: number,
    dispersion: number,
  ): number {
    const { canary, intervals } = this.totals(length);
    if (canary < least.events || intervals < least.intervals) return -Infinity;
    return this.at(spread).measure(onsets, length, dispersion);
  }

  /** ln of the events over the expected ones, with one added to both, so that zero compared with zero is no change. */
  shift(length: number): number {
    const { canary, expected } = this.totals(length);
    return Math.log((canary + 1) / (expected + 1));
  }

  /** Three standard errors of the shift. */
  doubt(length: number): number {
    return 3 * this.error(length);
  }

  /** By chance alone. */
  error(length: number): number {
    const { canary, expected } = this.totals(length);
    return Math.sqrt(1 / (canary + 1) + 1 / (expected + 1));
  }

  private totals(length: number): { canary: number; expected: number; intervals: number } {
    let canary = 0;
    let intervals = 0;
    let expected = 0;
    for (const interval of this.intervals.slice(0, length)) {
      if (interval === undefined) continue;
      canary += interval.canary;
      if (interval.canary > 0) intervals += 1;
      expected += (interval.baseline * interval.share) / (1 - interval.share);
    }
    return { canary, expected, intervals };
  }

  private at(spread: number): CountEvidence<CountInterval> {
    const step = spreadSteps.find(candidate => candidate >= spread) ?? spreadSteps.at(-1)!;
    const cached =
      this.evidence.get(step) ??
      new CountEvidence(this.intervals, { likelihood: conditionalLikelihood, tolerance: this.tolerance, spread: step });
    this.evidence.set(step, cached);
    return cached;
  }
}

function combine(
  canary: readonly NodeCounts[],
  baseline: readonly NodeCounts[],
  weight: number,
  window: MetricWindow,
  direction: Side,
): (CountInterval | undefined)[] {
  const length = Math.max(0, ...[...canary, ...baseline].map(({ events }) => events.length));
  return Array.from({ length }, (_, interval) => {
    const ours = sumAt(canary, interval);
    const theirs = sumAt(baseline, interval);
    const fresh = window.baselineKind === 'existing' && direction === 'increase';
    const room = fresh ? 1 + warmUp.room * Math.exp((-(interval + 0.5) * window.intervalMs) / warmUp.fadingMs) : 1;
    const exposure = ours.exposure * weight * room;
    if (!(exposure > 0) || !(theirs.exposure > 0)) return undefined;
    const share = exposure / (exposure + theirs.exposure);
    return direction === 'increase'
      ? { canary: ours.events, baseline: theirs.events, share }
      : { canary: theirs.events, baseline: ours.events, share: 1 - share };
  });
}

/** Nodes that miss their events or their exposure in this interval are left out of both. */
function sumAt(nodes: readonly NodeCounts[], interval: number): { events: number; exposure: number } {
  const sum = { events: 0, exposure: 0 };
  for (const { events, exposure } of nodes) {
    const happened = events[interval];
    const possible = exposure[interval];
    if (happened === undefined || possible === undefined || !(happened >= 0) || !(possible > 0)) continue;
    sum.events += happened;
    sum.exposure += possible;
  }
  return sum;
}

function countWhatIsKnown(
  canary: readonly NodeCounts[],
  length: number,
  isRate: boolean,
): Pick<Measurement, 'have' | 'need' | 'what'> {
  let intervals = 0;
  let requests = 0;
  for (let interval = 0; interval < length; interval += 1) {
    const { exposure } = sumAt(canary, interval);
    requests += exposure;
    if (exposure > 0) intervals += 1;
  }
  return isRate
    ? { have: requests, need: enough.requests, what: 'requests' }
    : { have: intervals, need: enough.intervals, what: 'intervals' };
}
