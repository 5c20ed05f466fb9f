// Reads log lines in the way that their number allows: all of them, as counts of their source, or as a sample.
import type { AnalysisSession, AnalysisSettings, Look, ReadSummary } from '../../model/evidence/analysis.ts';
import type { SampledSource, TimeRange } from '../../model/evidence/sampling.ts';
import type { Failure, FailureKind, Result } from '../../model/failure.ts';
import type { HealthSources, ReadRequest } from '../../model/ports.ts';
import { createCountReader } from './readCounts.ts';
import { createSampleReader } from './readSample.ts';

export interface LineReader {
  read(request: ReadRequest, progress: Progress, signal: AbortSignal): Promise<Result<ReadSummary>>;
  /** For the evaluation; undefined while lines are read. */
  counted(): NonNullable<Look['counted']>[string] | undefined;
  sampled(): SampledSource | undefined;
}

export interface Progress {
  /** What was read ends there. */
  readonly newFromMs: number;
  /** Of the last `lagMs` lines may not have come; of the last `delayMs` nothing is counted. */
  readonly lagMs: number;
  readonly delayMs: number;
}

/** What says that the source cannot count, and not that it could not now. */
const refusals: ReadonlySet<FailureKind> = new Set(['invalid', 'unauthorized', 'not-found']);

/** `anyRequest`: one of this source. */
export function createLineReader(
  anyRequest: ReadRequest,
  mostLines: number,
  settings: AnalysisSettings,
  session: AnalysisSession,
  healthSources: HealthSources,
): LineReader {
  const found = healthSources.counterOf?.(anyRequest),
    counter = found && createCountReader(found, mostLines, settings, session),
    sampler = createSampleReader(mostLines, settings);
  let canCount = counter !== undefined;

  function readAll(request: ReadRequest, signal: AbortSignal): Promise<Result<ReadSummary>> {
    return healthSources.read(request, page => session.ingest(page), signal);
  }

  async function readOrSample(request: ReadRequest, { newFromMs, lagMs }: Progress, signal: AbortSignal) {
    return sampler.read(request, newFromMs, lagMs, range => readRange(request, range, signal));
  }

  async function readRange(request: ReadRequest, range: TimeRange, signal: AbortSignal): Promise<Result<ReadSummary>> {
    const answer = await readAll({ ...request, ...range }, signal);
    if (!answer.ok) return answer;
    const { fromMs, toMs } = range,
      queries = answer.value.queries.map(query => ({ ...query, fromMs, toMs }));
    return { ok: true, value: { ...answer.value, queries } };
  }

  /** Counts and lines are never compared: once there are counts, nothing else will do. */
  function isRefusal({ kind }: Failure): boolean {
    return refusals.has(kind) && !counter?.hasCounted();
  }

  return {
    async read(request, progress, signal) {
      if (!counter || !canCount) return readOrSample(request, progress, signal);
      const needed = await counter.isNeeded(request, progress.newFromMs, signal);
      if (needed.ok && !needed.value) return readAll(request, signal);
      const counted = needed.ok ? await counter.read(request, progress.delayMs, signal) : needed;
      if (counted.ok || !isRefusal(counted.failure)) return counted;
      canCount = false;
      return readOrSample(request, progress, signal);
    },
    counted: () => (canCount ? counter?.facts() : undefined),
    sampled: sampler.facts,
  };
}
