// Rules for an evaluation: whether a source was read, when a check may pass, and the outcome so far.
import type { AnalysisSettings, Look } from '../model/evidence/analysis.ts';
import { combineOutcomes, type Check, type Outcome } from '../model/evidence/verdict.ts';

/** A single check may be shown as passed after half of the window, or when the whole verification may pass. */
export function leastMs({ durationMs, passAfterMs = Infinity }: AnalysisSettings): number {
  return Math.min(durationMs / 2, passAfterMs);
}

/** The verification passes only at its end, unless it may pass early; it fails at once. */
export function outcomeSoFar(
  checks: readonly Check[],
  { passAfterMs = Infinity, canarySinceMs, sources }: AnalysisSettings,
  { final, atMs }: Look,
): Outcome {
  const outcome = combineOutcomes(checks.map(check => check.outcome));
  const mayPass = final || atMs >= canarySinceMs + passAfterMs + Math.max(0, ...sources.map(source => source.delayMs));
  return outcome === 'pass' && !mayPass ? 'inconclusive' : outcome;
}

export function isRead(source: string, { unread }: Look): boolean {
  return unread[source] === undefined;
}
