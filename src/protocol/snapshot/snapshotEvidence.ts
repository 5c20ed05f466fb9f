// A check's evidence from look to look against its threshold: when it became sure, how near it is, and when it will be
// if it goes on so.
import type { VerificationState } from '../../model/runs/runState.ts';
import type { RunEvent } from '../../model/runs/runEvents.ts';
import type { Check } from '../../model/evidence/verdict.ts';

export interface EvidenceSnapshot {
  /** One point per look, oldest first; evidence as an e-value. */
  readonly looks: readonly { readonly atMs: number; readonly evidence: number }[];
  readonly threshold: number;
  /** When it first reached the threshold. */
  readonly sureAtMs?: number;
  /** When it will, at the pace of the last looks; only while it looks. */
  readonly sureByMs?: number;
  readonly fromMs: number;
  /** When it looks no more. */
  readonly toMs?: number;
}

const mostLooks = 240,
  paceLooks = 4,
  leastEvidence = 1,
  farthestMs = 3_600_000;

export function snapshotEvidence(
  check: Check,
  { key, sinceMs, durationMs, status }: VerificationState,
  events: readonly RunEvent[],
): EvidenceSnapshot {
  const looks = events.flatMap(event => {
    if ((event.type !== 'looked' && event.type !== 'verification-finished') || event.key !== key) return [];
    const found = event.report.checks.find(one => one.source === check.source && one.name === check.name);
    return found ? [{ atMs: event.report.lookedAtMs, evidence: found.evidence }] : [];
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

/** Looks beyond the bound are thinned evenly; the first and the last always stay. */
function thin(looks: EvidenceSnapshot['looks']): EvidenceSnapshot['looks'] {
  const step = Math.max(1, Math.ceil(looks.length / mostLooks));
  return looks.filter((_look, index) => index % step === 0 || index === looks.length - 1);
}
