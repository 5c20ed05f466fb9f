// What hosts and terminals may ask of the engine. Everything they show, they derive from run events and history.
import type { LogLine } from '../evidence/evidence.ts';
import type { Failure, Result } from '../failure.ts';
import type { Feedback, FeedbackMark } from '../evidence/feedback.ts';
import type { RunPlan } from './plan.ts';
import type { Pipeline, Sensitivity, Unattended } from '../pipeline.ts';
import type { DryRun } from './plan.ts';
import type { History, Pin } from '../ports.ts';
import type { Problem } from '../problem.ts';
import type { Release } from '../release.ts';
import type { Instruction, Person, RunEvent } from './runEvents.ts';
import type { RunState } from './runState.ts';
import type { SourceCheck } from '../evidence/sourceCheck.ts';
import type { Check, LogsCheck, Outcome } from '../evidence/verdict.ts';

export interface Engine {
  /** Warnings may come with a pipeline; with an error there is none. */
  parse(text: string, file: string): { readonly pipeline?: Pipeline; readonly problems: readonly Problem[] };
  /** Its stages with their nodes and phases, as they would run. */
  layOut(pipeline: Pipeline): RunPlan;
  dryRun(request: StartRequest): Promise<Result<DryRun>>;
  /** Whether what the pipeline names outside of itself exists, within a bounded time; each check is told as soon as it is there. */
  checkSources(
    pipeline: Pipeline,
    onCheck: (check: SourceCheck) => void,
    signal: AbortSignal,
  ): Promise<readonly SourceCheck[]>;
  /** Checks everything that can be checked, its sources too, then runs. A failure here means that nothing was started. */
  start(request: StartRequest): Promise<Result<RunHandle>>;
  /** Takes up a run whose process ended in the middle. It goes by the pipeline that it began with; `today` is for what an older Backstop did not journal, and what differs is noted. `by` is who does, and not who started it. `unattended`: nobody does, and this is what is done about it. */
  resume(runId: string, today: Pipeline | undefined, by: Person, unattended?: Unattended): Promise<Result<RunHandle>>;
  /** Brings an environment back to its last working release, or to `to`. A run of its own. */
  rollBack(request: RollbackRequest): Promise<Result<RunHandle>>;
  /** Records what an environment runs now as a working release, and learns its log events. For the first deployment ever. */
  adopt(request: AdoptRequest): Promise<Result<Release>>;
  /** Tells a run something, whichever process runs it. */
  instruct(runId: string, instruction: Instruction): Result<void>;
  /** What the canary of a finished run showed in an environment is what later runs of the pipeline are compared with there, where their verification says so. */
  pin(request: PinRequest): Result<Pin>;
  unpin(request: PinRequest): Result<Pin>;
  watch(observer: RunObserver): () => void;
  /** What reviewers said, as the workspace folder's `.backstop/feedback.yaml` has it now; the same list as long as it is the same. */
  feedback(): Result<readonly Feedback[]>;
  /** Writes what a reviewer says of a log event into that file; a run that goes on heeds it at once. */
  mark(request: MarkRequest): Result<Feedback>;
  /** Takes it back; what a mark of this process changed becomes what it was, byte for byte. */
  unmark(request: UnmarkRequest): Result<void>;
  /** What the verdict of these checks would be with what reviewers said, as far as that can be known without the lines. */
  reconsider(checks: readonly Check[]): Outcome;
  /** Two sets of log lines, no pipeline. */
  compareLogs(request: CompareLogsRequest): Promise<Result<LogsCheck>>;
  /** The final group and template of every physical line of a file's bytes, in order. The chunks may be cut anywhere. */
  groupLines(chunks: AsyncIterable<Uint8Array>): Promise<Result<GroupedLines>>;
  readonly history: History;
  /** Running runs are left as they are, to be resumed; hooks go on. */
  close(): Promise<void>;
}

export interface PinRequest {
  /** Id or number. */
  readonly runId: string;
  /** Absent: the only one in which the run was verified. */
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
  /** Absent: the newest successful build, where the artifact comes from Jenkins. */
  readonly version?: string;
  readonly by: Person;
  /** Approvals given in advance, by the one who starts the run, where the pipeline allows it. */
  readonly approve?: boolean;
  /** Repeat a failed run from this stage on; stages before it keep their outcome. */
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
  /** Not asked of the check hook: what is recorded is one person's word. */
  readonly unchecked?: boolean;
}
export interface RunHandle {
  readonly runId: string;
  readonly number: number;
  readonly done: Promise<RunState>;
  /** Another process has gone on with it: this one has touched nothing since. */
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
  /** Canary traffic over baseline traffic. */
  readonly trafficRatio: number;
}
export interface GroupedLines {
  /** Group of line i (from 0). */
  readonly groups: ArrayLike<number>;
  /** Template of each group. */
  readonly templates: readonly string[];
}
