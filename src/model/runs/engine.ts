// What hosts and terminals can ask of the engine. Everything they show comes from run events and history.
import type { LogLine } from '../evidence/evidence.ts';
import type { Failure, Result } from '../failure.ts';
import type { Feedback, FeedbackMark } from '../evidence/feedback.ts';
import type { NamedValues, Pipeline, Sensitivity, Unattended } from '../pipeline.ts';
import type { DryRun, PlannedComparison, RunPlan } from './plan.ts';
import type { History, Pin } from '../history.ts';
import type { Problem } from '../problem.ts';
import type { Release } from '../release.ts';
import type { Instruction, Person, RunEvent } from './runEvents.ts';
import type { RunState } from './runState.ts';
import type { SourceCheck } from '../evidence/sourceCheck.ts';
import type { Check, LogsCheck, Outcome } from '../evidence/verdict.ts';

export interface Engine {
  /** A pipeline can have warnings; with an error there is no pipeline. */
  parse(text: string, file: string): { readonly pipeline?: Pipeline; readonly problems: readonly Problem[] };
  /** The pipeline with the identity of its service; `folder`: of its file, by default the workspace folder. */
  identify(pipeline: Pipeline, folder?: string): Pipeline;
  /**
   * Makes the releases of the repository that has deployed this pipeline's nodes so far available to this repository.
   */
  takeOver(pipeline: Pipeline): Promise<Result<{ readonly identity: string }>>;
  /** Its stages with their nodes and phases, as they would run. */
  layOut(pipeline: Pipeline): RunPlan;
  dryRun(request: StartRequest): Promise<Result<DryRun>>;
  /** Checks within a bounded time that everything the pipeline names exists; each result is reported at once. */
  checkSources(
    pipeline: Pipeline,
    onCheck: (check: SourceCheck) => void,
    signal: AbortSignal,
  ): Promise<readonly SourceCheck[]>;
  /** Shows what the verifications would compare, with a forecast from the time before now. */
  comparisons(pipeline: Pipeline): Promise<readonly PlannedComparison[]>;
  /**
   * Checks everything that can be checked, including the sources, then runs. A failure means that nothing was started.
   */
  start(request: StartRequest): Promise<Result<RunHandle>>;
  /**
   * Resumes a run whose process ended early. The run uses the pipeline in its journal; `today` is for what an older
   * Backstop did not journal, and differences are noted. `by` is the person who resumes it, not the one who started it.
   */
  resume(runId: string, today: Pipeline | undefined, by: Person, unattended?: Unattended): Promise<Result<RunHandle>>;
  /** Restores an environment's last working release, or `to`, as a run of its own. */
  rollBack(request: RollbackRequest): Promise<Result<RunHandle>>;
  /** Records the current release of an environment as working, and learns its log events. For the first deployment. */
  adopt(request: AdoptRequest): Promise<Result<Release>>;
  /** Sends an instruction to a run, whichever process runs it. */
  instruct(runId: string, instruction: Instruction): Promise<Result<void>>;
  /** Pins what the canary of a finished run showed in an environment as the baseline of later runs that ask for it. */
  pin(request: PinRequest): Promise<Result<Pin>>;
  unpin(request: PinRequest): Promise<Result<Pin>>;
  watch(observer: RunObserver): () => void;
  /** The feedback in the workspace folder's `.backstop/feedback.yaml`; the same list as long as it is unchanged. */
  feedback(): Result<readonly Feedback[]>;
  /** Writes a reviewer's mark of a log event into that file; a run in progress applies it at once. */
  mark(request: MarkRequest): Promise<Result<Feedback>>;
  /** Removes a mark; if this process made it, the file is restored byte for byte. */
  unmark(request: UnmarkRequest): Promise<Result<void>>;
  /**
   * The verdict that these checks would have with the feedback, as far as it can be determined without the log lines.
   */
  reconsider(checks: readonly Check[]): Outcome;
  /** Two sets of log lines, no pipeline. */
  compareLogs(request: CompareLogsRequest): Promise<Result<LogsCheck>>;
  /** The final group and template of every physical line of a file, in order. The chunks may have any length. */
  groupLines(chunks: AsyncIterable<Uint8Array>): Promise<Result<GroupedLines>>;
  readonly history: History;
  /** Runs in progress are left to be resumed; their hooks continue. */
  close(): Promise<void>;
}

export interface PinRequest {
  /** An id or a number. */
  readonly runId: string;
  /** Absent: the only environment in which the run was verified. */
  readonly environment?: string;
  readonly by: Person;
}

export interface MarkRequest {
  readonly runId: string;
  readonly cluster: Pick<Feedback, 'key' | 'template'>;
  readonly mark: FeedbackMark;
  readonly reason: string;
  readonly by: Person;
}
export type UnmarkRequest = Pick<MarkRequest, 'runId' | 'cluster' | 'by'>;

export interface StartRequest {
  readonly pipeline: Pipeline;
  readonly inputs: Readonly<Record<string, string>>;
  /** Absent: the newest successful build, where the artifact comes from a build server. */
  readonly version?: string;
  readonly by: Person;
  /** Approvals given in advance by the person who starts the run, if the pipeline allows it. */
  readonly approve?: boolean;
  /** Repeats a failed run from this stage on; earlier stages keep their outcome. */
  readonly from?: { readonly stage: string; readonly runId: string };
}
export interface RollbackRequest {
  readonly pipeline: Pipeline;
  readonly environment: string;
  readonly to?: string;
  readonly by: Person;
}
export interface AdoptRequest {
  readonly pipeline: Pipeline;
  readonly environment: string;
  readonly version: string;
  readonly by: Person;
  /** True if the check hook is not called, so that the record relies on one person's statement. */
  readonly unchecked?: boolean;
}
export interface RunHandle {
  readonly runId: string;
  readonly number: number;
  readonly done: Promise<RunState>;
  /** Present if another process has resumed the run; this process has changed nothing since. */
  lost(): Failure | undefined;
}
export interface RunObserver {
  onEvent?(runId: string, event: RunEvent, state: RunState): void;
  onOutput?(runId: string, callKey: string, stream: 'out' | 'err', text: string): void;
}
export interface CompareLogsRequest {
  readonly baseline: AsyncIterable<readonly LogLine[]>;
  readonly canary: AsyncIterable<readonly LogLine[]>;
  readonly sensitivity: Sensitivity;
  /** Values in log lines that matter or never matter; absent if none are named. */
  readonly values?: NamedValues;
  /** Canary traffic over baseline traffic. */
  readonly trafficRatio: number;
}
export interface GroupedLines {
  /** The group of line i (from 0). */
  readonly groups: ArrayLike<number>;
  /** Template of each group. */
  readonly templates: readonly string[];
}
