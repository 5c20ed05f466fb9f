// Everything that each part of a run receives: the facts of the run, its journal and inbox, the ports, and the
// neighbouring phases as functions.
import type { Result } from '../model/failure.ts';
import type { Feedback } from '../model/evidence/feedback.ts';
import type { Hook, RetryPolicy } from '../model/hook.ts';
import type { CanaryStage, Condition, InputValues, Pipeline, RunInput, Unattended } from '../model/pipeline.ts';
import type { DecisionMade, Situation } from '../model/runs/decision.ts';
import type { PlannedPhase, RunPlan } from '../model/runs/plan.ts';
import type { Ports } from '../model/ports.ts';
import type { Configuration, Release } from '../model/release.ts';
import type { Person, StageOutcome } from '../model/runs/runEvents.ts';
import type { VerificationReport } from '../model/evidence/verdict.ts';
import type { StartVerification } from '../model/evidence/verification.ts';
import type { Fences } from './ownership/fence.ts';
import type { Inbox } from './ownership/inbox.ts';
import type { Journal } from './ownership/journal.ts';

export interface RunContext {
  readonly runId: string;
  readonly pipeline: Pipeline;
  readonly plan: RunPlan;
  readonly release: Release;
  /** The inputs given at the start; `inputsSoFar` adds those of approvals. */
  readonly inputs: InputValues;
  readonly by: Person;
  /** True if the person who starts the run also approves it in advance, which counts if the pipeline allows it. */
  readonly approve: boolean;
  /** Present if the guardian runs it because no one resumed it: what the pipeline says to do then. */
  readonly unattended?: Unattended;
  readonly journal: Journal;
  readonly fences: Fences;
  /** Aborted when this process no longer owns the run; another process may continue it. */
  readonly ended: AbortSignal;
  /** Aborted when the run has ended, whatever its outcome. */
  readonly over: AbortSignal;
  readonly inbox: Inbox;
  readonly ports: Ports;
  /**
   * Resolves when everything written so far is in the store. A side effect must wait for it, so that its intent is
   * stored first.
   */
  readonly kept: () => Promise<void>;
  readonly phases: NeighbouringPhases;
  /** Writes a configuration to a folder, once per run, and returns the folder. */
  readonly materialise: (configuration: Configuration) => Result<string>;
  /** Ends the run as broken because of an error outside its own call chain, such as in a listener or an evaluation. */
  readonly breakOff: (error: unknown) => void;
  readonly onOutput: (callKey: string, stream: 'out' | 'err', text: string) => void;
}

export interface NeighbouringPhases {
  retryDelayMs(policy: RetryPolicy, attempt: number): number;
  layOutPhase(
    stage: CanaryStage,
    number: number,
    nodes: readonly string[],
    upgraded: readonly string[],
  ): Pick<PlannedPhase, 'newNodes' | 'canaryNodes' | 'baselineNodes'>;
  hookCalls(hook: Hook, nodes: readonly string[]): readonly (readonly string[])[];
  evaluateCondition(
    condition: Condition,
    facts: {
      readonly inputs: InputValues;
      readonly version: string;
      readonly outcomes: ReadonlyMap<string, StageOutcome>;
    },
  ): boolean;
  decide(situation: Situation): DecisionMade;
  /** Judges the log events of starting nodes against those of earlier start-ups. */
  judgeStartUp(report: VerificationReport): VerificationReport;
  /** Reads the current feedback file. Returns the same list until the file changes. */
  readFeedback(): Result<readonly Feedback[]>;
  checkInputs(inputs: readonly RunInput[], given: Readonly<Record<string, string>>): Result<InputValues>;
  readonly startVerification: StartVerification;
}

export const policy: Person = { name: 'policy', via: 'policy' };
