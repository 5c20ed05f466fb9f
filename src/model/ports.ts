// Everything that the core needs from outside.
import type { AnalysisSession, AnalysisSettings, EvidencePage, ReadSummary } from './evidence/analysis.ts';
import type { CountedPart, NodePace } from './evidence/counts.ts';
import type { SourceCheck } from './evidence/sourceCheck.ts';
import type { QueryRecord } from './evidence/verdict.ts';
import type { Measured } from './evidence/verification.ts';
import type { Failure, Result } from './failure.ts';
import type { HealthSource } from './healthSource.ts';
import type { History, OpenHook } from './history.ts';
import type { Repository } from './identity.ts';
import type { Hook } from './hook.ts';
import type { ArtifactSource, Connection, Pipeline } from './pipeline.ts';
import type { Artifact, Configuration } from './release.ts';
import type { NodeLists } from './runs/nodeList.ts';
import type { HookCall, HookOutcome } from './runs/runEvents.ts';

/**
 * Epoch milliseconds. `sleep` ends early, without a throw, when the signal aborts; setting the clock does not affect
 * it.
 */
export interface Clock {
  now(): number;
  /**
   * Never set, the same for every process since the machine started, and paused while the machine sleeps, if the
   * platform can tell.
   */
  monotonicMs(): number;
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
}

export interface Ids {
  /** A new run's id: sortable by time, safe in a file name. */
  nextRunId(): string;
}

/** Starts a hook, or attaches to it if this key of this run was started before, and waits for its end. Never throws. */
export interface Hooks {
  run(request: HookRequest, signal: AbortSignal): Promise<HookOutcome>;
  /**
   * True if a process that another owner was about to start is still active. Anything that has not started by the time
   * of this call never will.
   */
  isUnderWay(hook: OpenHook): boolean;
}
export interface HookRequest {
  readonly runId: string;
  readonly hook: Hook;
  readonly call: HookCall;
  /** All BACKSTOP_ variables, and those of the release. */
  readonly variables: Readonly<Record<string, string>>;
  readonly connections: Readonly<Record<string, Connection>>;
  /** The intent was journalled in an earlier process: look for a hook that it started before starting one. */
  readonly reattach: boolean;
  /**
   * Must be checked before every side effect, including a stop. If false, another owner may act, and nothing may be
   * done.
   */
  readonly mayAct: () => boolean;
  /** Live output, already redacted; whole lines. */
  readonly onOutput: (stream: 'out' | 'err', text: string) => void;
}

/** Reads one health source. Pages go to `deliver` as bytes; nothing is parsed here. */
export interface HealthSources {
  read(
    request: ReadRequest,
    deliver: (page: EvidencePage) => Promise<Result<{ rows: number }>>,
    signal: AbortSignal,
  ): Promise<Result<ReadSummary>>;
  /** The queries of a read, as text, without sending them. */
  describe(request: ReadRequest): readonly string[];
  /** Absent if the source cannot count its lines. */
  counterOf?(request: ReadRequest): LineCounter | undefined;
}
/** For sources that can return the number of similar lines instead of the lines, if there are too many to read. */
export interface LineCounter {
  /** A probe takes as long as a read, so it is only used if a few seconds of lines suggest that there are many. */
  readonly probesSlowly?: true;
  /** The number of lines of each node. */
  probe(request: ReadRequest, signal: AbortSignal): Promise<Result<Probe>>;
  /**
   * Groups similar lines of both sides and counts them in one query. The page that is passed to `deliver` decodes to
   * `counts`.
   */
  count(
    request: CountRequest,
    deliver: (page: EvidencePage) => Promise<Result<{ rows: number }>>,
    signal: AbortSignal,
  ): Promise<Result<ReadSummary>>;
}
export interface Probe {
  readonly paces: readonly NodePace[];
  readonly queries: readonly QueryRecord[];
}
export interface CountRequest extends ReadRequest {
  readonly part: CountedPart;
  /** The canary nodes among `nodes`; the others are the baseline. */
  readonly canaryNodes: readonly string[];
  readonly sliceMs: number;
}
export interface ReadRequest {
  readonly source: HealthSource;
  readonly connection: Connection;
  /**
   * Names of nodes. For a source that distinguishes its sides by version: versions, and all of them if none is named.
   */
  readonly nodes: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly intervalMs: number;
  /** For a source that judges itself. */
  readonly measured?: Measured;
}

/** Checks before a deployment that everything a pipeline names exists. */
export interface SourceChecks {
  /** Each result is reported at once, and all of them at the end. After an abort, unanswered checks are `unknown`. */
  check(
    request: SourceCheckRequest,
    onCheck: (check: SourceCheck) => void,
    signal: AbortSignal,
  ): Promise<readonly SourceCheck[]>;
}
export interface SourceCheckRequest {
  readonly pipeline: Pipeline;
  /** True if nothing was deployed there before, so that no source can know it. */
  readonly isNew: (environment: string, node?: string) => boolean;
  /** The current version, for sources that distinguish their sides by version; empty if unknown. */
  readonly versions?: (environment: string) => readonly string[];
}

export interface Markers {
  place(marker: Marker, signal: AbortSignal): Promise<Result<{ id: string }>>;
  /** Before a deployment: `not-found` or `invalid` unless the connection names exactly one thing to mark. */
  check(connection: Connection, signal: AbortSignal): Promise<Result<void>>;
}
export interface Marker {
  readonly connection: Connection;
  readonly version: string;
  readonly purpose: 'canary' | 'rollback';
  readonly description: string;
  readonly by: string;
  readonly runId: string;
  readonly atMs: number;
}

/** `.backstop/feedback.yaml` of the workspace folder, as text. */
export interface FeedbackFile {
  /** Undefined if there is no file. */
  read(): Result<string | undefined>;
  /** Refused if the file no longer contains `expected`. Undefined removes the file. */
  replace(expected: string | undefined, text: string | undefined): Result<void>;
}

/** The source of artifacts, newest first. */
export interface Artifacts {
  list(
    source: ArtifactSource & { kind: 'build' },
    connection: Connection,
    limit: number,
    signal: AbortSignal,
  ): Promise<Result<readonly Build[]>>;
  /** The commits of the builds after one and up to another. Absent if the vendor does not keep them. */
  commits?(
    source: ArtifactSource & { kind: 'build' },
    connection: Connection,
    range: BuildRange,
    signal: AbortSignal,
  ): Promise<Result<Commits>>;
}
/** Numbers of builds of one job. */
export interface BuildRange {
  readonly after: number;
  readonly to: number;
}
export interface Commits {
  /** Newest first. */
  readonly commits: readonly Commit[];
  /** The number of further commits. */
  readonly more: number;
  /** False if some of the builds are no longer stored, or have more commits than are read. */
  readonly isWhole: boolean;
}
export interface Commit {
  /** Empty if it has none. */
  readonly id: string;
  readonly subject: string;
  readonly author: string;
}
export interface Build {
  readonly artifact: Artifact;
  readonly standing: 'building' | 'passed' | 'unstable' | 'failed' | 'cancelled';
  /** The vendor's own word for it; absent while the build runs. */
  readonly result?: string;
  /** Absent, like the duration, if the list of builds does not contain it. */
  readonly startedAtMs?: number;
  readonly durationMs?: number;
  /** The reason why it cannot be deployed: its result, or what is missing. */
  readonly refused?: string;
}

export interface Analysis {
  open(settings: AnalysisSettings): Promise<Result<AnalysisSession>>;
  close(): Promise<void>;
}

/** The workspace's files that make up a configuration, and the folder that gives them to a hook. */
export interface Configurations {
  /** Reads, digests and stores the files; fails naming the first missing one. */
  capture(files: readonly string[], variables: Readonly<Record<string, string>>): Result<Configuration>;
  /** A folder with exactly the files of this configuration, and `variables.json`. */
  materialise(configuration: Configuration, runId: string): Result<string>;
  /**
   * The id of a release: a digest over identity, version, the artifact's fingerprint if it has one, and configuration.
   */
  releaseId(identity: string, artifact: Artifact, configurationDigest: string): string;
  /** Content of one stored file, for a comparison. */
  read(digest: string): Result<Uint8Array>;
}

/** Starts a small separate process that acts on a run if no other process runs it any more. */
export interface Guardian {
  /** The reason if no guardian is started. */
  watch(runId: string, pipeline: Pipeline): Failure | undefined;
}
/** For developers; a failure that a person must see is an event or a result. */
export interface Log {
  debug(message: string): void;
  warn(message: string): void;
}

export interface Ports {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly hooks: Hooks;
  readonly nodeLists: NodeLists;
  readonly healthSources: HealthSources;
  readonly markers: Markers;
  readonly sourceChecks: SourceChecks;
  readonly artifacts: Artifacts;
  readonly analysis: Analysis;
  readonly configurations: Configurations;
  /** Of a folder; by default of the workspace folder. */
  readonly repository: (folder?: string) => Repository;
  readonly feedback: FeedbackFile;
  readonly history: History;
  /** Absent if it was switched off. */
  readonly guardian?: Guardian;
  readonly log: Log;
}
