// One verification, as run requests it and verify carries it out; engine.ts connects them.
import type { AnalysisSettings, Looked } from './analysis.ts';
import type { LearnedEvents } from './evidence.ts';
import type { Result } from '../failure.ts';
import type { Connection } from '../pipeline.ts';
import type { HealthSource } from '../healthSource.ts';
import type { Feedback } from './feedback.ts';
import type { VerificationPurpose } from '../runs/runEvents.ts';
import type { QueryRecord, VerificationReport } from './verdict.ts';

export interface VerificationTask {
  readonly settings: AnalysisSettings;
  readonly sources: readonly { readonly source: HealthSource; readonly connection: Connection }[];
  /** Input for measurements; required if a source is one. */
  readonly measured?: Measured;
  /** The current feedback, read before every evaluation; the same list means that nothing changed. */
  readonly feedback: () => readonly Feedback[];
  /** Called after every evaluation; `over`: the window and the delay of the sources have passed. */
  readonly onLook: (look: VerificationLook) => void;
}

/** Nodes and their versions, as passed to a program that measures them. */
export interface Measured {
  readonly environment: string;
  readonly stage: string;
  readonly phase: number;
  readonly purpose: VerificationPurpose;
  /** What the nodes run; absent: unknown. */
  readonly version?: string;
  /** The version of the other nodes, or of the release before. */
  readonly otherVersion?: string;
  readonly nodes: readonly string[];
  readonly otherNodes: readonly string[];
  readonly sinceMs: number;
}

export interface VerificationLook {
  /** Bounded. */
  readonly report: VerificationReport;
  /** The full checks, if the analysis worked. */
  readonly pages?: Looked['pages'];
  readonly queries: readonly QueryRecord[];
  readonly over: boolean;
}

export type StartVerification = (task: VerificationTask, signal: AbortSignal) => Promise<Result<RunningVerification>>;

/** Evaluates at intervals until `stop` or `finish`, or until the signal aborts; `finish` must be called. */
export interface RunningVerification {
  /** Evaluates now instead of at the next interval, because a reviewer gave feedback. */
  lookNow(): void;
  /**
   * Call it when the decision is made: there are no more evaluations, and later events, such as nodes restarting, do
   * not count.
   */
  stop(): void;
  /** Ends with a last evaluation, so that late evidence is in the report; `learn` if the deployment was good. */
  finish(options: {
    readonly learn: boolean;
    /** Whether the canary's evidence is needed. */ readonly keep?: boolean;
  }): Promise<FinishedVerification>;
}

export interface FinishedVerification {
  readonly report: VerificationReport;
  /** By log source; only available after a good deployment. */
  readonly learned?: Result<Readonly<Record<string, LearnedEvents>>>;
  /** In the form of EarlierRun in model/evidence/analysis.ts. */
  readonly kept?: Result<Uint8Array>;
}
