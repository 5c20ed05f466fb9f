// Determines up to when a source's evidence is complete, and which nodes have fallen silent. Both sides are measured,
// since one may be later than the other.
import type { AnalysisSettings } from '../model/evidence/analysis.ts';
import type { NodePace } from '../model/evidence/counts.ts';
import type { EvidenceTiming } from '../model/evidence/verdict.ts';

export interface Freshness {
  /** The same event may be passed more than once. */
  note(node: string, atMs: number): void;
  /** Passes the events of a window of which only the first and last time are known; windows may overlap. */
  notePace(pace: NodePace): void;
  /**
   * A side is complete up to its newest event. If events are rare, their absence means nothing; after `expectedMs` they
   * are assumed to have arrived. A side only lags if it was much busier before than its silence suggests. The result is
   * never before the time before. If the source could not be read (`isRead` is false), silence means nothing.
   */
  measure(atMs: number, expectedMs: number, isRead?: boolean): Measured;
}

export interface Measured extends EvidenceTiming {
  /** Events continue to arrive, but later than expected. */
  readonly isLate: boolean;
  readonly silence?: Silence;
}

/** No events arrive any more. `every`: from no node, so the source as a whole may be late. */
export interface Silence {
  readonly side: 'canary' | 'baseline' | 'every';
  readonly nodes: readonly string[];
  /** Time of the newest event of these nodes. */
  readonly sinceMs: number;
  /** The same node by node, in the order of `nodes`; undefined: it never sent any. */
  readonly eachSinceMs: readonly (number | undefined)[];
}

/**
 * The number of expected events that must be missing before silence counts as a lag. By chance, this happens once in
 * e^10 = 22,000 times.
 */
const surelyMissing = 10;
/**
 * Metrics arrive at regular intervals, so fewer missing ones are enough: silence counts if it is three times as long as
 * the longest gap among at least 20 events. Gaps of random events are exponential, the longest of n is about ln n times
 * their mean (Gumbel), and one three times as long has a probability of n^-3.
 */
const fewestEvents = 20,
  timesLongestGap = 3;
/**
 * How many intervals without new events are tolerated. Data that arrives in batches gets twice the longest time between
 * two batches.
 */
const patienceIntervals = 3,
  timesLongestWait = 2;

interface Pace {
  readonly firstMs: number;
  readonly newestMs: number;
  readonly events: number;
  /** The longest gap between two events; for several nodes, that of the busiest node. */
  readonly longestGapMs: number;
}

/** When evaluations saw new events of these nodes. */
interface Watch {
  readonly nodes: readonly string[];
  newestMs: number;
  seenAtMs: number;
  longestWaitMs: number;
}

export function createFreshness({
  canaryNodes,
  baselineNodes,
  intervalMs,
}: Pick<AnalysisSettings, 'canaryNodes' | 'baselineNodes' | 'intervalMs'>): Freshness {
  const paces = new Map<string, Pace>();
  const sides = [canaryNodes, baselineNodes].filter(nodes => nodes.length > 0);
  const paceOf = (nodes: readonly string[]): Pace | undefined =>
    nodes.flatMap(node => paces.get(node) ?? []).reduce<Pace | undefined>(addPaces, undefined);
  /** The number of events since the last evaluation. Sources may return them in any order. */
  const noted = new Map<string, number[]>();
  let reachedMs = -Infinity;

  function settle(): void {
    for (const [node, times] of noted) {
      times.sort((one, other) => one - other);
      // An event between the first and the last one is late or was read again.
      const { firstMs, newestMs } = paces.get(node) ?? { firstMs: -Infinity, newestMs: -Infinity };
      for (const atMs of times) if (atMs > newestMs) extend(node, atMs);
      for (const atMs of times.reverse()) if (atMs < firstMs) extend(node, atMs);
    }
    noted.clear();
  }

  function extend(node: string, atMs: number): void {
    const pace = paces.get(node) ?? { firstMs: atMs, newestMs: atMs, events: 0, longestGapMs: 0 };
    if (pace.events > 0 && atMs >= pace.firstMs && atMs <= pace.newestMs) return;
    paces.set(node, {
      firstMs: Math.min(atMs, pace.firstMs),
      newestMs: Math.max(atMs, pace.newestMs),
      events: pace.events + 1,
      longestGapMs: Math.max(pace.firstMs - atMs, atMs - pace.newestMs, pace.longestGapMs),
    });
  }

  const canary = watchNodes(canaryNodes),
    baseline = watchNodes(baselineNodes),
    each = canaryNodes.map(node => watchNodes([node]));
  const isStill = (watch: Watch, atMs: number): boolean =>
    atMs - watch.seenAtMs > Math.max(patienceIntervals * intervalMs, timesLongestWait * watch.longestWaitMs);

  function findSilence(atMs: number, expectedMs: number): Silence | undefined {
    const fellSilent = (watch: Watch): boolean =>
      isStill(watch, atMs) && isSilent(paceOf(watch.nodes), atMs, expectedMs);
    const arrives = (watch: Watch): boolean => {
      const pace = paceOf(watch.nodes);
      return watch.nodes.length === 0 || (pace !== undefined && !isStill(watch, atMs) && !lags(pace, atMs, expectedMs));
    };
    const silenceOf = (side: Silence['side'], nodes: readonly string[]): Silence => ({
      side,
      nodes,
      sinceMs: paceOf(nodes)?.newestMs ?? atMs,
      eachSinceMs: nodes.map(node => paces.get(node)?.newestMs),
    });
    const isCanary = fellSilent(canary),
      isBaseline = fellSilent(baseline);
    if (isCanary && (isBaseline || baselineNodes.length === 0)) return silenceOf('every', sides.flat());
    if (isCanary) return arrives(baseline) ? silenceOf('canary', canaryNodes) : undefined;
    if (isBaseline) return arrives(canary) ? silenceOf('baseline', baselineNodes) : undefined;
    if (!arrives(canary) || !arrives(baseline)) return undefined;
    const silent = each.filter(fellSilent).flatMap(({ nodes }) => nodes);
    return silent.length > 0 ? silenceOf('canary', silent) : undefined;
  }

  return {
    note(node, atMs) {
      const times = noted.get(node);
      if (times) times.push(atMs);
      else noted.set(node, [atMs]);
    },
    notePace({ node, lines, firstMs, newestMs }) {
      const pace = paces.get(node),
        meanMs = (newestMs - firstMs) / Math.max(1, lines);
      paces.set(node, {
        firstMs: Math.min(firstMs, pace?.firstMs ?? firstMs),
        newestMs: Math.max(newestMs, pace?.newestMs ?? newestMs),
        events: newestMs > (pace?.newestMs ?? -Infinity) ? (pace?.events ?? 0) + lines : pace!.events,
        // The longest of n random gaps is about ln n times their mean.
        longestGapMs: Math.max(meanMs * Math.log(lines + 1), pace?.longestGapMs ?? 0),
      });
    },
    measure(atMs, expectedMs, isRead = true) {
      settle();
      const newestMs = paceOf(sides.flat())?.newestMs;
      const patienceMs = Math.max(expectedMs, newestMs === undefined ? 0 : atMs - newestMs);
      reachedMs = Math.max(reachedMs, Math.min(...sides.map(nodes => completeTo(paceOf(nodes), atMs, patienceMs))));
      const nodesToMs = Math.min(reachedMs, ...sides.flat().map(node => completeTo(paces.get(node), atMs, patienceMs)));
      for (const watch of [canary, baseline, ...each]) observe(watch, paceOf(watch.nodes), atMs, isRead);
      const silence = isRead ? findSilence(atMs, expectedMs) : undefined;
      return {
        completeToMs: reachedMs,
        delayMs: Math.max(0, atMs - reachedMs),
        lagMs: Math.max(0, atMs - nodesToMs),
        isLate: isRead && !silence && sides.some(nodes => lags(paceOf(nodes), atMs, expectedMs)),
        ...(silence && { silence }),
      };
    },
  };
}

function watchNodes(nodes: readonly string[]): Watch {
  return { nodes, newestMs: -Infinity, seenAtMs: -Infinity, longestWaitMs: 0 };
}

/** A failed read counts like one with new events, because it did not show that there were none. */
function observe(watch: Watch, pace: Pace | undefined, atMs: number, isRead: boolean): void {
  const isFirst = watch.seenAtMs === -Infinity,
    isNew = pace !== undefined && pace.newestMs > watch.newestMs;
  if (!isFirst && !isNew && isRead) return;
  if (!isFirst && isNew) watch.longestWaitMs = Math.max(watch.longestWaitMs, atMs - watch.seenAtMs);
  watch.newestMs = pace?.newestMs ?? -Infinity;
  watch.seenAtMs = atMs;
}

/**
 * True if the gap is longer than ever before and enough events are missing, or if it is much longer than ever before.
 */
function isSilent(pace: Pace | undefined, atMs: number, expectedMs: number): boolean {
  if (!pace) return false;
  const { events, longestGapMs, newestMs } = pace;
  return (
    lags(pace, atMs, Math.max(expectedMs, longestGapMs)) ||
    (events >= fewestEvents && atMs - newestMs > Math.max(expectedMs, timesLongestGap * longestGapMs))
  );
}

function completeTo(pace: Pace | undefined, atMs: number, patienceMs: number): number {
  if (!pace) return atMs - patienceMs;
  return lags(pace, atMs, patienceMs) ? pace.newestMs : Math.max(pace.newestMs, atMs - patienceMs);
}

function lags(pace: Pace | undefined, atMs: number, patienceMs: number): boolean {
  if (!pace) return false;
  const { firstMs, newestMs, events } = pace,
    silentMs = atMs - newestMs;
  return silentMs > patienceMs && events * silentMs > surelyMissing * Math.max(1, newestMs - firstMs);
}

function addPaces(one: Pace | undefined, other: Pace): Pace {
  return one
    ? {
        firstMs: Math.min(one.firstMs, other.firstMs),
        newestMs: Math.max(one.newestMs, other.newestMs),
        events: one.events + other.events,
        longestGapMs: Math.min(one.longestGapMs, other.longestGapMs),
      }
    : other;
}
