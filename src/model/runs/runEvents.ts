// A run is its list of events: append-only, journalled before and after every side effect. Every view is derived from
// it.
import type { EarlierRun } from '../evidence/analysis.ts';
import type { Failure } from '../failure.ts';
import type { FeedbackMark } from '../evidence/feedback.ts';
import type { Artifact, Release, ReleaseDifference, Standing } from '../release.ts';
import type { NodesEvent } from './nodeList.ts';
import type { Hook } from '../hook.ts';
import type { FailureStrategy, InputValues, Pipeline, Unattended } from '../pipeline.ts';
import type { LackingRun, Reason, VerificationReport, QueryRecord } from '../evidence/verdict.ts';

export interface Person {
  readonly name: string;
  readonly via: 'cli' | 'editor' | 'policy';
}

/** `during`: runs while a phase is judged, and is stopped with it. */
export type HookPurpose = 'step' | 'deploy' | 'rollback' | 'check' | 'before-traffic' | 'during';

/** The other purposes only check nodes, or send them requests. */
export function changesNodes({ purpose }: { readonly purpose: HookPurpose }): boolean {
  return purpose === 'step' || purpose === 'deploy' || purpose === 'rollback';
}

export type StageOutcome =
  'passed' | 'failed' | 'skipped' | 'rolled-back' | 'held' | 'rejected' | 'cancelled' | 'overtaken';
const outcomes: Readonly<Record<StageOutcome, true>> = {
  passed: true,
  failed: true,
  skipped: true,
  'rolled-back': true,
  held: true,
  rejected: true,
  cancelled: true,
  overtaken: true,
};
export const stageOutcomes = Object.keys(outcomes) as readonly StageOutcome[];

/** `overtaken`: another run has used the environment since, and this one stopped acting. */
export type RunOutcome = 'promoted' | 'rolled-back' | 'held' | 'failed' | 'rejected' | 'cancelled' | 'overtaken';
export type Decision = 'promote' | 'hold' | 'rollback' | 'continue' | 'stop';

/** The facts for a hook, passed as BACKSTOP_ variables. */
export interface HookCall {
  /** Stable across a restart: `STAGE/PHASE/PURPOSE/HOOK/NODES#ATTEMPT`. */
  readonly key: string;
  readonly hook: string;
  readonly purpose: HookPurpose;
  readonly stage: string;
  readonly environment: string;
  readonly nodes: readonly string[];
  /** 1-based number of the canary phase; 0 outside of canaries. */
  readonly phase: number;
  readonly attempt: number;
  readonly release: string;
  readonly version: string;
  readonly configurationDigest: string;
  /** The percentage of the traffic that the new release should receive. */
  readonly weight?: number;
  /** What the nodes ran before, if known. */
  readonly previousVersion?: string;
}

export type HookOutcome =
  | { readonly kind: 'succeeded'; readonly durationMs: number; readonly detail?: string }
  | { readonly kind: 'failed'; readonly durationMs: number; readonly failure: Failure };

/** A question to people. `ask`: what to do after a failure; `hold`: after an inconclusive verification. */
export interface Question {
  readonly id: string;
  readonly kind: 'approval' | 'ask' | 'hold';
  readonly stage: string;
  readonly message: string;
  readonly approvers: readonly string[];
  readonly minimum: number;
  readonly starterMayAnswer: boolean;
  readonly commentRequired: boolean;
  /** 0 = no limit. */
  readonly deadlineMs: number;
  /** What happens without an answer. */
  readonly otherwise: 'reject' | 'hold' | 'rollback';
}

/** An instruction from a person to a run, from any process: stored, and read by the process that runs it. */
export type Instruction = {
  readonly by: Person;
  readonly at: number;
  readonly comment?: string;
} & (
  | { readonly type: 'approve' | 'reject'; readonly question?: string; readonly inputs?: InputValues }
  /** A reviewer's mark of a log event, with a reason (`comment`); without `mark` it was removed. */
  | { readonly type: 'feedback'; readonly key: string; readonly template: string; readonly mark?: FeedbackMark }
  | { readonly type: 'rollback' | 'promote' | 'hold' | 'cancel' | 'skip-verification' | 'retry-verification' }
);

/** The known state of nodes after a rollback. */
export interface RollbackProof {
  /** Number of nodes that the check hook confirmed; absent without one: then the rollback hook is trusted. */
  readonly confirmed?: number;
  /** `no-source`: nothing can measure it; `not-wanted`: the pipeline does not ask for it. */
  readonly health: 'healthy' | 'not-measured' | 'no-source' | 'not-wanted';
}

/**
 * `start-up`: the log lines of nodes from the start of their upgrade until they have settled. It has no verdict of its
 * own; its findings are part of the verdict of its phase.
 */
export type VerificationPurpose = 'start-up' | 'canary' | 'watch' | 'proof';

export type RunEventBody =
  | {
      readonly type: 'run-started';
      readonly pipeline: string;
      readonly file: string;
      readonly service: string;
      /** Absent in the journals of older versions, where it is the service's name. */
      readonly identity?: string;
      readonly by: Person;
      readonly artifact: Artifact;
      readonly inputs: InputValues;
      readonly release: Release;
      /** Absent in the journals of an older Backstop. */
      readonly kind?: 'pipeline' | 'rollback';
      /** The pipeline when the run began, which a resumed run uses whatever the file contains by then. */
      readonly fixed?: Pipeline;
      /** For a manual rollback. */
      readonly rollback?: { readonly environment: string };
      /** Stage names by group, in order. */
      readonly stages: readonly (readonly string[])[];
      /** The run whose stages before this one count as done. */
      readonly resumes?: { readonly runId: string; readonly from: string };
    }
  | {
      readonly type: 'run-resumed';
      readonly by: Person;
      /** Present if its guardian resumed it. */ readonly unattended?: Unattended;
    }
  | {
      readonly type: 'environment-waited-for';
      readonly stage: string;
      readonly environment: string;
      readonly heldBy: string;
    }
  | { readonly type: 'stage-started'; readonly stage: string; readonly environment?: string }
  | {
      readonly type: 'stage-finished';
      readonly stage: string;
      readonly outcome: StageOutcome;
      readonly failure?: Failure;
    }
  | {
      readonly type: 'hook-intended';
      readonly call: HookCall;
      readonly kind?: Hook['kind'];
      readonly timeoutMs?: number;
      /** The generation of the environment that it was given. */ readonly fence?: number;
    }
  | { readonly type: 'hook-finished'; readonly key: string; readonly outcome: HookOutcome }
  | { readonly type: 'retry-scheduled'; readonly key: string; readonly afterMs: number }
  | NodesEvent
  | {
      readonly type: 'phase-started';
      readonly stage: string;
      readonly phase: number;
      readonly of: number;
      readonly nodes: readonly string[];
      readonly canaryNodes: readonly string[];
      readonly baselineNodes: readonly string[];
      /** The nodes of each later phase. */ readonly later?: readonly (readonly string[])[];
    }
  | { readonly type: 'phase-finished'; readonly stage: string; readonly phase: number; readonly decision: Decision }
  | {
      readonly type: 'nodes-changed';
      readonly environment: string;
      readonly nodes: readonly string[];
      /** null: unknown. */ readonly release: string | null;
    }
  | {
      readonly type: 'marker-intended';
      readonly key: string;
      readonly connection: string;
      readonly version: string;
      readonly purpose: 'canary' | 'rollback';
    }
  | { readonly type: 'marker-finished'; readonly key: string; readonly id?: string; readonly failure?: Failure }
  | {
      readonly type: 'verification-started';
      readonly key: string;
      readonly stage: string;
      readonly phase: number;
      readonly purpose: VerificationPurpose;
      readonly sinceMs: number;
      /** Between evaluations; then the minimum duration. */ readonly intervalMs?: number;
      readonly durationMs?: number;
      readonly canaryNodes: readonly string[];
      readonly baselineNodes: readonly string[];
      /** The earlier run to compare with. */ readonly against?: {
        readonly mode: EarlierRun['mode'];
        readonly runId: string;
        readonly number: number;
        readonly by?: string;
      };
      readonly lacking?: LackingRun;
    }
  | {
      readonly type: 'looked';
      readonly key: string;
      readonly report: VerificationReport;
      readonly queries: readonly QueryRecord[];
    }
  | {
      readonly type: 'verification-finished';
      readonly key: string;
      readonly report: VerificationReport;
      /** First line of an unknown or unexpected cluster, epoch ms. */ readonly firstAnomalyMs?: number;
    }
  | { readonly type: 'verification-skipped'; readonly key: string; readonly by: Person; readonly why: string }
  | {
      readonly type: 'decided';
      readonly stage: string;
      readonly decision: Decision;
      readonly by: Person;
      readonly reasons: readonly Reason[];
      readonly failure?: Failure;
      readonly comment?: string;
      readonly strategy?: FailureStrategy['kind'];
    }
  | { readonly type: 'asked'; readonly question: Question }
  | {
      readonly type: 'answered';
      readonly question: string;
      readonly answer: Instruction;
      /** Why the answer does not count, if it does not. */ readonly refused?: string;
    }
  | {
      readonly type: 'question-closed';
      readonly question: string;
      readonly result: 'approved' | 'rejected' | 'timed-out' | 'overtaken' | Decision;
    }
  | {
      readonly type: 'rollback-started';
      readonly stage: string;
      readonly environment: string;
      readonly from: Release;
      readonly to: Release;
      readonly difference: ReleaseDifference;
      readonly nodes: readonly string[];
    }
  | { readonly type: 'rollback-impossible'; readonly stage: string; readonly failure: Failure }
  | {
      readonly type: 'rollback-finished';
      readonly stage: string;
      /** Nodes whose rollback hook failed for good. */ readonly failedNodes: readonly string[];
    }
  | {
      readonly type: 'rollback-proven';
      readonly stage: string;
      readonly report?: VerificationReport;
      readonly proof?: RollbackProof;
    }
  | {
      readonly type: 'rollback-unproven';
      readonly stage: string;
      readonly failure: Failure;
      /** What every node runs as far as is known: release id or 'unknown'. */ readonly nodes: Readonly<
        Record<string, string>
      >;
    }
  | {
      readonly type: 'ledger-recorded';
      readonly environment: string;
      readonly release: string;
      readonly standing: Standing;
    }
  | {
      readonly type: 'baseline-learned';
      readonly environment: string;
      readonly source: string;
      readonly clusters: number;
      readonly deployments: number;
    }
  | {
      readonly type: 'feedback-given';
      readonly by: Person;
      readonly givenAtMs: number;
      readonly key: string;
      readonly template: string;
      /** Absent if it was removed. */ readonly mark?: FeedbackMark;
      readonly reason?: string;
    }
  /** How far the clock was set ahead of the elapsed time (negative: back); or the machine slept. */
  | { readonly type: 'clock-jumped'; readonly byMs: number }
  | { readonly type: 'cancel-asked'; readonly by: Person }
  | { readonly type: 'noted'; readonly failure: Failure }
  | { readonly type: 'run-finished'; readonly outcome: RunOutcome; readonly failure?: Failure };

export type RunEvent = { readonly seq: number; readonly at: number } & RunEventBody;
