// One verification as run asks for it and verify carries it out; engine.ts introduces them.
import type { AnalysisSettings } from './analysis.ts';
import type { LearnedEvents } from './evidence.ts';
import type { Result } from './failure.ts';
import type { Connection, HealthSource } from './pipeline.ts';
import type { QueryRecord, VerificationReport } from './verdict.ts';

export interface VerificationTask {
  readonly settings: AnalysisSettings;
  readonly sources: readonly { readonly source: HealthSource; readonly connection: Connection }[];
  /** Called after every look; `over`: the window, and the delay of the sources' answers, have passed. */
  readonly onLook: (report: VerificationReport, queries: readonly QueryRecord[], over: boolean) => void;
}

export type StartVerification = (task: VerificationTask, signal: AbortSignal) => Promise<Result<RunningVerification>>;

/** Looks at intervals until `finish`, which must be called, or until the signal aborts. */
export interface RunningVerification {
  /** Ends with a last look, so that what came in since the decision is in the report; `learn` when the deployment was good. */
  finish(options: { readonly learn: boolean }): Promise<FinishedVerification>;
}

export interface FinishedVerification {
  readonly report: VerificationReport;
  /** Per log source; asked for only after a good deployment. */
  readonly learned?: Result<Readonly<Record<string, LearnedEvents>>>;
}
