// One verification as run asks for it and verify carries it out; engine.ts introduces them.
import type { AnalysisSettings, Looked } from './analysis.ts';
import type { LearnedEvents } from './evidence.ts';
import type { Result } from '../failure.ts';
import type { Connection, HealthSource } from '../pipeline.ts';
import type { Feedback } from './feedback.ts';
import type { QueryRecord, VerificationReport } from './verdict.ts';

export interface VerificationTask {
  readonly settings: AnalysisSettings;
  readonly sources: readonly { readonly source: HealthSource; readonly connection: Connection }[];
  /** What reviewers said, as it is now: asked before every look; the same list means that nothing changed. */
  readonly feedback: () => readonly Feedback[];
  /** Called after every look; `over`: the window, and the delay of the sources' answers, have passed. */
  readonly onLook: (look: VerificationLook) => void;
}

export interface VerificationLook {
  /** Bounded. */
  readonly report: VerificationReport;
  /** The whole checks, where the analysis could be made. */
  readonly pages?: Looked['pages'];
  readonly queries: readonly QueryRecord[];
  readonly over: boolean;
}

export type StartVerification = (task: VerificationTask, signal: AbortSignal) => Promise<Result<RunningVerification>>;

/** Looks at intervals until `stop` or `finish`, or until the signal aborts; `finish` must be called. */
export interface RunningVerification {
  /** Looks at once instead of at the next interval: a reviewer said something. */
  lookNow(): void;
  /** It is decided: no more looks, and what happens from now on (nodes that restart) is no evidence any more. */
  stop(): void;
  /** Ends with a last look, so that what arrived late is in the report; `learn` when the deployment was good. */
  finish(options: {
    readonly learn: boolean;
    /** What the canary showed is wanted too. */ readonly keep?: boolean;
  }): Promise<FinishedVerification>;
}

export interface FinishedVerification {
  readonly report: VerificationReport;
  /** Per log source; asked for only after a good deployment. */
  readonly learned?: Result<Readonly<Record<string, LearnedEvents>>>;
  /** As EarlierRun of model/analysis.ts wants it. */
  readonly kept?: Result<Uint8Array>;
}
