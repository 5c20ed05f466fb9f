// The test of a count that is large enough in every interval to be compared as a rate on the log scale: then nodes' own
// ways, not chance, are what blurs it.
import type { MetricEvidence, MetricWindow } from '../../../model/evidence/evidence.ts';
import { logTolerance } from '../calibration.ts';
import type { NodeCounts } from './dispersion.ts';
import { bandAround, measurePaired, warmUpOf } from './gauges.ts';
import type { MetricTest } from '../series/measurement.ts';
import type { SeriesMemory } from '../series/carriedSeries.ts';
import { type NodeValues } from '../series/series.ts';

/**
 * Events of a canary over the planned run from which on this test is used, and events of one node that make a block.
 */
const enoughEvents = 300;
const eventsPerBlock = 20;
const firstIntervals = 2;
/** Traffic does not warm up. */
const unheard = { chance: 0.001, height: 0.1 } as const;

interface BlockPlan {
  /** Intervals summed into one block. */
  readonly size: number;
  /** Events of one node in one block. */
  readonly events: number;
}

/**
 * Decided by the history and the first intervals, so that later values never change it. Undefined if events are too
 * rare.
 */
export function planBlocks(
  joined: readonly NodeCounts[],
  history: number,
  canaryNodes: number,
  weight: number,
  planned: number,
): BlockPlan | undefined {
  const early = joined.flatMap(({ events }) => events.slice(0, history + firstIntervals)).filter(value => value >= 0);
  if (early.length === 0) return undefined;
  const perInterval = early.reduce((sum, value) => sum + value, 0) / early.length;
  const events = perInterval * Math.min(1, weight);
  if (events * canaryNodes * planned < enoughEvents) return undefined;
  const size = Math.max(1, Math.ceil(eventsPerBlock / events));
  return { size, events: events * size };
}

interface BusyCount {
  readonly metric: MetricEvidence;
  readonly canary: readonly NodeCounts[];
  /** History and window, concatenated. */
  readonly joined: readonly NodeCounts[];
  readonly history: number;
  readonly weight: number;
  readonly isRate: boolean;
  readonly tolerance: number;
}

export function testBusyCount(
  { metric, canary, joined, history, weight, isRate, tolerance }: BusyCount,
  { size, events }: BlockPlan,
  window: MetricWindow,
  planned: number,
  memory: SeriesMemory,
): MetricTest {
  const skipped = history % size;
  const prior = {
    noise: Math.sqrt(1 / events + (isRate ? 0.3 : 0.06) ** 2),
    kind: isRate ? 'rate' : 'traffic',
    // By chance alone a count of n has a variance of 1/n on the log scale, and `events` is what the smaller side
    // counts.
    canaryNoise: window.trafficWeight < 1 ? (1 - window.trafficWeight) / events : 0,
    canaryTimes: 1,
  } as const;
  const past = (history - skipped) / size;
  const baseline = toBlocks(joined, size, 1, skipped);
  const before = baseline.map(({ node, values }) => ({ node, values: values.slice(0, past) }));
  const now = baseline.map(({ node, values }) => ({ node, values: values.slice(past) }));
  const paired = memory.open({
    canary: toBlocks(canary, size, weight, 0),
    baseline: now,
    before,
    prior,
    intervalMs: window.intervalMs * size,
    planned: Math.max(1, Math.floor(planned / size)),
  });
  const warmUp = isRate ? warmUpOf(window) : unheard;
  const allowed = logTolerance(tolerance, metric.direction === 'decrease' ? 'decrease' : 'increase');
  return {
    measure(length) {
      // How nodes differ in what they count says nothing of how they differ in anything else.
      const { spreads: _, ...measured } = measurePaired(metric, paired, Math.floor(length / size), warmUp, allowed);
      return measured;
    },
    // Blocks are steadier than intervals.
    band: baseline => bandAround(baseline, logarithmic, allowed, paired.deviation * Math.sqrt(size)),
    move: logarithmic.move,
  };
}

export const logarithmic = { move: (value: number, by: number): number => value * Math.exp(by) };

/** ln of the rate per unit of exposure in each block; half an event is added, so that none has a logarithm. */
function toBlocks(nodes: readonly NodeCounts[], size: number, weight: number, skipped: number): NodeValues[] {
  return nodes.map(({ events, exposure }, node) => ({
    node: String(node),
    values: Array.from({ length: Math.floor((events.length - skipped) / size) }, (_, block) => {
      let happened = 0;
      let possible = 0;
      for (let interval = skipped + block * size; interval < skipped + (block + 1) * size; interval += 1) {
        if (!(events[interval]! >= 0) || !(exposure[interval]! > 0)) continue;
        happened += events[interval]!;
        possible += exposure[interval]!;
      }
      return possible > 0 ? Math.log((happened + 0.5) / (possible * weight)) : Number.NaN;
    }),
  }));
}
