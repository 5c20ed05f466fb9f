// A pipeline file, checked and with every default filled in. Durations are milliseconds.
import type { HealthSource } from './healthSource.ts';
import type { Hook, RetryPolicy } from './hook.ts';
import type { NodeWeights } from './runs/nodeWeights.ts';
import type { OfVendor } from './ofVendor.ts';
import type { ListedNode, NodesCommand } from './runs/nodeList.ts';

export interface Pipeline {
  readonly name: string;
  /** Path of the file it was read from, relative to the workspace folder. */
  readonly file: string;
  readonly service: string;
  /** The identity of the repository, if the file sets it with `id`. */
  readonly repository?: string;
  /** The identity of the service in the store (`model/identity.ts`); absent until it was looked up. */
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
  /** Absent in the journals of older versions: no guardian watches those runs. */
  readonly unattended?: Unattended;
}

/** What happens to a run that has changed nodes if its process is gone and no one continues it for this long. */
export interface Unattended {
  readonly afterMs: number;
  /**
   * `rollback`: its nodes are rolled back to the last working release. `hold`: the run ends as it is. `promote-never`:
   * verification continues and a failure is rolled back, but no further node is upgraded. `resume`: it continues as if
   * a person had resumed it. `nothing`: there is no guardian.
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
      /** Absent if a program on this machine lists the versions. */
      readonly connection?: string;
      /** The job with its folders, as the vendor names it; for a program, its command line. */
      readonly job: string;
      /** The reaction of an open editor to a new build that succeeded. */
      readonly watch: 'offer' | 'deploy' | 'off';
    });

/** A program on this machine lists the versions, not a build server. */
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
  /** A pattern that the whole string must match. */
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

/** A server, and the name of its credential (never the credential itself). */
export interface Connection extends OfVendor {
  readonly url: string;
  /** Absent if the server requires no authentication. */
  readonly credential?: string;
  /** True if deployments are marked there. */
  readonly marks?: true;
  /** The name of the vendor for people, if deployments are marked there. */
  readonly title?: string;
}
/** The connection of a vendor that requires a credential. */
export type ConnectionWithCredential = Connection & { readonly credential: string };

export interface Environment {
  readonly name: string;
  /** The nodes in the file or, with a command, from its latest answer; empty before the first one. */
  readonly nodes: readonly string[];
  /** The weight of each node; absent if none is given. */
  readonly weights?: NodeWeights;
  /** The command that lists the nodes, again in each phase. */
  readonly nodesCommand?: NodesCommand;
  /** Everything that the command returned about the nodes. */
  readonly listed?: readonly ListedNode[];
  /** The reaction of a run that finds another run in this environment. */
  readonly whenBusy: 'queue' | 'refuse';
}

export type Sensitivity = 'low' | 'medium' | 'high';

/** Values in log lines, identified by the text before them, whose meaning statistics cannot know. */
export interface NamedValues {
  /** A value that the reference never had is a separate event, and at least an error. */
  readonly watch: readonly string[];
  /** A new value is not an event, whatever it is. */
  readonly ignore: readonly string[];
}

export interface Verification {
  /** Names of health sources, every one of which must pass. */
  readonly sources: readonly string[];
  readonly durationMs: number;
  /**
   * The maximum total time for which an inconclusive verification continues automatically if it only needs more time;
   * absent: twice `durationMs`.
   */
  readonly extendToMs?: number;
  /**
   * The time after which the verification may pass early, if every check is certain enough; absent: not before its end.
   */
  readonly passAfterMs?: number;
  readonly intervalMs: number;
  readonly sensitivity: Sensitivity;
  /** Absent if no values are named. */
  readonly values?: NamedValues;
  /** History of the nodes that is read before the canary, for comparison. */
  readonly historyMs: number;
  /** What happens if a verification still could not measure after `holdForMs`. It never passes. */
  readonly missingData: 'hold' | 'rollback';
  /** How long an inconclusive verification continues to evaluate and waits for a person. */
  readonly holdForMs: number;
  /** How long rolled-back nodes are verified after a rollback. */
  readonly proofMs: number;
  /**
   * For a load test: compares with the run that a person pinned, or with this one, instead of with nodes or the time
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
  /** Asks a person, and rolls back if no one answers in time. */
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

/** Who may approve, and how long the run waits. */
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
  /** What happens after `timeoutMs`. A time-out never approves. */
  readonly onTimeout: 'reject' | 'hold';
}

/** An approval between a phase that passed and the next one. */
export interface PhaseApproval extends Approval {
  readonly onTimeout: 'rollback' | 'hold';
}

export interface CanaryStage extends StageCommon, StageTarget {
  readonly kind: 'canary';
  readonly deploy: string;
  readonly rollback: string;
  readonly check?: string;
  /** Absent: all nodes are rolled back at once. */
  readonly rollbackBatches?: RollbackBatches;
  /** Hook that tests the new nodes of a phase before anything else is done with them. */
  readonly beforeTraffic?: string;
  /** True if the check hook is called before the first phase to find out which nodes run the last working release. */
  readonly checksBefore?: true;
  readonly phases: readonly CanaryPhase[];
  /** How long verification continues after the last phase. */
  readonly watchMs: number;
  readonly verification: Verification;
  readonly onFailure: FailureStrategy;
}

/** Rolls nodes back in several batches. */
export interface RollbackBatches {
  /** The size of a batch: a share (0..1] of the nodes to roll back, rounded up, or a count. */
  readonly nodes: { readonly share: number } | { readonly count: number };
  /** `newest-first`: the nodes that were upgraded last come first. */
  readonly order: 'newest-first' | 'listed';
}

export interface CanaryPhase {
  /**
   * The total number of nodes that run the new release in this phase: a share (0..1] or a count. Absent: the hook
   * decides.
   */
  readonly nodes?: { readonly share: number } | { readonly count: number };
  /** The share of the traffic that a hook gives to the new release (0..1]; absent: the share of its nodes. */
  readonly weight?: number;
  readonly settleMs: number;
  /** Overrides of the stage's verification; `false` = no verification in this phase. */
  readonly verify:
    | false
    | {
        readonly durationMs: number;
        readonly sensitivity: Sensitivity;
        /** A subset of the stage's sources; absent: all of them. */
        readonly sources?: readonly string[];
      };
  /** A hook that runs while the phase is verified, and is stopped with it. */
  readonly during?: string;
  /** The approval that is required before the next phase. */
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
 * The access for a health source or a list of builds. Without a connection in the file, it is this machine, which has
 * no address.
 */
export function connectionOf(
  { connections }: Pick<Pipeline, 'connections'>,
  source: OfVendor & { readonly connection?: string },
): Connection {
  const { connection, vendor } = source;
  return connection === undefined ? { vendor, url: '', credential: '' } : connections[connection]!;
}
