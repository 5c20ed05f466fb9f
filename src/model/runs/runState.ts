// The state of a run, reduced from its events: the basis of trees, panels, reports and the terminal.
import type { Failure } from '../failure.ts';
import type { Artifact, Release, ReleaseDifference } from '../release.ts';
import type { InputValues, Unattended } from '../pipeline.ts';
import type {
  Decision,
  HookPurpose,
  Instruction,
  Person,
  Question,
  RollbackProof,
  RunEvent,
  RunOutcome,
  StageOutcome,
  VerificationPurpose,
} from './runEvents.ts';
import { changesNodes } from './runEvents.ts';
import type { QueryRecord, Reason, VerificationReport } from '../evidence/verdict.ts';

export interface RunState {
  readonly runId: string;
  readonly pipeline: string;
  readonly file: string;
  readonly service: string;
  readonly identity?: string;
  readonly by: Person;
  readonly artifact: Artifact;
  readonly release: Release;
  readonly inputs: InputValues;
  readonly startedAtMs: number;
  readonly finishedAtMs?: number;
  /** The time of the last event, if its process has ended early. It is not in the events: readers check the process. */
  readonly interruptedAtMs?: number;
  /** The time at which its guardian acts, unless someone continues the run. Not part of its events either. */
  readonly guard?: { readonly act: Unattended['act']; readonly dueAtMs: number };
  readonly outcome?: RunOutcome;
  readonly failure?: Failure;
  /** Its history broke: the run stopped and has not ended. No event says so, since none could be written. */
  readonly stopped?: Failure;
  readonly groups: readonly (readonly StageState[])[];
  readonly questions: readonly QuestionState[];
  readonly cancelledBy?: Person;
  /** Failures that did not change the outcome, such as a marker that could not be placed. */
  readonly notes: readonly Failure[];
  readonly lastSeq: number;
}

export interface StageState {
  readonly name: string;
  readonly environment?: string;
  readonly status: 'pending' | 'queued' | 'running' | StageOutcome;
  /** The run that used the environment when this stage began to wait for it. */
  readonly heldBy?: string;
  readonly startedAtMs?: number;
  readonly finishedAtMs?: number;
  readonly failure?: Failure;
  readonly steps: readonly StepState[];
  readonly phase?: {
    readonly number: number;
    readonly of: number;
    readonly canaryNodes: readonly string[];
    readonly baselineNodes: readonly string[];
    readonly later: readonly (readonly string[])[];
  };
  /** The release that each changed node runs; null = unknown. */
  readonly nodes: Readonly<Record<string, string | null>>;
  readonly verifications: readonly VerificationState[];
  readonly decisions: readonly {
    readonly decision: Decision;
    readonly by: Person;
    readonly at: number;
    readonly reasons: readonly Reason[];
    readonly comment?: string;
  }[];
  readonly rollback?: RollbackState;
}

export interface StepState {
  readonly key: string;
  readonly hook: string;
  readonly purpose: HookPurpose;
  readonly nodes: readonly string[];
  readonly phase: number;
  readonly attempt: number;
  readonly status: 'running' | 'succeeded' | 'failed';
  readonly startedAtMs: number;
  readonly durationMs?: number;
  readonly failure?: Failure;
}

export interface VerificationState {
  readonly key: string;
  readonly phase: number;
  readonly purpose: VerificationPurpose;
  readonly sinceMs: number;
  readonly intervalMs?: number;
  readonly durationMs?: number;
  readonly status: 'running' | 'finished' | 'skipped';
  readonly report?: VerificationReport;
  readonly queries: readonly QueryRecord[];
  readonly firstAnomalyMs?: number;
  /** The evaluation that failed it. The verification may end later, when a person has answered. */
  readonly failingSinceMs?: number | undefined;
}

export interface RollbackState {
  readonly from: Release;
  readonly to: Release;
  readonly difference: ReleaseDifference;
  readonly nodes: readonly string[];
  readonly startedAtMs: number;
  readonly finishedAtMs?: number;
  readonly provenAtMs?: number;
  readonly proof?: RollbackProof;
  readonly failedNodes: readonly string[];
  readonly failure?: Failure;
  /** After a rollback that could not be verified: what every node runs, a release id or 'unknown'. */
  readonly nodesRun?: Readonly<Record<string, string>>;
}

export interface QuestionState {
  readonly question: Question;
  readonly askedAtMs: number;
  readonly answers: readonly { readonly answer: Instruction; readonly refused?: string }[];
  readonly closed?: string;
}

/** The state without a process that runs it. */
export function interrupt(state: RunState, events: readonly RunEvent[], isRunning: boolean): RunState {
  const { interruptedAtMs, ...rest } = state;
  if (state.outcome !== undefined || isRunning) return interruptedAtMs === undefined ? state : rest;
  return { ...state, interruptedAtMs: interruptedAtMs ?? events.at(-1)?.at ?? state.startedAtMs };
}

/** Nodes that a run has changed, or was about to change, and has not rolled back. */
export function nodesTouched(state: RunState): readonly string[] {
  const touched = stagesOf(state)
    .filter(stage => stage.status === 'running' || stage.phase !== undefined)
    .filter(stage => stage.rollback?.provenAtMs === undefined)
    .flatMap(stage => stage.steps.filter(changesNodes).flatMap(step => step.nodes));
  return [...new Set(touched)];
}

/**
 * True if nothing may be left alone while no process runs the run: half-upgraded nodes, or nodes on an undecided
 * release.
 */
export function isAtStake(state: RunState): boolean {
  return stagesOf(state).some(
    ({ status, environment, phase, rollback }) =>
      environment !== undefined &&
      (status === 'running' ||
        (status === 'passed' &&
          phase !== undefined &&
          phase.baselineNodes.length > 0 &&
          rollback?.finishedAtMs === undefined)),
  );
}

export function stagesOf(state: RunState): readonly StageState[] {
  return state.groups.flat();
}

/** Questions that wait for an answer. */
export function openQuestions(state: RunState): readonly QuestionState[] {
  return state.questions.filter(one => one.closed === undefined);
}

/** True for a verification that determines the result of its phase; a start-up only counts if it found something. */
export function speaksForPhase({ purpose, report }: Pick<VerificationState, 'purpose' | 'report'>): boolean {
  if (purpose !== 'start-up') return purpose !== 'proof';
  return report !== undefined && report.outcome !== 'pass' && report.checks.length > 0;
}
