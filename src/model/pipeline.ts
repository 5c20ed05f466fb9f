// A pipeline file, checked and with every default filled in. Durations are milliseconds.
import type { HealthSource } from './healthSource.ts';
import type { Hook, RetryPolicy } from './hook.ts';
import type { NodeWeights } from './nodeWeights.ts';
import type { OfVendor } from './ofVendor.ts';
import type { ListedNode, NodesCommand } from './runs/nodeList.ts';

export interface Pipeline {
  readonly name: string;
  /** Path of the file it was read from, relative to the workspace folder. */
  readonly file: string;
  readonly service: string;
  /** The repository, where the file names one: `id`. */
  readonly repository?: string;
  /** The service as the store knows it (`model/identity.ts`); absent until somebody asked the store. */
  readonly identity?: string;
  readonly description?: string;
  readonly artifact: ArtifactSource;
  readonly inputs: readonly RunInput[];
  readonly configuration: ConfigurationSource;
  readonly connections: Readonly<Record<string, Connection>>;
  readonly environments: Readonly<Record<string, Environment>>;
  readonly hooks: Readonly<Record<string, Hook>>;
  readonly healthSources: Readonly<Record<string, HealthSource>>;
  /** Groups run in order; the stages of one group run in parallel. */
  readonly stages: readonly StageGroup[];
  /** Absent in the journals of an older Backstop: nobody guards its runs. */
  readonly unattended?: Unattended;
}

/** What becomes of a run whose process is gone, with nodes changed, when nobody continues it for so long. */
export interface Unattended {
  readonly afterMs: number;
  /**
   * `rollback`: its nodes go back to the last working release. `hold`: the run ends where it stands. `promote-never`:
   * it is judged on and rolled back where it fails, and no further node is upgraded. `resume`: it continues as if a
   * person had resumed it. `nothing`: nobody guards it.
   */
  readonly act: 'rollback' | 'hold' | 'promote-never' | 'resume' | 'nothing';
}

export type StageGroup = readonly Stage[];

/** Where the version comes from: given at the start of a run, a build of a job, or what a program lists. */
export type ArtifactSource =
  | { readonly kind: 'version'; readonly pattern?: string }
  | (OfVendor & {
      readonly kind: 'build';
      /** The vendor's name as people write it. */
      readonly title: string;
      /** Absent: a program of this machine lists the versions. */
      readonly connection?: string;
      /** With its folders, as the vendor names it; of a program its command line. */
      readonly job: string;
      /** The reaction of an open editor to a new build that succeeded. */
      readonly watch: 'offer' | 'deploy' | 'off';
    });

/** A program of this machine lists the versions; no build server does. */
export function listsVersions(source: ArtifactSource): boolean {
  return source.kind === 'build' && source.connection === undefined;
}

export interface RunInput {
  readonly name: string;
  readonly description?: string;
  readonly type: 'string' | 'number' | 'boolean' | 'choice';
  readonly required: boolean;
  readonly default?: InputValue;
  /** Allowed values of a choice. */
  readonly values?: readonly string[];
  /** A string must match it whole. */
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

export type InputValue = string | number | boolean;
export type InputValues = Readonly<Record<string, InputValue>>;

/** Run-time configuration that is part of the release: files relative to the workspace folder, and variables. */
export interface ConfigurationSource {
  readonly files: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}

/** A server, and the name of the credential it wants (never the credential itself). */
export interface Connection extends OfVendor {
  readonly url: string;
  /** Absent: whoever reaches the server may ask. */
  readonly credential?: string;
  /** Deployments are marked there. */
  readonly marks?: true;
}
/** The connection of a vendor that requires a credential. */
export type ConnectionWithCredential = Connection & { readonly credential: string };

export interface Environment {
  readonly name: string;
  /** As the file names them or, with a command, as it listed them when it was asked last; empty before. */
  readonly nodes: readonly string[];
  /** Of each node; absent where none is known, or none was given. */
  readonly weights?: NodeWeights;
  /** Lists the nodes, anew at each phase. */
  readonly nodesCommand?: NodesCommand;
  /** All that it told of them. */
  readonly listed?: readonly ListedNode[];
  /** The reaction of a run that finds another run in this environment. */
  readonly whenBusy: 'queue' | 'refuse';
}

export type Sensitivity = 'low' | 'medium' | 'high';

/** Values in log lines, by what stands before them: what no statistics can know of them. */
export interface NamedValues {
  /** A value that the reference never had is an event of its own, and an error at least. */
  readonly watch: readonly string[];
  /** A new value is no event, whatever it is. */
  readonly ignore: readonly string[];
}

export interface Verification {
  /** Names of health sources, every one of which must pass. */
  readonly sources: readonly string[];
  readonly durationMs: number;
  /**
   * An inconclusive one that only wants more time goes on by itself for up to so long in all; absent: twice
   * `durationMs`.
   */
  readonly extendToMs?: number;
  /** It may pass from here on, before its time is over, where every check is sure enough; absent: not before. */
  readonly passAfterMs?: number;
  readonly intervalMs: number;
  readonly sensitivity: Sensitivity;
  /** Absent: none is named. */
  readonly values?: NamedValues;
  /** History of the nodes that is read before the canary, for comparison. */
  readonly historyMs: number;
  /** What becomes of a verification that could not measure once `holdForMs` is over. It never passes. */
  readonly missingData: 'hold' | 'rollback';
  /** How long an inconclusive verification continues to evaluate and waits for a person. */
  readonly holdForMs: number;
  /** How long the rolled-back nodes are watched to prove the rollback. */
  readonly proofMs: number;
  /**
   * A load test: compared with the run that a person pinned, or with this one, instead of with nodes or the time
   * before.
   */
  readonly baseline?: 'pinned' | { readonly run: number };
}

interface StageCommon {
  readonly name: string;
  readonly when?: Condition;
  readonly timeoutMs: number;
}

export type FailureStrategy =
  | { readonly kind: 'rollback' | 'stop' | 'ignore' }
  /** Asks a person; rolls back when nobody answers in time. */
  | { readonly kind: 'ask'; readonly forMs: number };

/** By an input, when a run starts. */
export interface EnvironmentChoice {
  readonly input: string;
  /** The environment for each value of the input. */
  readonly environments: Readonly<Record<string, string>>;
}

/** Where a stage deploys to. */
interface StageTarget {
  /** While an input has still to choose it, the text of the file: `production-${inputs.region}`. */
  readonly environment: string;
  /** Absent in a run, which has chosen. */
  readonly environmentChoice?: EnvironmentChoice;
}

export interface DeployStage extends StageCommon, StageTarget {
  readonly kind: 'deploy';
  /** Hooks, run in order. */
  readonly steps: readonly string[];
  readonly rollback?: string;
  readonly check?: string;
  readonly retry: RetryPolicy;
  readonly onFailure: FailureStrategy;
}

/** Whose approval is asked for, and for how long. */
export interface Approval {
  readonly message: string;
  /** People who may approve; empty = anyone. */
  readonly approvers: readonly string[];
  readonly minimum: number;
  readonly starterMayApprove: boolean;
  readonly commentRequired: boolean;
  readonly inputs: readonly RunInput[];
  readonly timeoutMs: number;
}

export interface ApprovalStage extends StageCommon, Approval {
  readonly kind: 'approval';
  /** What happens when `timeoutMs` is over. Approval never comes from silence. */
  readonly onTimeout: 'reject' | 'hold';
}

/** Asked for between a phase that passed and the next one. */
export interface PhaseApproval extends Approval {
  readonly onTimeout: 'rollback' | 'hold';
}

export interface CanaryStage extends StageCommon, StageTarget {
  readonly kind: 'canary';
  readonly deploy: string;
  readonly rollback: string;
  readonly check?: string;
  /** Absent: all its nodes go back at once. */
  readonly rollbackBatches?: RollbackBatches;
  /** Hook that tests the new nodes of a phase before anything else is done with them. */
  readonly beforeTraffic?: string;
  /** The check hook is asked before the first phase which nodes run the last working release. */
  readonly checksBefore?: true;
  readonly phases: readonly CanaryPhase[];
  /** Verification goes on for this long after the last phase. */
  readonly watchMs: number;
  readonly verification: Verification;
  readonly onFailure: FailureStrategy;
}

/** A rollback of some nodes after the others. */
export interface RollbackBatches {
  /** Of one batch: a share (0..1] of the nodes that go back, rounded up, or a count. */
  readonly nodes: { readonly share: number } | { readonly count: number };
  /** `newest-first`: those that were upgraded last come first. */
  readonly order: 'newest-first' | 'listed';
}

export interface CanaryPhase {
  /** Nodes that run the new release in this phase, in all: a share (0..1] or a count. Absent: the hook decides. */
  readonly nodes?: { readonly share: number } | { readonly count: number };
  /** The share of the traffic that a hook is to give to the new release (0..1]; absent: what its nodes get. */
  readonly weight?: number;
  readonly settleMs: number;
  /** Overrides of the stage's verification; `false` = no verification in this phase. */
  readonly verify:
    | false
    | {
        readonly durationMs: number;
        readonly sensitivity: Sensitivity;
        /** Some of the stage's; absent: all of them. */
        readonly sources?: readonly string[];
      };
  /** Hook that goes on while the phase is verified, and is stopped with it. */
  readonly during?: string;
  /** Before the next phase. */
  readonly approval?: PhaseApproval;
}

export type Stage = DeployStage | ApprovalStage | CanaryStage;

/** `when:` as a tree; the grammar is in media/docs/pipeline-file.md. */
export type Condition =
  | { readonly op: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly op: 'not'; readonly operand: Condition }
  | { readonly op: 'equals' | 'differs'; readonly left: Operand; readonly right: Operand }
  | { readonly op: 'in'; readonly left: Operand; readonly values: readonly InputValue[] }
  | { readonly op: 'matches'; readonly left: Operand; readonly pattern: string }
  | { readonly op: 'truthy'; readonly operand: Operand };
export type Operand =
  | { readonly literal: InputValue }
  /** `inputs.NAME`, `version`, or `stages.NAME.outcome` */
  | { readonly input: string }
  | { readonly version: true }
  | { readonly stageOutcome: string };

export function allStages(pipeline: Pipeline): readonly Stage[] {
  return pipeline.stages.flat();
}

/**
 * What a health source or a list of builds is read through; without a connection of the file it is this machine, which
 * has no address.
 */
export function connectionOf(
  { connections }: Pick<Pipeline, 'connections'>,
  source: OfVendor & { readonly connection?: string },
): Connection {
  const { connection, vendor } = source;
  return connection === undefined ? { vendor, url: '', credential: '' } : connections[connection]!;
}
