// Reads a log source that does not count its lines: all lines or, if there are too many, a sample in time.
import type { AnalysisSettings, ReadSummary } from '../../model/evidence/analysis.ts';
import { slicesOf, type SampledSource, type Sampling, type TimeRange } from '../../model/evidence/sampling.ts';
import type { QueryRecord } from '../../model/evidence/verdict.ts';
import { succeed, type Result } from '../../model/failure.ts';

export interface SampleReader {
  /** Called before anything else is read: a few seconds of the new lines show how busy the source is. */
  tryOut(range: TimeRange, newFromMs: number, read: Read): Promise<Result<readonly QueryRecord[]>>;
  /**
   * Reads [fromMs, toMs); earlier requests ended at `newFromMs`. Lines from the last `lagMs` may not have arrived yet.
   */
  read(range: TimeRange, newFromMs: number, lagMs: number, read: Read): Promise<Result<ReadSummary>>;
  /** Undefined while all lines are read. */
  facts(): SampledSource | undefined;
}
type Read = (range: TimeRange) => Promise<Result<ReadSummary>>;

/** The number of slices of a verification: enough to notice changes, and few enough queries. */
const mostSlices = 64;
/** The number of short slices that show how busy a source is. If the first one is quiet enough, it is the only one. */
const trialSlices = 4,
  muchCalmer = 8;
const shortestSliceMs = 100,
  trialMs = 1_000,
  secondMs = 1_000;

export function createSampleReader(
  mostLines: number,
  { beforeFromMs, canarySinceMs, intervalMs, durationMs, extendToMs }: AnalysisSettings,
): SampleReader {
  const endMs = canarySinceMs + (extendToMs ?? durationMs),
    periodMs = Math.ceil(Math.max(intervalMs, (endMs - beforeFromMs) / mostSlices) / secondMs) * secondMs;
  let sampling: Sampling | undefined,
    isTried = false,
    lines = 0,
    settledMs = -Infinity;

  function begin(sinceMs: number, linesPerMs: number): void {
    const expected = linesPerMs * Math.max(periodMs, endMs - sinceMs),
      share = Math.max(mostLines - lines, mostLines / 2) / expected;
    if (share >= 1) return;
    sampling = {
      sinceMs: atSecond(sinceMs),
      periodMs,
      widthMs: Math.max(shortestSliceMs, Math.round(share * periodMs)),
    };
  }

  async function tryOut({ toMs }: TimeRange, fromMs: number, read: Read): Promise<Result<readonly QueryRecord[]>> {
    if (isTried) return succeed([]);
    const slices = slicesOf({ sinceMs: atSecond(fromMs), periodMs, widthMs: trialMs }, { fromMs, toMs }),
      queries: QueryRecord[] = [];
    const most = (mostLines * trialMs) / (endMs - beforeFromMs),
      trials = Math.min(trialSlices, slices.length);
    for (let i = 1; i <= trials; i++) {
      const answer = await read(slices[Math.floor(((i - 0.5) / trials) * slices.length)]!);
      if (!answer.ok) return answer;
      queries.push(...answer.value.queries);
      if (i === 1 && rowsOf(queries) * muchCalmer < most) break;
      if (i === trials) begin(fromMs, rowsOf(queries) / i / trialMs);
    }
    isTried = true;
    return succeed(queries);
  }

  async function readAll(range: TimeRange, newFromMs: number, read: Read): Promise<Result<ReadSummary>> {
    const answer = await read(range);
    if (!answer.ok) return answer;
    lines += (rowsOf(answer.value.queries) * (range.toMs - newFromMs)) / (range.toMs - range.fromMs);
    if (lines > mostLines) begin(range.toMs, lines / (range.toMs - beforeFromMs));
    return answer;
  }

  /** Reads one slice after another. A slice that is over and was read is not read again, even after a failure. */
  async function readSlices(
    plan: Sampling,
    { fromMs, toMs }: TimeRange,
    lagMs: number,
    read: Read,
  ): Promise<Result<ReadSummary>> {
    const summaries: ReadSummary[] = [];
    const since = Math.max(settledMs, fromMs - periodMs, beforeFromMs);
    for (const slice of slicesOf(plan, { fromMs: since, toMs })) {
      const answer = await read(slice);
      if (!answer.ok) return answer;
      summaries.push(answer.value);
      if (slice.toMs <= toMs - lagMs - periodMs) settledMs = slice.toMs;
    }
    return succeed(addSummaries(summaries));
  }

  return {
    tryOut,
    read: (range, newFromMs, lagMs, read) =>
      sampling ? readSlices(sampling, range, lagMs, read) : readAll(range, newFromMs, read),
    facts: () => sampling && { ...sampling, mostLines },
  };
}

/** Some vendors can only read whole seconds. */
function atSecond(atMs: number): number {
  return Math.floor(atMs / secondMs) * secondMs;
}

function rowsOf(queries: readonly QueryRecord[]): number {
  return queries.reduce((sum, { rows }) => sum + rows, 0);
}

function addSummaries(summaries: readonly ReadSummary[]): ReadSummary {
  const cut = summaries.flatMap(({ partial }) => partial ?? []),
    clockAheadMs = summaries.at(-1)?.clockAheadMs;
  return {
    queries: summaries.flatMap(({ queries }) => queries),
    ...(clockAheadMs !== undefined && { clockAheadMs }),
    ...(cut.length > 0 && {
      partial: {
        read: cut.reduce((sum, { read }) => sum + read, 0),
        total: cut.reduce((sum, { total }) => sum + total, 0),
      },
    }),
  };
}
