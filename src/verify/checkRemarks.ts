// Adds remarks to a check: late or silent data, a corrected clock, and evidence that could not be read. Redacts
// secrets.
import type { Look } from '../model/evidence/analysis.ts';
import type { Check, ComparedCheck, MeasurementCheck, Reason } from '../model/evidence/verdict.ts';
import type { Measured } from './freshness.ts';
import { withSilence } from './silence.ts';

/** Adds to the check how late its source is, by how much its clock was corrected, and which nodes are silent. */
export function withTiming<Checked extends ComparedCheck>(
  check: Checked,
  expectedMs: number,
  { isLate, silence, ...timing }: Measured,
  { clockAhead, untilMs }: Look,
): Checked {
  const aheadMs = clockAhead?.[check.source];
  const reasons: Reason[] = [
    ...(isLate
      ? [{ code: 'late' as const, values: { source: check.source, delayMs: timing.delayMs, expectedMs } }]
      : []),
    ...(aheadMs ? [{ code: 'clock-skew' as const, values: { source: check.source, aheadMs } }] : []),
  ];
  const told = {
    ...check,
    reasons: [...check.reasons, ...reasons],
    timing: { ...timing, ...(aheadMs && { clockAheadMs: aheadMs }) },
  };
  // Silence does not matter while nodes are rolled back.
  return silence && untilMs === undefined ? withSilence(told, silence) : told;
}

/** Log text is stored and displayed, so secrets that a line may contain are removed. */
export function redactCheck(check: Check, redact: (text: string) => string): Check {
  if (check.kind === 'measurement') return redactMeasurement(check, redact);
  if (check.kind !== 'logs') return check;
  const redactAll = (texts: readonly string[]): string[] => texts.map(redact);
  return {
    ...check,
    reasons: check.reasons.map(reason =>
      typeof reason.values['template'] === 'string'
        ? { ...reason, values: { ...reason.values, template: redact(reason.values['template']) } }
        : reason,
    ),
    clusters: check.clusters.map(({ nearest, ...cluster }) => ({
      ...cluster,
      template: redact(cluster.template),
      samples: { canary: redactAll(cluster.samples.canary), baseline: redactAll(cluster.samples.baseline) },
      ...(nearest && {
        nearest: {
          ...nearest,
          template: redact(nearest.template),
          removed: redactAll(nearest.removed ?? []),
          inserted: redactAll(nearest.inserted ?? []),
        },
      }),
    })),
  };
}

function redactMeasurement(check: MeasurementCheck, redact: (text: string) => string): MeasurementCheck {
  return {
    ...check,
    reasons: check.reasons.map(({ code, values }) => ({
      code,
      values: typeof values['why'] === 'string' ? { ...values, why: redact(values['why']) } : values,
    })),
    answers: check.answers.map(answer => ({ ...answer, why: redact(answer.why) })),
  };
}

/**
 * A check with evidence that could not be read, or was cut by a limit, never passes. It can still fail with the rest.
 */
export function withLimits(check: Check, { unread, partial }: Look): Check {
  const why = unread[check.source],
    cut = partial[check.source];
  const limits: Reason[] = [
    ...(why === undefined ? [] : [{ code: 'could-not-read' as const, values: { source: check.source, failure: why } }]),
    ...(cut === undefined ? [] : [{ code: 'partial' as const, values: { source: check.source, ...cut } }]),
  ];
  if (limits.length === 0) return check;
  return {
    ...check,
    reasons: [...limits, ...check.reasons],
    outcome: check.outcome === 'pass' ? 'inconclusive' : check.outcome,
    neededMs: null,
  };
}
