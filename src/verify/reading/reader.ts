// Reads one health source repeatedly, each time from where it was complete, and remembers what could not be read.
import type { AnalysisSession, Look, ReadSummary } from '../../model/evidence/analysis.ts';
import type { Failure, Result } from '../../model/failure.ts';
import type { HealthSources, ReadRequest } from '../../model/ports.ts';
import type { QueryRecord } from '../../model/evidence/verdict.ts';
import type { VerificationTask } from '../../model/evidence/verification.ts';
import { createLineReader, type LineReader } from './readLines.ts';
import { findBlur, namesOf, settingsOf } from '../sides.ts';

export interface SourceReader {
  /** Joins the read in progress, if there is one. A source that counts does so until `untilMs`. Never rejects. */
  read(toMs: number, signal: AbortSignal, untilMs?: number): Promise<void>;
  /** The reason why its newest evidence is missing; undefined if it is complete. */
  missing(): string | undefined;
  partial(): Look['partial'][string] | undefined;
  clockAhead(): number | undefined;
  counted(): NonNullable<Look['counted']>[string] | undefined;
  sampled(): NonNullable<Look['sampled']>[string] | undefined;
  /** Passes the measured delay: this much is read again, and of counted lines, the last `delayMs` are left out. */
  expectLag(lagMs: number, delayMs: number): void;
  readonly name: string;
  /** A measurement describes the current moment, so it is not called after the decision. */
  readonly isMeasurement: boolean;
  /** The queries since the last call. */
  takeQueries(): readonly QueryRecord[];
}

/** A source that has been silent for this long has nothing to read again. */
const longestLagMs = 600_000;

export function createReader(
  { settings, measured }: VerificationTask,
  { source, connection }: VerificationTask['sources'][number],
  session: AnalysisSession,
  healthSources: HealthSources,
): SourceReader {
  const asked = settings.sources.find(one => one.name === source.name);
  const nodes = namesOf(asked ? settingsOf(settings, asked) : settings),
    blurred = asked && findBlur(asked, settings);
  const lines = findLines();
  let readToMs: number | undefined;
  let lagMs = source.delayMs,
    delayMs = source.delayMs;
  let clockAheadMs: number | undefined;
  let underWay: Promise<void> | undefined;
  // The check of a measurement itself says that an answer is missing.
  let missing: string | undefined = source.kind === 'measurement' ? undefined : 'It has not been read yet.';
  let partial: Look['partial'][string] | undefined;
  let queries: QueryRecord[] = [];

  /**
   * A source with few lines is read, not counted. So is one with watched values, which counting by words would ignore.
   */
  function findLines(): LineReader | undefined {
    if (source.kind !== 'logs' || source.mostLines === undefined || settings.values?.watch.length) return undefined;
    const request = { source, connection, nodes, fromMs: 0, toMs: 0, intervalMs: settings.intervalMs };
    return createLineReader(request, source.mostLines, settings, session, healthSources);
  }

  function readNew(request: ReadRequest, signal: AbortSignal, untilMs: number): Promise<Result<ReadSummary>> {
    if (!lines) return healthSources.read(request, page => session.ingest(page), signal);
    const progress = {
      newFromMs: readToMs ?? request.fromMs,
      lagMs,
      delayMs: Math.max(delayMs, request.toMs - untilMs),
    };
    return lines.read(request, progress, signal);
  }

  async function readOnce(toMs: number, signal: AbortSignal, untilMs: number): Promise<void> {
    if (blurred !== undefined) {
      missing = blurred;
      return;
    }
    if (source.kind === 'measurement') return ask(toMs, signal);
    // Late lines and the current bucket are read again; what is read twice counts once.
    const fromMs =
      readToMs === undefined
        ? settings.beforeFromMs
        : Math.max(settings.beforeFromMs, readToMs - lagMs - settings.intervalMs);
    const request = { source, connection, nodes, fromMs, toMs, intervalMs: settings.intervalMs };
    const answer = await readNew(request, signal, untilMs);
    if (!answer.ok) {
      missing = describeUnread(answer.failure);
      return;
    }
    missing = undefined;
    partial = answer.value.partial ?? partial;
    clockAheadMs = answer.value.clockAheadMs;
    queries.push(...answer.value.queries.map(query => ({ fromMs, toMs, ...query })));
    if (readToMs === undefined) await readDayBefore(request, signal);
    readToMs = toMs;
  }

  /** Starts at the canary, because it measures the canary's own time. If it was stopped, it keeps its latest answer. */
  async function ask(toMs: number, signal: AbortSignal): Promise<void> {
    const isDone = source.kind === 'measurement' && source.ask === 'once-per-phase' && readToMs !== undefined;
    if (isDone || signal.aborted || toMs < settings.canarySinceMs) return;
    const { canarySinceMs: fromMs, intervalMs } = settings;
    const request = { source, connection, nodes, fromMs, toMs, intervalMs, ...(measured && { measured }) };
    const answer = await healthSources.read(request, page => session.ingest(page), signal);
    if (answer.ok) {
      missing = undefined;
      queries.push(...answer.value.queries);
      readToMs = toMs;
    } else if (!signal.aborted) missing = describeUnread(answer.failure);
  }

  /** If it cannot be read, it counts as missing; only the time before then shows how much a metric moves. */
  async function readDayBefore(request: ReadRequest, signal: AbortSignal): Promise<void> {
    if (source.kind !== 'metrics' || !settings.dayBefore) return;
    const answer = await healthSources.read(
      { ...request, ...settings.dayBefore },
      page => session.ingest(page),
      signal,
    );
    const { fromMs, toMs } = settings.dayBefore;
    if (answer.ok) queries.push(...answer.value.queries.map(query => ({ ...query, fromMs, toMs })));
  }

  return {
    name: source.name,
    isMeasurement: source.kind === 'measurement',
    read: (toMs, signal, untilMs = Infinity) =>
      (underWay ??= readOnce(toMs, signal, untilMs).finally(() => {
        underWay = undefined;
      })),
    missing: () =>
      underWay && missing === undefined && source.kind !== 'measurement' ? 'It has not answered yet.' : missing,
    partial: () => partial,
    clockAhead: () => clockAheadMs,
    counted: () => lines?.counted(),
    sampled: () => lines?.sampled(),
    expectLag(measuredMs, completeMs) {
      lagMs = Math.max(source.delayMs, Math.min(longestLagMs, measuredMs));
      delayMs = Math.max(source.delayMs, Math.min(longestLagMs, completeMs));
    },
    takeQueries() {
      const taken = queries;
      queries = [];
      return taken;
    },
  };
}

/** The vendor's response is for the log; the verdict needs one sentence and what to do. */
function describeUnread({ message, hint }: Failure): string {
  return [message, hint].filter(Boolean).join(' ');
}
