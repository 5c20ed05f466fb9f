// Everything that the core needs from outside.
import type { AnalysisSession, AnalysisSettings, EvidencePage, ReadSummary } from './evidence/analysis.ts';
import type { LearnedEvents } from './evidence/evidence.ts';
import type { Failure, Result } from './failure.ts';
import type { ArtifactSource, Connection, HealthSource, Hook, InputValues, Pipeline, Unattended } from './pipeline.ts';
import type { Repository } from './identity.ts';
import type { Artifact, Configuration, LedgerEntry, Release } from './release.ts';
import type { SourceCheck } from './evidence/sourceCheck.ts';
import type { HookCall, HookOutcome, Instruction, Person, RunEvent, RunOutcome } from './runs/runEvents.ts';
import type { Fence } from './runs/takenOver.ts';
import type { Check } from './evidence/verdict.ts';

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
   * Whether something that another owner meant to start is still active, whichever owner it is. What has not started by
   * the time of this call never will.
   */
  isUnderWay(hook: OpenHook): boolean;
}
/** Hooks that were meant to be started and whose end no one has seen. */
export interface OpenHook {
  readonly runId: string;
  readonly number: number;
  readonly call: HookCall;
  readonly kind: Hook['kind'];
  readonly timeoutMs: number;
  readonly intendedAtMs: number;
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
  /** Checked before every side effect, a stop included: false once another owner may act, and then nothing is done. */
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
  /** Nothing was ever deployed there, or on that node, so no source can know it. */
  readonly isNew: (environment: string, node?: string) => boolean;
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
  /** Refused if the file is no longer `expected`. Undefined removes the file. */
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
}
export interface Build {
  readonly artifact: Artifact;
  readonly standing: 'building' | 'passed' | 'unstable' | 'failed' | 'cancelled';
  /** The same in the vendor's own word; absent while it is built. */
  readonly result?: string;
  readonly startedAtMs: number;
  readonly durationMs: number;
  /** Why it cannot be deployed: its result, or what is missing. */
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

/** The one store of this user on this machine. Synchronous and short; throws only if the store itself is broken. */
export interface History {
  /** What happened to the store that a person must know (it was lost and rebuilt); each is reported once. */
  takeNotices(): readonly Failure[];
  createRun(run: NewRun): number;
  /**
   * Appends in one transaction, and throws `TakenOver` if a fence is no longer valid or another process has written.
   */
  append(runId: string, events: readonly RunEvent[], fences?: readonly Fence[]): void;
  /** In order; at most `limit`, or all of them. */
  events(runId: string, afterSeq?: number, limit?: number): readonly RunEvent[];
  /** Duration of each stage of a pipeline in its latest promoted runs, in milliseconds, by the name of the stage. */
  stageDurations(pipeline: string, runs: number, service: string): Readonly<Record<string, readonly number[]>>;
  /** Newest first. */
  runs(query: { readonly limit: number; readonly before?: number; readonly service?: string }): readonly RunSummary[];
  findRun(idOrNumber: string): RunSummary | undefined;

  /**
   * The full checks of a verification's latest evaluation, in the pages of model/analysis.ts; earlier ones are deleted.
   */
  saveReport(runId: string, key: string, lookedAtMs: number, pages: readonly Uint8Array[]): void;
  /** Undefined if it is no longer stored: only the reports of the latest runs are. */
  report(runId: string, key: string): StoredReport | undefined;

  /** What the canary of a verification showed; for the latest runs and for pinned runs. */
  saveEvidence(kept: KeptVerification, evidence: Uint8Array): void;
  /** Evidence of that verification; if there is none, of the latest phase of the same run and environment. */
  evidence(
    runId: string,
    environment: string,
    key: string,
  ): { readonly intervalMs: number; readonly evidence: Uint8Array } | undefined;
  /** Environments with stored evidence. */
  keptEnvironments(runId: string): readonly string[];
  /** The latest promoted run of a pipeline before this one that has such evidence. */
  lastGoodRun(runId: string, environment: string): RunSummary | undefined;
  /** At most one run is pinned for a pipeline and an environment: the latest one. */
  pin(pin: Pin): void;
  unpin(pipeline: string, service: string, environment: string): boolean;
  pinned(pipeline: string, service: string, environment: string): Pin | undefined;
  pins(): readonly Pin[];

  /** What a service is known under, by the repository of its pipeline file. `service` below is such an identity. */
  identityOf(query: IdentityQuery): string;
  /**
   * The same, and from now on: the repository says that the service and these nodes, by environment, are its own. A
   * rival is another repository's service of this name that has one of the nodes; then nothing is claimed.
   */
  claim(query: IdentityQuery, nodes: Readonly<Record<string, readonly string[]>>): Claim;
  /** From now on, what is known under `identity` is this repository's too. */
  takeOver(query: IdentityQuery, identity: string): void;
  /** All under which a service of this name is known. */
  identities(service: string): readonly string[];

  saveRelease(release: Release): void;
  release(id: string): Release | undefined;
  releases(service: string): readonly Release[];
  /** Throws `TakenOver` if the fence is no longer valid. */
  record(entry: LedgerEntry, fence?: Fence): void;
  /** Oldest first. */
  ledger(service: string, environment?: string): readonly LedgerEntry[];
  setNodes(
    service: string,
    environment: string,
    nodes: readonly string[],
    release: string | null,
    atMs: number,
    fence?: Fence,
  ): void;
  nodes(service: string, environment: string): readonly NodeState[];

  learned(service: string, environment: string, source: string): LearnedEvents | undefined;
  saveLearned(service: string, environment: string, source: string, learned: LearnedEvents): void;

  instruct(runId: string, instruction: Instruction): void;
  instructions(runId: string, afterSeq: number): readonly { readonly seq: number; readonly instruction: Instruction }[];

  /**
   * Marks the latest build of a watched job: `first` if none was marked, `new` for the first to see a newer one,
   * otherwise `known`.
   */
  noteBuild(job: string, startedAtMs: number): 'first' | 'new' | 'known';

  /**
   * One run per environment at a time. A lease can be taken if its process has ended or has not renewed it for `ttlMs`:
   * first by the run that had it last, then by the one that waited longest.
   */
  acquireLease(name: string, runId: string, ttlMs: number, wish?: LeaseWish): LeaseAnswer;
  renewLease(name: string, runId: string): boolean;
  /** Its place in the queue is given up too. */
  releaseLease(name: string, runId: string): void;
  /** True if no other owner has taken it since. */
  holds(fence: Fence): boolean;
  /** The run that took it last, whether or not it was released. */
  lastHolder(name: string): string | undefined;
  /** The process of the run exists. */
  isRunning(runId: string): boolean;
  /** What people are told of the guardian of a run; undefined: it ends. `nothing`: it is to end. */
  noteGuard(runId: string, guard: Guard | undefined): void;
  /** Only of a guardian that lives. */
  guard(runId: string): Guard | undefined;
  openHooks(service: string, environment: string): readonly OpenHook[];
}
export interface IdentityQuery {
  readonly service: string;
  readonly repository: Repository;
  /** The pipeline file, relative to its folder. */
  readonly file: string;
}
export interface Claim {
  readonly identity: string;
  readonly rival?: { readonly identity: string; readonly environment: string; readonly nodes: readonly string[] };
}
export interface LeaseWish {
  /** A refused run waits; the order is that of arrival. */
  readonly queue?: boolean;
  /** Called just before the lease is taken, while no other can take it; returns why not yet. */
  readonly refuse?: () => string | undefined;
}
export type LeaseAnswer =
  | { readonly held: true; readonly generation: number }
  /** `silent`: its holder is alive and has not renewed it; it can be taken soon. */
  | { readonly held: false; readonly by: string; readonly silent?: boolean };
export interface KeptVerification {
  readonly runId: string;
  readonly environment: string;
  /** Name of the verification. */
  readonly key: string;
  readonly phase: number;
  readonly intervalMs: number;
}
/** A run that later runs of the pipeline in this environment are compared with. */
export interface Pin {
  readonly pipeline: string;
  /** Its identity. */
  readonly service: string;
  readonly environment: string;
  readonly runId: string;
  readonly by: string;
  readonly atMs: number;
}
export interface StoredReport {
  readonly lookedAtMs: number;
  /** Reads its current state; yields often. */
  read(): Generator<void, readonly Check[]>;
}
export interface NewRun {
  readonly id: string;
  readonly pipeline: string;
  readonly service: string;
  /** Absent: the service's name, as an older Backstop knew it. */
  readonly identity?: string;
  readonly by: Person;
  readonly version: string;
  readonly inputs: InputValues;
  readonly startedAtMs: number;
}
export interface RunSummary extends NewRun {
  readonly number: number;
  readonly outcome?: RunOutcome;
  readonly finishedAtMs?: number;
}
export interface NodeState {
  readonly node: string;
  readonly release: string | null;
  readonly sinceMs: number;
}

/** Starts a small process of its own, which looks after a run once nobody else does. */
export interface Guardian {
  /** Why there will be none. */
  watch(runId: string, pipeline: Pipeline): Failure | undefined;
}
/** The lease of the one process that guards a run. */
export function guardLease(runId: string): string {
  return `guard ${runId}`;
}
/** What the guardian of a run is about to do. */
export interface Guard extends Unattended {
  /** Absent while somebody runs the run, or nothing of it is at stake. */
  readonly dueAtMs?: number;
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
  /** Absent: it was switched off. */
  readonly guardian?: Guardian;
  readonly log: Log;
}
