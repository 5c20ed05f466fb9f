// A check's evidence over the evaluations against its threshold: when it became certain, and when it would at this
// pace.
import type { VerificationState } from '../../model/runs/runState.ts';
import type { RunEvent } from '../../model/runs/runEvents.ts';
import type { ComparedCheck } from '../../model/evidence/verdict.ts';

export interface EvidenceSnapshot {
  /** One point for each evaluation, oldest first; the evidence is an e-value. */
  readonly looks: readonly { readonly atMs: number; readonly evidence: number }[];
  readonly threshold: number;
  /** The time at which the evidence first reached the threshold. */
  readonly sureAtMs?: number;
  /** The time at which it will reach the threshold at its latest pace; only while the verification runs. */
  readonly sureByMs?: number;
  readonly fromMs: number;
  /** The end of the verification. */
  readonly toMs?: number;
}

const mostLooks = 240,
  paceLooks = 4,
  leastEvidence = 1,
  farthestMs = 3_600_000;

export function snapshotEvidence(
  check: ComparedCheck,
  { key, sinceMs, durationMs, status }: VerificationState,
  events: readonly RunEvent[],
): EvidenceSnapshot {
  const looks = events.flatMap(event => {
    if ((event.type !== 'looked' && event.type !== 'verification-finished') || event.key !== key) return [];
    const found = event.report.checks.find(one => one.source === check.source && one.name === check.name);
    return found && found.kind !== 'measurement' ? [{ atMs: event.report.lookedAtMs, evidence: found.evidence }] : [];
  });
  const sureAtMs = looks.find(look => look.evidence >= check.threshold)?.atMs;
  const sureByMs = status === 'running' ? paceOf(looks, check.threshold) : undefined;
  return {
    looks: thin(looks),
    threshold: check.threshold,
    fromMs: Math.min(sinceMs, looks[0]?.atMs ?? sinceMs),
    ...(durationMs !== undefined && { toMs: sinceMs + durationMs }),
    ...(sureAtMs !== undefined && { sureAtMs }),
    ...(sureByMs !== undefined && { sureByMs }),
  };
}

function paceOf(looks: EvidenceSnapshot['looks'], threshold: number): number | undefined {
  const last = looks.at(-1),
    earlier = looks.at(-paceLooks) ?? looks[0];
  if (
    !last ||
    !earlier ||
    last.evidence >= threshold ||
    last.evidence <= leastEvidence ||
    last.evidence <= earlier.evidence
  )
    return undefined;
  const leftMs = ((threshold - last.evidence) * (last.atMs - earlier.atMs)) / (last.evidence - earlier.evidence);
  return leftMs > farthestMs ? undefined : last.atMs + leftMs;
}

/** Evaluations beyond the limit are thinned evenly; the first and the last are always kept. */
function thin(looks: EvidenceSnapshot['looks']): EvidenceSnapshot['looks'] {
  const step = Math.max(1, Math.ceil(looks.length / mostLooks));
  return looks.filter((_look, index) => index % step === 0 || index === looks.length - 1);
}
