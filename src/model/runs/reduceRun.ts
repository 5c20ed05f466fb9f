// From the events of a run to its state.
import type { VerificationReport } from '../evidence/verdict.ts';
import type { RollbackProof, RunEvent } from './runEvents.ts';
import type { QuestionState, RollbackState, RunState, StageState, StepState, VerificationState } from './runState.ts';

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
    case 'nodes-listed':
      return state;
    case 'environment-waited-for':
    case 'stage-started':
    case 'stage-finished':
    case 'phase-started':
    case 'sides-found':
    case 'decided':
    case 'rollback-impossible':
      return onStage(state, event.stage, stage => changeOfStage(stage, event));
    case 'hook-intended':
      return onStage(state, event.call.stage, stage => ({ steps: withStarted(stage.steps, event) }));
    case 'hook-finished':
      return onEveryStage(state, stage => ({ steps: withFinished(stage.steps, event) }));
    case 'nodes-changed':
      return onEveryStage(state, stage =>
        stage.environment !== event.environment
          ? {}
          : { nodes: { ...stage.nodes, ...Object.fromEntries(event.nodes.map(node => [node, event.release])) } },
      );
    case 'marker-finished':
      return event.failure ? { ...state, notes: [...state.notes, event.failure] } : state;
    case 'noted':
      return { ...state, notes: [...state.notes, event.failure] };
    case 'verification-started':
    case 'looked':
    case 'verification-finished':
    case 'verification-skipped':
      return applyToVerification(state, event);
    case 'asked':
    case 'answered':
    case 'question-closed':
      return applyToQuestion(state, event);
    case 'rollback-started':
    case 'rollback-finished':
    case 'rollback-proven':
    case 'rollback-unproven':
      return applyToRollback(state, event);
    case 'cancel-asked':
      return { ...state, cancelledBy: event.by };
    case 'run-finished':
      return applyEnd(state, event);
    default:
      return event satisfies never;
  }
}

function applyEnd(state: RunState, { outcome, at, failure }: EventOf<'run-finished'>): RunState {
  return { ...state, outcome, finishedAtMs: at, ...(failure && { failure }) };
}

type EventOf<Type extends RunEvent['type']> = RunEvent & { readonly type: Type };

function changeOfStage(
  stage: StageState,
  event: EventOf<
    | 'environment-waited-for'
    | 'stage-started'
    | 'stage-finished'
    | 'phase-started'
    | 'sides-found'
    | 'decided'
    | 'rollback-impossible'
  >,
): Partial<StageState> {
  switch (event.type) {
    case 'environment-waited-for':
      return { status: 'queued', environment: event.environment, heldBy: event.heldBy };
    case 'stage-started':
      return {
        status: 'running',
        startedAtMs: event.at,
        ...(event.environment && { environment: event.environment }),
      };
    case 'stage-finished':
      return {
        status: event.outcome,
        finishedAtMs: event.at,
        ...(event.failure && { failure: event.failure }),
      };
    case 'phase-started': {
      const { phase: number, of, canaryNodes, baselineNodes, later = [] } = event;
      return { phase: { number, of, canaryNodes, baselineNodes, later } };
    }
    case 'sides-found': {
      const { canaryNodes, baselineNodes } = event;
      return stage.phase ? { phase: { ...stage.phase, canaryNodes, baselineNodes } } : {};
    }
    case 'decided': {
      const { decision, by, at, reasons, comment } = event;
      return { decisions: [...stage.decisions, { decision, by, at, reasons, ...(comment && { comment }) }] };
    }
    case 'rollback-impossible':
      return { failure: event.failure };
    default:
      return event satisfies never;
  }
}

function withStarted(steps: readonly StepState[], { call, at }: EventOf<'hook-intended'>): readonly StepState[] {
  const { key, hook, purpose, nodes, phase, attempt } = call;
  return [
    ...steps.filter(step => step.key !== key),
    { key, hook, purpose, nodes, phase, attempt, status: 'running', startedAtMs: at },
  ];
}

function withFinished(steps: readonly StepState[], { key, outcome }: EventOf<'hook-finished'>): readonly StepState[] {
  return steps.map(step =>
    step.key !== key
      ? step
      : {
          ...step,
          status: outcome.kind,
          durationMs: outcome.durationMs,
          ...(outcome.kind === 'failed' && { failure: outcome.failure }),
        },
  );
}

function applyToVerification(
  state: RunState,
  event: EventOf<'verification-started' | 'looked' | 'verification-finished' | 'verification-skipped'>,
): RunState {
  switch (event.type) {
    case 'verification-started':
      return onStage(state, event.stage, stage => ({
        verifications: [...stage.verifications.filter(one => one.key !== event.key), started(event)],
      }));
    case 'looked':
      return onVerification(state, event.key, one => ({
        report: event.report,
        queries: [...one.queries, ...event.queries],
        ...(event.report.outcome === 'fail'
          ? { failingSinceMs: one.failingSinceMs ?? event.at }
          : one.failingSinceMs !== undefined && { failingSinceMs: undefined }),
      }));
    case 'verification-finished':
      return onVerification(state, event.key, () => ({
        status: 'finished',
        report: event.report,
        ...(event.firstAnomalyMs !== undefined && { firstAnomalyMs: event.firstAnomalyMs }),
      }));
    case 'verification-skipped':
      return onVerification(state, event.key, () => ({ status: 'skipped' }));
    default:
      return event satisfies never;
  }
}

function started(event: EventOf<'verification-started'>): VerificationState {
  const { key, phase, purpose, sinceMs, intervalMs, durationMs } = event;
  return {
    key,
    phase,
    purpose,
    sinceMs,
    status: 'running',
    queries: [],
    ...(intervalMs !== undefined && { intervalMs }),
    ...(durationMs !== undefined && { durationMs }),
  };
}

function applyToQuestion(state: RunState, event: EventOf<'asked' | 'answered' | 'question-closed'>): RunState {
  switch (event.type) {
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
    default:
      return event satisfies never;
  }
}

function applyToRollback(
  state: RunState,
  event: EventOf<'rollback-started' | 'rollback-finished' | 'rollback-proven' | 'rollback-unproven'>,
): RunState {
  switch (event.type) {
    case 'rollback-started': {
      const { from, to, difference, nodes, at: startedAtMs } = event;
      return onStage(state, event.stage, () => ({
        rollback: { from, to, difference, nodes, startedAtMs, failedNodes: [] },
      }));
    }
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
