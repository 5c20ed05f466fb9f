// A canary stage as its parts see it, and what its journal says of it so far.
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
   * Looks at the nodes of the phases before while the next ones are upgraded; a breach cancels the scope, and nothing
   * but it.
   */
  readonly guard?: Guard;
  readonly outer?: Scope;
  /** The phase's new nodes. */
  readonly startUp?: StartUp;
  /** Goes on until the phase is decided. */
  readonly load?: PhaseLoad;
}

/** A hook that goes on while a phase is verified. */
export interface PhaseLoad {
  /** It has done its part: it is told to end, and nobody waits for that yet. */
  stop(): void;
  /** Resolved once nothing of it runs any more. */
  readonly ended: Promise<void>;
  /** Why it failed by itself; then the phase was cancelled for it. */
  failure(): Failure | undefined;
}

/** A phase ends in one of these; `go-on` leads to the next. */
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

/** What an earlier process decided after that event is decided: nodes that are half back must not be judged again. */
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
