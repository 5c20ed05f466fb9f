// What whoever guards a run is told, and how that ends.
import type { Failure } from '../failure.ts';
import type { Unattended } from '../pipeline.ts';
import type { History } from '../history.ts';

export interface GuardTask {
  readonly runId: string;
  readonly unattended: Unattended;
  /**
   * Resumes the run, and comes back when this process has nothing more to do with it; a failure: it could not be
   * resumed.
   */
  readonly act: () => Promise<Failure | undefined>;
  readonly signal: AbortSignal;
}

/**
 * `ended`: the run has. `guarded`: another process guards it, or somebody told this one to stop. `safe`: nobody runs
 * it, and nothing of it is at stake. `failed`: it could not be resumed; `lost`: the store is gone or cannot be read.
 */
export type GuardEnd =
  { readonly kind: 'ended' | 'guarded' | 'safe' } | { readonly kind: 'failed' | 'lost'; readonly failure: Failure };

/** What guarding needs, without an engine. */
export interface GuardPost {
  readonly history: History;
  guard(task: GuardTask): Promise<GuardEnd>;
  close(): void;
}
