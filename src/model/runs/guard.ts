// The task of a run's guardian, and the ways in which it ends.
import type { Failure } from '../failure.ts';
import type { Unattended } from '../pipeline.ts';
import type { History } from '../history.ts';

export interface GuardTask {
  readonly runId: string;
  readonly unattended: Unattended;
  /**
   * Resumes the run. Resolves when this process no longer runs it; a failure means that the run could not be resumed.
   */
  readonly act: () => Promise<Failure | undefined>;
  readonly signal: AbortSignal;
}

/**
 * `ended`: the run has ended. `guarded`: another process guards it, or this one was told to stop. `safe`: no process
 * runs it, and nothing is at stake. `failed`: it could not be resumed. `lost`: the store is gone or cannot be read.
 */
export type GuardEnd =
  { readonly kind: 'ended' | 'guarded' | 'safe' } | { readonly kind: 'failed' | 'lost'; readonly failure: Failure };

/** The ports that a guardian needs, without an engine. */
export interface GuardPost {
  readonly history: History;
  guard(task: GuardTask): Promise<GuardEnd>;
  close(): void;
}
