// What every part of a run is handed: the run's own facts, its journal and inbox, the ports, and the neighbouring
// phases as functions.
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
  /** Given at the start; `inputsSoFar` adds those of approvals. */
  readonly inputs: InputValues;
  readonly by: Person;
  /** Approvals are given in advance by the one who starts the run, where the pipeline allows it. */
  readonly approve: boolean;
  /** The guardian runs it, because no one resumed it: the state that it brings the run to. */
  readonly unattended?: Unattended;
  readonly journal: Journal;
  readonly fences: Fences;
  /** Aborted when this process has nothing more to do with the run: what goes on is no more its own. */
  readonly ended: AbortSignal;
  /** Aborted when the run has ended, be it well or not. */
  readonly over: AbortSignal;
  readonly inbox: Inbox;
  readonly ports: Ports;
  /** Resolves once all that was written is in the store: no side effect happens before its intent is. */
  readonly kept: () => Promise<void>;
  readonly phases: NeighbouringPhases;
  /** The folder of a configuration, written out once for the whole run. */
  readonly materialise: (configuration: Configuration) => Result<string>;
  /** What went wrong outside of the run's own line of calls (a listener, a look): ends the run as broken. */
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
  /** Log events of starting nodes, judged against those of earlier starts. */
  judgeStartUp(report: VerificationReport): VerificationReport;
  /** The feedback file as it is now; the same list as long as it is the same. */
  readFeedback(): Result<readonly Feedback[]>;
  checkInputs(inputs: readonly RunInput[], given: Readonly<Record<string, string>>): Result<InputValues>;
  readonly startVerification: StartVerification;
}

export const policy: Person = { name: 'policy', via: 'policy' };
