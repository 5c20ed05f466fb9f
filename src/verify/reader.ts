// Reads one health source again and again, each time from where it was complete, and remembers what it could not read.
import type { AnalysisSession, Look } from '../model/analysis.ts';
import type { HealthSources } from '../model/ports.ts';
import type { QueryRecord } from '../model/verdict.ts';
import type { VerificationTask } from '../model/verification.ts';
import { findBlur, namesOf, settingsOf } from './sides.ts';

export interface SourceReader {
  /** Joins the read that is under way, if there is one. Never rejects. */
  read(toMs: number, signal: AbortSignal): Promise<void>;
  /** Why its newest evidence is missing; undefined when it is all there. */
  missing(): string | undefined;
  partial(): Look['partial'][string] | undefined;
  readonly name: string;
  /** Queries asked since the last call. */
  takeQueries(): readonly QueryRecord[];
}

export function createReader(
  { settings }: VerificationTask, { source, connection }: VerificationTask['sources'][number], session: AnalysisSession, healthSources: HealthSources,
): SourceReader {
  const asked = settings.sources.find(one => one.name === source.name);
  const nodes = namesOf(asked ? settingsOf(settings, asked) : settings), blurred = asked && findBlur(asked);
  let completeToMs = settings.beforeFromMs;
  let underWay: Promise<void> | undefined;
  let missing: string | undefined = 'It has not been read yet.';
  let partial: Look['partial'][string] | undefined;
  let queries: QueryRecord[] = [];

  async function readOnce(toMs: number, signal: AbortSignal): Promise<void> {
    if (blurred !== undefined) { missing = blurred; return; }
    const request = { source, connection, nodes, fromMs: completeToMs, toMs, intervalMs: settings.intervalMs };
    const answer = await healthSources.read(request, page => session.ingest(page), signal);
    // What the vendor's answer held is for the log; a verdict wants one sentence and what to do.
    if (!answer.ok) { missing = [answer.failure.message, answer.failure.hint].filter(Boolean).join(' '); return; }
    missing = undefined;
    partial = answer.value.partial ?? partial;
    queries.push(...answer.value.queries);
    // Late lines and the bucket under way are asked for again; what is read twice counts once.
    completeToMs = Math.max(settings.beforeFromMs, toMs - source.delayMs - settings.intervalMs);
  }

  return {
    name: source.name,
    read: (toMs, signal) => underWay ??= readOnce(toMs, signal).finally(() => { underWay = undefined; }),
    missing: () => underWay && missing === undefined ? 'It has not answered yet.' : missing,
    partial: () => partial,
    takeQueries() { const taken = queries; queries = []; return taken; },
  };
}
