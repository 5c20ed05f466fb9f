// The input of a decision, and the decision itself: codes and numbers, no prose.
import type { FailureStrategy, Pipeline, Verification } from '../pipeline.ts';
import type { Decision } from './runEvents.ts';
import type { Reason, VerificationReport } from '../evidence/verdict.ts';

export interface Situation {
  /** Absent if the stage failed before a verification (a hook). */
  readonly report?: VerificationReport;
  readonly onFailure: FailureStrategy;
  /** Metrics can define the consequence of their own regressions. */
  readonly healthSources: Pipeline['healthSources'];
  readonly missingData: Verification['missingData'];
  /** A person asked to hold the canary. */
  readonly heldByPerson: boolean;
  /** The time to wait for a person, or for data, has passed. */
  readonly waitedOut: boolean;
}

export interface DecisionMade {
  readonly decision: Decision | 'ask';
  readonly reasons: readonly Reason[];
}
