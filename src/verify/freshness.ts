// How far a source's evidence is complete: its newest events against the clock, on both sides, since one may come later than the other.
import type { AnalysisSettings } from '../model/analysis.ts';
import type { EvidenceTiming } from '../model/verdict.ts';

export interface Freshness {
  /** The same event may be noted again. */
  note(node: string, atMs: number): void;
  /**
   * A side is complete up to its newest event; where events are rare their absence means nothing, and `expectedMs` after its time an event
   * is taken to be there. Only a side that has been much busier than its silence suggests lags. Never earlier than the time before.
   */
  measure(atMs: number, expectedMs: number): EvidenceTiming & { readonly isLate: boolean };
}

/** So many events must be missing before silence is a lag: by chance it happens once in e^10 = 22,000 times. */
const surelyMissing = 10;

interface Pace {
  readonly firstMs: number;
  readonly newestMs: number;
  readonly events: number;
}

export function createFreshness({
  canaryNodes,
  baselineNodes,
}: Pick<AnalysisSettings, 'canaryNodes' | 'baselineNodes'>): Freshness {
  const paces = new Map<string, Pace>();
  const sides = [canaryNodes, baselineNodes].filter(nodes => nodes.length > 0);
  const paceOf = (nodes: readonly string[]): Pace | undefined =>
    nodes.flatMap(node => paces.get(node) ?? []).reduce<Pace | undefined>(addPaces, undefined);
  let reachedMs = -Infinity;
  return {
    note(node, atMs) {
      const pace = paces.get(node);
      // What is read again, or comes late, lies between the ends.
      if (pace && atMs >= pace.firstMs && atMs <= pace.newestMs) return;
      paces.set(node, addPaces(pace, { firstMs: atMs, newestMs: atMs, events: 1 }));
    },
    measure(atMs, expectedMs) {
      const newestMs = paceOf(sides.flat())?.newestMs;
      const patienceMs = Math.max(expectedMs, newestMs === undefined ? 0 : atMs - newestMs);
      reachedMs = Math.max(reachedMs, Math.min(...sides.map(nodes => completeTo(paceOf(nodes), atMs, patienceMs))));
      const nodesToMs = Math.min(reachedMs, ...sides.flat().map(node => completeTo(paces.get(node), atMs, patienceMs)));
      return {
        completeToMs: reachedMs,
        delayMs: Math.max(0, atMs - reachedMs),
        lagMs: Math.max(0, atMs - nodesToMs),
        isLate: sides.some(nodes => lags(paceOf(nodes), atMs, expectedMs)),
      };
    },
  };
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
      }
    : other;
}
