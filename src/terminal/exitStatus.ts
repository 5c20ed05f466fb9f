// The exit statuses. They never change, since scripts depend on them.
import type { FailureKind } from '../model/failure.ts';
import type { RunOutcome } from '../model/runs/runEvents.ts';
import type { Outcome } from '../model/evidence/verdict.ts';

export const exitStatus = { good: 0, bad: 1, held: 2, invalid: 3, cancelled: 130 } as const;

export function statusOfRun(outcome: RunOutcome | undefined): number {
  switch (outcome) {
    case 'promoted':
      return exitStatus.good;
    case 'rolled-back':
    case 'failed':
    case 'rejected':
      return exitStatus.bad;
    case 'held':
    case 'overtaken':
    case undefined:
      return exitStatus.held;
    case 'cancelled':
      return exitStatus.cancelled;
    default:
      return outcome satisfies never;
  }
}

export function statusOfVerdict(outcome: Outcome): number {
  return { pass: exitStatus.good, fail: exitStatus.bad, inconclusive: exitStatus.held }[outcome];
}

/** Nothing was done: the input was wrong, or something could not be measured. */
export function statusOfFailure(kind: FailureKind): number {
  switch (kind) {
    case 'unreachable':
    case 'timeout':
    case 'rate-limited':
    case 'bad-answer':
    case 'no-data':
    case 'overtaken':
    case 'unattended':
      return exitStatus.held;
    case 'hook-failed':
      return exitStatus.bad;
    case 'cancelled':
      return exitStatus.cancelled;
    case 'invalid':
    case 'refused':
    case 'unauthorized':
    case 'not-found':
    case 'store':
      return exitStatus.invalid;
    default:
      return kind satisfies never;
  }
}
