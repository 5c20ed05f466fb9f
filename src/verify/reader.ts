// Reads one health source again and again, each time from where it was complete, and remembers what it could not read.
import type { AnalysisSession, Look } from '../model/evidence/analysis.ts';
import type { HealthSources, ReadRequest } from '../model/ports.ts';
import type { QueryRecord } from '../model/evidence/verdict.ts';
import type { VerificationTask } from '../model/evidence/verification.ts';
import { findBlur, namesOf, settingsOf } from './sides.ts';

export interface SourceReader {
  /** Joins the read that is under way, if there is one. Never rejects. */
  read(toMs: number, signal: AbortSignal): Promise<void>;
  /** Why its newest evidence is missing; undefined when it is all there. */
  missing(): string | undefined;
  partial(): Look['partial'][string] | undefined;
  clockAhead(): number | undefined;
  /** What was measured of its delay: so much is read again. */
  expectLag(lagMs: number): void;
  readonly name: string;
  /** Queries asked since the last call. */
  takeQueries(): readonly QueryRecord[];
}

/** A source that has been silent for long has nothing to read again. */
const longestLagMs = 600_000;

export function createReader(
  { settings }: VerificationTask,
  { source, connection }: VerificationTask['sources'][number],
  session: AnalysisSession,
  healthSources: HealthSources,
): SourceReader {
  const asked = settings.sources.find(one => one.name === source.name);
  const nodes = namesOf(asked ? settingsOf(settings, asked) : settings),
    blurred = asked && findBlur(asked, settings);
  let readToMs: number | undefined;
  let lagMs = source.delayMs;
  let clockAheadMs: number | undefined;
  let underWay: Promise<void> | undefined;
  let missing: string | undefined = 'It has not been read yet.';
  let partial: Look['partial'][string] | undefined;
  let queries: QueryRecord[] = [];

  async function readOnce(toMs: number, signal: AbortSignal): Promise<void> {
    if (blurred !== undefined) {
      missing = blurred;
      return;
    }
    // Late lines and the bucket under way are asked for again; what is read twice counts once.
    const fromMs =
      readToMs === undefined
        ? settings.beforeFromMs
        : Math.max(settings.beforeFromMs, readToMs - lagMs - settings.intervalMs);
    const request = { source, connection, nodes, fromMs, toMs, intervalMs: settings.intervalMs };
    const answer = await healthSources.read(request, page => session.ingest(page), signal);
    // What the vendor's answer held is for the log; a verdict wants one sentence and what to do.
    if (!answer.ok) {
      missing = [answer.failure.message, answer.failure.hint].filter(Boolean).join(' ');
      return;
    }
    missing = undefined;
    partial = answer.value.partial ?? partial;
    clockAheadMs = answer.value.clockAheadMs;
    queries.push(...answer.value.queries.map(query => ({ ...query, fromMs, toMs })));
    if (readToMs === undefined) await readDayBefore(request, signal);
    readToMs = toMs;
  }

  /** Where it cannot be read it is not there: the time before alone then says how much a metric moves. */
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
    read: (toMs, signal) =>
      (underWay ??= readOnce(toMs, signal).finally(() => {
        underWay = undefined;
      })),
    missing: () => (underWay && missing === undefined ? 'It has not answered yet.' : missing),
    partial: () => partial,
    clockAhead: () => clockAheadMs,
    expectLag(measuredMs) {
      lagMs = Math.max(source.delayMs, Math.min(longestLagMs, measuredMs));
    },
    takeQueries() {
      const taken = queries;
      queries = [];
      return taken;
    },
  };
}
