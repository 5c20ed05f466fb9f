// Reads a source with more log lines than can be read one by one: finds out whether there are too many, and lets the
// source count them.
import type { AnalysisSession, AnalysisSettings, Look, ReadSummary } from '../../model/evidence/analysis.ts';
import { sliceWidth, type NodePace } from '../../model/evidence/counts.ts';
import type { QueryRecord } from '../../model/evidence/verdict.ts';
import { succeed, type Result } from '../../model/failure.ts';
import type { CountRequest, LineCounter, ReadRequest } from '../../model/ports.ts';

export interface CountReader {
  /**
   * True if there are more lines than are read; once true, it stays true. `newFromMs` is the end of what was read
   * before.
   */
  isNeeded(request: ReadRequest, newFromMs: number, signal: AbortSignal): Promise<Result<boolean>>;
  /** Counts what is new. Lines from the last `lagMs` may not have arrived yet. */
  read(request: ReadRequest, lagMs: number, signal: AbortSignal): Promise<Result<ReadSummary>>;
  /** True if anything was counted. */
  hasCounted(): boolean;
  /** The facts for the evaluation; undefined while lines are read. */
  facts(): NonNullable<Look['counted']>[string] | undefined;
}

/** The part that may still receive late lines is counted again, until it is this many times as long as the lag. */
const timesOpen = 4;

export function createCountReader(
  counter: LineCounter,
  mostLines: number,
  settings: AnalysisSettings,
  session: AnalysisSession,
): CountReader {
  const { canaryNodes, baselineNodes, canarySinceMs, beforeFromMs, beforeToMs, intervalMs } = settings;
  const nodes = [...new Set([...canaryNodes, ...baselineNodes])],
    sliceMs = sliceWidth(settings.durationMs);
  let lines = 0,
    isCounting = false,
    hasCounted = false,
    probedToMs = -Infinity,
    isBeforeCounted = beforeFromMs >= beforeToMs,
    openFromMs = canarySinceMs;
  let paces: readonly NodePace[] = [];
  const queries: QueryRecord[] = [];

  async function probe(request: ReadRequest, signal: AbortSignal): Promise<Result<readonly NodePace[]>> {
    const probed = await counter.probe(request, signal);
    if (!probed.ok) return probed;
    queries.push(...probed.value.queries);
    return succeed((paces = probed.value.paces));
  }

  async function countOne(request: Omit<CountRequest, 'nodes'>, signal: AbortSignal): Promise<Result<void>> {
    if (request.fromMs >= request.toMs) return succeed(undefined);
    const counted = await counter.count({ ...request, nodes }, page => session.ingest(page), signal);
    if (!counted.ok) return counted;
    queries.push(...counted.value.queries);
    hasCounted = true;
    return succeed(undefined);
  }

  /** The beginning of a slice, so that consecutive windows have slices in common. */
  const atSlice = (atMs: number): number => canarySinceMs + Math.floor((atMs - canarySinceMs) / sliceMs) * sliceMs;

  /** Only the last window may still receive late lines; earlier ones are not counted again. */
  async function countSides(request: ReadRequest, lagMs: number, signal: AbortSignal): Promise<Result<void>> {
    const part = { ...request, part: 'sides' as const, canaryNodes, sliceMs },
      toMs = atSlice(request.toMs - lagMs);
    const settledMs = atSlice(toMs - lagMs - intervalMs);
    if (settledMs - openFromMs >= timesOpen * (lagMs + intervalMs)) {
      const counted = await countOne({ ...part, fromMs: openFromMs, toMs: settledMs }, signal);
      if (!counted.ok) return counted;
      openFromMs = settledMs;
    }
    return countOne({ ...part, fromMs: openFromMs, toMs }, signal);
  }

  return {
    async isNeeded(request, newFromMs, signal) {
      if (isCounting) return succeed(true);
      // After a failed read, a part of the new lines was already probed.
      const probed = await probe({ ...request, fromMs: Math.max(newFromMs, probedToMs) }, signal);
      if (!probed.ok) return probed;
      probedToMs = request.toMs;
      lines += probed.value.reduce((sum, pace) => sum + pace.lines, 0);
      isCounting = lines > mostLines;
      return succeed(isCounting);
    },
    async read(request, lagMs, signal) {
      isCounting = true;
      const probed = await probe(request, signal);
      if (!probed.ok) return probed;
      if (!isBeforeCounted) {
        const before = { ...request, part: 'before' as const, fromMs: beforeFromMs, toMs: beforeToMs, canaryNodes: [] };
        const counted = await countOne({ ...before, sliceMs: sliceWidth(beforeToMs - beforeFromMs) }, signal);
        if (!counted.ok) return counted;
        isBeforeCounted = true;
      }
      const counted = await countSides(request, lagMs, signal);
      return counted.ok ? succeed({ queries: queries.splice(0) }) : counted;
    },
    hasCounted: () => hasCounted,
    facts: () => (isCounting ? { mostLines, paces } : undefined),
  };
}
