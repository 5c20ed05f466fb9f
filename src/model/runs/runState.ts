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
  /** Its guardian acts then, unless somebody continues it. Not in its events either. */
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

/** Only a list that begins with `run-started` has a state. */
export function reduceRun(runId: string, events: readonly RunEvent[]): RunState | undefined {
  return events.reduce<RunState | undefined>((state, event) => applyEvent(runId, state, event), undefined);
}

export function applyEvent(runId: string, state: RunState | undefined, event: RunEvent): RunState | undefined {
  if (event.type === 'run-started') return startRun(runId, event);
  if (!state) return undefined;
  return { ...applyToRun(state, event), lastSeq: event.seq };
}

function startRun(runId: string, event: RunEvent & { type: 'run-started' }): RunState {
  const { pipeline, file, service, identity, by, artifact, release, inputs, at, seq } = event;
  return {
    runId,
    pipeline,
    file,
    service,
    ...(identity !== undefined && { identity }),
    by,
    artifact,
    release,
    inputs,
    startedAtMs: at,
    lastSeq: seq,
    questions: [],
    notes: [],
    groups: event.stages.map(group =>
      group.map(name => ({ name, status: 'pending', steps: [], nodes: {}, verifications: [], decisions: [] })),
    ),
  };
}

function applyToRun(state: RunState, event: RunEvent): RunState {
  switch (event.type) {
    case 'run-started':
    case 'run-resumed':
    case 'retry-scheduled':
    case 'ledger-recorded':
    case 'baseline-learned':
    case 'feedback-given':
    case 'clock-jumped':
    case 'marker-intended':
    case 'phase-finished':
      return state;
    case 'environment-waited-for':
      return onStage(state, event.stage, () => ({ status: 'queued', environment: event.environment }));
    case 'stage-started':
      return onStage(state, event.stage, () => ({
        status: 'running',
        startedAtMs: event.at,
        ...(event.environment && { environment: event.environment }),
      }));
    case 'stage-finished':
      return onStage(state, event.stage, () => ({
        status: event.outcome,
        finishedAtMs: event.at,
        ...(event.failure && { failure: event.failure }),
      }));
    case 'hook-intended':
      return onStage(state, event.call.stage, stage => ({
        steps: [
          ...stage.steps.filter(step => step.key !== event.call.key),
          {
            key: event.call.key,
            hook: event.call.hook,
            purpose: event.call.purpose,
            nodes: event.call.nodes,
            phase: event.call.phase,
            attempt: event.call.attempt,
            status: 'running',
            startedAtMs: event.at,
          },
        ],
      }));
    case 'hook-finished':
      return onEveryStage(state, stage => ({
        steps: stage.steps.map(step =>
          step.key !== event.key
            ? step
            : {
                ...step,
                status: event.outcome.kind,
                durationMs: event.outcome.durationMs,
                ...(event.outcome.kind === 'failed' && { failure: event.outcome.failure }),
              },
        ),
      }));
    case 'phase-started':
      return onStage(state, event.stage, () => ({
        phase: {
          number: event.phase,
          of: event.of,
          canaryNodes: event.canaryNodes,
          baselineNodes: event.baselineNodes,
          later: event.later ?? [],
        },
      }));
    case 'nodes-changed':
      return onEveryStage(state, stage =>
        stage.environment !== event.environment
          ? {}
          : {
              nodes: { ...stage.nodes, ...Object.fromEntries(event.nodes.map(node => [node, event.release])) },
            },
      );
    case 'marker-finished':
      return event.failure ? { ...state, notes: [...state.notes, event.failure] } : state;
    case 'noted':
      return { ...state, notes: [...state.notes, event.failure] };
    case 'verification-started':
      return onStage(state, event.stage, stage => ({
        verifications: [
          ...stage.verifications.filter(one => one.key !== event.key),
          {
            key: event.key,
            phase: event.phase,
            purpose: event.purpose,
            sinceMs: event.sinceMs,
            status: 'running',
            queries: [],
            ...(event.intervalMs !== undefined && { intervalMs: event.intervalMs }),
            ...(event.durationMs !== undefined && { durationMs: event.durationMs }),
          },
        ],
      }));
    case 'looked':
      return onVerification(state, event.key, one => ({
        report: event.report,
        queries: [...one.queries, ...event.queries],
      }));
    case 'verification-finished':
      return onVerification(state, event.key, () => ({
        status: 'finished',
        report: event.report,
        ...(event.firstAnomalyMs !== undefined && { firstAnomalyMs: event.firstAnomalyMs }),
      }));
    case 'verification-skipped':
      return onVerification(state, event.key, () => ({ status: 'skipped' }));
    case 'decided':
      return onStage(state, event.stage, stage => ({
        decisions: [
          ...stage.decisions,
          {
            decision: event.decision,
            by: event.by,
            at: event.at,
            reasons: event.reasons,
            ...(event.comment && { comment: event.comment }),
          },
        ],
      }));
    case 'asked':
      return {
        ...state,
        questions: [...state.questions, { question: event.question, askedAtMs: event.at, answers: [] }],
      };
    case 'answered':
      return onQuestion(state, event.question, one => ({
        answers: [...one.answers, { answer: event.answer, ...(event.refused && { refused: event.refused }) }],
      }));
    case 'question-closed':
      return onQuestion(state, event.question, () => ({ closed: event.result }));
    case 'rollback-started':
      return onStage(state, event.stage, () => ({
        rollback: {
          from: event.from,
          to: event.to,
          difference: event.difference,
          nodes: event.nodes,
          startedAtMs: event.at,
          failedNodes: [],
        },
      }));
    case 'rollback-impossible':
      return onStage(state, event.stage, () => ({ failure: event.failure }));
    case 'rollback-finished':
      // A stage that had passed and was rolled back when the run ended early.
      return onStage(
        onRollback(state, event.stage, { finishedAtMs: event.at, failedNodes: event.failedNodes }),
        event.stage,
        ({ status }) =>
          status === 'passed' ? { status: event.failedNodes.length > 0 ? 'failed' : 'rolled-back' } : {},
      );
    case 'rollback-proven':
      return onRollback(state, event.stage, { provenAtMs: event.at, proof: event.proof ?? proofOf(event.report) });
    case 'rollback-unproven':
      return onRollback(state, event.stage, { failure: event.failure, nodesRun: event.nodes });
    case 'cancel-asked':
      return { ...state, cancelledBy: event.by };
    case 'run-finished':
      return {
        ...state,
        outcome: event.outcome,
        finishedAtMs: event.at,
        ...(event.failure && { failure: event.failure }),
      };
    default:
      return event satisfies never;
  }
}

function onEveryStage(state: RunState, change: (stage: StageState) => Partial<StageState>): RunState {
  return { ...state, groups: state.groups.map(group => group.map(stage => ({ ...stage, ...change(stage) }))) };
}

function onStage(state: RunState, name: string, change: (stage: StageState) => Partial<StageState>): RunState {
  return onEveryStage(state, stage => (stage.name === name ? change(stage) : {}));
}

function onVerification(
  state: RunState,
  key: string,
  change: (one: VerificationState) => Partial<VerificationState>,
): RunState {
  return onEveryStage(state, stage => ({
    verifications: stage.verifications.map(one => (one.key === key ? { ...one, ...change(one) } : one)),
  }));
}

function onRollback(state: RunState, stage: string, change: Partial<RollbackState>): RunState {
  return onStage(state, stage, ({ rollback }) => (rollback ? { rollback: { ...rollback, ...change } } : {}));
}

/** An older Backstop stored only the report. */
function proofOf(report: VerificationReport | undefined): RollbackProof {
  return { health: report === undefined ? 'not-wanted' : report.outcome === 'pass' ? 'healthy' : 'not-measured' };
}

function onQuestion(state: RunState, id: string, change: (one: QuestionState) => Partial<QuestionState>): RunState {
  return {
    ...state,
    questions: state.questions.map(one => (one.question.id === id ? { ...one, ...change(one) } : one)),
  };
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
    .flatMap(stage => stage.steps.filter(({ purpose }) => purpose !== 'check').flatMap(step => step.nodes));
  return [...new Set(touched)];
}

/** Something that nobody looks after while nobody runs the run: nodes half-way, or on a release that is not decided. */
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

/** A verification that speaks for its phase: a start-up does only where it found something. */
export function speaksForPhase({ purpose, report }: Pick<VerificationState, 'purpose' | 'report'>): boolean {
  if (purpose !== 'start-up') return purpose !== 'proof';
  return report !== undefined && report.outcome !== 'pass' && report.checks.length > 0;
}
