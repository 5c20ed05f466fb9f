// What the decision is made from, and what it is: codes and numbers, not prose.
import type { FailureStrategy, Verification } from '../pipeline.ts';
import type { Decision } from './runEvents.ts';
import type { Reason, VerificationReport } from '../evidence/verdict.ts';

export interface Situation {
  /** Absent when the stage failed before anything was verified (a hook). */
  readonly report?: VerificationReport;
  readonly onFailure: FailureStrategy;
  readonly missingData: Verification['missingData'];
  /** A person asked to hold the canary where it is. */
  readonly heldByPerson: boolean;
  /** The time to wait for a person, or for data, is over. */
  readonly waitedOut: boolean;
}

export interface DecisionMade {
  readonly decision: Decision | 'ask';
  readonly reasons: readonly Reason[];
}
