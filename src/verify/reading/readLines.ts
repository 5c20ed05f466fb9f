// Reads log lines in the way that their number allows: all of them, as counts from the source, or as a sample.
import type { AnalysisSession, AnalysisSettings, Look, ReadSummary } from '../../model/evidence/analysis.ts';
import type { SampledSource, TimeRange } from '../../model/evidence/sampling.ts';
import { succeed, type FailureKind, type Result } from '../../model/failure.ts';
import type { HealthSources, ReadRequest } from '../../model/ports.ts';
import { createCountReader, type CountReader } from './readCounts.ts';
import { createSampleReader } from './readSample.ts';

export interface LineReader {
  read(request: ReadRequest, progress: Progress, signal: AbortSignal): Promise<Result<ReadSummary>>;
  /** The facts for the evaluation; undefined while lines are read. */
  counted(): NonNullable<Look['counted']>[string] | undefined;
  sampled(): SampledSource | undefined;
}

export interface Progress {
  /** The end of what was read before. */
  readonly newFromMs: number;
  /** Lines from the last `lagMs` may not have arrived yet; the last `delayMs` are not counted. */
  readonly lagMs: number;
  readonly delayMs: number;
}

/** Failures which mean that the source cannot count at all, not merely at the moment. */
const refusals: ReadonlySet<FailureKind> = new Set(['invalid', 'unauthorized', 'not-found']);

/** `anyRequest` is any request for this source. */
export function createLineReader(
  anyRequest: ReadRequest,
  mostLines: number,
  settings: AnalysisSettings,
  session: AnalysisSession,
  healthSources: HealthSources,
): LineReader {
  const found = healthSources.counterOf?.(anyRequest),
    counter = found && createCountReader(found, mostLines, settings, session),
    probesSlowly = found?.probesSlowly === true,
    sampler = createSampleReader(mostLines, settings);
  let canCount = counter !== undefined;

  function readAll(request: ReadRequest, signal: AbortSignal): Promise<Result<ReadSummary>> {
    return healthSources.read(request, page => session.ingest(page), signal);
  }

  async function readRange(request: ReadRequest, range: TimeRange, signal: AbortSignal): Promise<Result<ReadSummary>> {
    const answer = await readAll({ ...request, ...range }, signal);
    if (!answer.ok) return answer;
    const { fromMs, toMs } = range,
      queries = answer.value.queries.map(query => ({ ...query, fromMs, toMs }));
    return succeed({ ...answer.value, queries });
  }

  /**
   * Undefined if counting was refused. Counts and lines are never compared with each other: once something was counted,
   * only counts are used.
   */
  async function count(reader: CountReader, request: ReadRequest, progress: Progress, signal: AbortSignal) {
    const { newFromMs, delayMs } = progress;
    const needed = probesSlowly ? succeed(true) : await reader.isNeeded(request, newFromMs, signal);
    if (needed.ok && !needed.value) return readAll(request, signal);
    const counted = needed.ok ? await reader.read(request, delayMs, signal) : needed;
    canCount = counted.ok || reader.hasCounted() || !refusals.has(counted.failure.kind);
    return canCount ? counted : undefined;
  }

  return {
    async read(request, progress, signal) {
      if (counter && canCount && !probesSlowly) {
        const counted = await count(counter, request, progress, signal);
        if (counted) return counted;
      }
      const { newFromMs, lagMs } = progress,
        read = (range: TimeRange) => readRange(request, range, signal);
      const tried = await sampler.tryOut(request, newFromMs, read);
      if (!tried.ok) return tried;
      const isBusy = sampler.facts() !== undefined,
        counted = counter && canCount && isBusy ? await count(counter, request, progress, signal) : undefined;
      const answer = counted ?? (await sampler.read(request, newFromMs, lagMs, read));
      return answer.ok ? succeed({ ...answer.value, queries: [...tried.value, ...answer.value.queries] }) : answer;
    },
    counted: () => (canCount ? counter?.facts() : undefined),
    sampled: () => (canCount ? undefined : sampler.facts()),
  };
}
