// A pipeline planned for one run: the nodes of each phase, what is compared with what, and the dry run.
import type { Failure } from '../failure.ts';
import type { MetricForecast } from '../evidence/verdict.ts';
import type { HookPurpose } from './runEvents.ts';
import type { PhaseApproval, Stage, Verification } from '../pipeline.ts';
import type { Artifact, ReleaseDifference } from '../release.ts';

export interface RunPlan {
  /** Groups in order; the stages of one group run in parallel. */
  readonly groups: readonly (readonly PlannedStage[])[];
}

export interface PlannedStage {
  readonly stage: Stage;
  /** Nodes of its environment; empty for an approval. */
  readonly nodes: readonly string[];
  /** For a canary stage; otherwise empty. */
  readonly phases: readonly PlannedPhase[];
}

export interface PlannedPhase {
  /** Counted from 1. */
  readonly number: number;
  readonly of: number;
  /** Nodes that this phase upgrades. */
  readonly newNodes: readonly string[];
  /** All nodes that run the new release in this phase. */
  readonly canaryNodes: readonly string[];
  /** Nodes that still run the old release; empty in a 100 % phase. */
  readonly baselineNodes: readonly string[];
  /** The share of the traffic that a hook gives to the new release. */
  readonly weight?: number;
  readonly settleMs: number;
  /** The stage's verification with this phase's overrides; absent = none. */
  readonly verification?: Verification;
  /** A hook that runs during the phase. */
  readonly during?: string;
  /** The approval that is required before the next phase. */
  readonly approval?: PhaseApproval;
}

/** A planned verification: what it compares, and what it can detect. */
export interface PlannedComparison {
  readonly stage: string;
  /** Counted from 1. */
  readonly phase: number;
  readonly of: number;
  readonly canaryNodes: readonly string[];
  /** Empty if no node keeps the old release; the time before is the baseline then. */
  readonly baselineNodes: readonly string[];
  readonly durationMs: number;
  /** Names of the health sources. */
  readonly sources: readonly string[];
  /** Absent if it has no metrics. */
  readonly forecast?: Forecast;
}

/**
 * What a verification will be able to detect, or why there is no forecast. Without metrics, none of them has values
 * before now.
 */
export interface Forecast {
  readonly metrics: readonly PhaseForecast[];
  readonly failure?: Failure;
}

/** What a run would do, hook by hook, node by node, query by query. */
export interface DryRun {
  readonly pipeline: string;
  readonly service: string;
  readonly artifact: Artifact;
  readonly release: string;
  readonly configurationDigest: string;
  readonly groups: readonly (readonly DryStage[])[];
}

export interface DryStage {
  readonly name: string;
  readonly kind: Stage['kind'];
  readonly environment?: string;
  /** Its condition is false, as far as that is known before the run. */
  readonly skipped?: boolean;
  /** A condition that depends on the outcome of earlier stages. */
  readonly condition?: string;
  readonly steps: readonly DryStep[];
  /** The release that a failure would restore; absent if there is none yet. */
  readonly rollbackTo?: { readonly release: string; readonly version: string; readonly difference: ReleaseDifference };
  readonly warnings: readonly string[];
}

export type DryStep =
  | {
      readonly kind: 'hook';
      readonly purpose: HookPurpose;
      readonly hook: string;
      readonly phase: number;
      readonly nodes: readonly string[];
      /** The command, request or build, as it would be. */ readonly invocation: string;
      readonly variables: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'approval';
      readonly message: string;
      readonly approvers: readonly string[];
      readonly minimum: number;
      readonly timeoutMs: number;
    }
  | { readonly kind: 'marker'; readonly connection: string; readonly phase: number }
  | { readonly kind: 'settle'; readonly phase: number; readonly durationMs: number }
  | {
      readonly kind: 'verify';
      readonly phase: number;
      readonly canaryNodes: readonly string[];
      readonly baselineNodes: readonly string[];
      /** The share of the traffic that the node weights give to the canary; absent if all weights are equal. */
      readonly trafficShare?: number;
      readonly durationMs: number;
      readonly queries: readonly string[];
      /** The forecast, or why there is none. Absent if it has no metrics. */
      readonly forecast?: Forecast;
    };

export interface PhaseForecast extends MetricForecast {
  readonly metric: string;
}
