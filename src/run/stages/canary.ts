// The state that all parts of a canary stage share, and lookups of its events in the journal.
import type { Failure } from '../../model/failure.ts';
import type { CanaryStage } from '../../model/pipeline.ts';
import type { PlannedPhase, PlannedStage } from '../../model/runs/plan.ts';
import type { StageResult } from './approvalStage.ts';
import type { RunContext } from '../context.ts';
import type { Judgement } from './judge.ts';
import type { Guard } from './guard.ts';
import type { StartUp } from './startUp.ts';
import type { Scope } from './scope.ts';

export interface Canary {
  readonly context: RunContext;
  readonly stage: CanaryStage;
  readonly planned: PlannedStage;
  readonly scope: Scope;
  readonly startedAtMs: number;
  /**
   * Verifies the nodes of earlier phases while the next ones are upgraded. A breach cancels `scope`, but not `outer`.
   */
  readonly guard?: Guard;
  readonly outer?: Scope;
  /** Watches the new nodes of the phase while they start. */
  readonly startUp?: StartUp;
  /** Runs until the phase is decided. */
  readonly load?: PhaseLoad;
}

/** A hook that runs while a phase is verified, such as a load test. */
export interface PhaseLoad {
  /** Asks the hook to end because it is no longer needed; does not wait for the end. */
  stop(): void;
  /** Resolves when no process of it runs any more. */
  readonly ended: Promise<void>;
  /** The failure of the hook itself, which has cancelled the phase. */
  failure(): Failure | undefined;
}

/** The two ways in which a phase ends; `go-on` leads to the next phase. */
export type PhaseEnd =
  | { readonly kind: 'go-on'; readonly judgement?: Judgement; readonly startUp?: StartUp; readonly byHand: boolean }
  | { readonly kind: 'end'; readonly result: StageResult };

export function findStart({ context: { journal }, stage }: Canary, { number }: PlannedPhase) {
  return journal.find('phase-started', event => event.stage === stage.name && event.phase === number);
}

export function findGoodEnd({ context: { journal }, stage }: Canary, { number }: PlannedPhase) {
  return journal.find(
    'phase-finished',
    event =>
      event.stage === stage.name &&
      event.phase === number &&
      (event.decision === 'promote' || event.decision === 'continue'),
  );
}

/** A decision that an earlier process made after that event is final: half-restored nodes must not be judged again. */
export function findDecision({ context: { journal }, stage }: Canary, afterSeq: number): Judgement | undefined {
  const decided = journal.find('decided', event => event.stage === stage.name && event.seq > afterSeq);
  if (!decided || decided.decision === 'hold') return undefined;
  const { decision, by, reasons, failure, comment } = decided;
  return {
    decision: failure?.kind === 'cancelled' ? 'cancelled' : decision,
    by,
    reasons,
    ...(failure && { failure }),
    ...(comment !== undefined && { comment }),
  };
}

export function findOwnDecision(canary: Canary, phase: PlannedPhase): Judgement | undefined {
  const started = findStart(canary, phase);
  return started && findDecision(canary, started.seq);
}

export function failedMeanwhile({ name }: CanaryStage): Failure {
  return { kind: 'no-data', message: `${name} failed its verification while its next nodes were upgraded.` };
}

export function failedWaiting({ name }: CanaryStage): Failure {
  return { kind: 'no-data', message: `${name} failed its verification while it waited for an approval.` };
}

export function failedAtStart({ name }: CanaryStage): Failure {
  return { kind: 'no-data', message: `${name} failed its verification while its nodes were upgraded and started.` };
}
