// All that the core asks of the world.
import type { AnalysisSession, AnalysisSettings, EvidencePage, ReadSummary } from './evidence/analysis.ts';
import type { LearnedEvents } from './evidence/evidence.ts';
import type { Failure, Result } from './failure.ts';
import type {
  ArtifactSource,
  BuildResult,
  Connection,
  HealthSource,
  Hook,
  InputValues,
  Pipeline,
  Unattended,
} from './pipeline.ts';
import type { Artifact, Configuration, LedgerEntry, Release } from './release.ts';
import type { SourceCheck } from './evidence/sourceCheck.ts';
import type { HookCall, HookOutcome, Instruction, Person, RunEvent, RunOutcome } from './runs/runEvents.ts';
import type { Fence } from './runs/takenOver.ts';
import type { Check } from './evidence/verdict.ts';

/** Epoch milliseconds. `sleep` ends early, without a throw, when the signal aborts; it does not heed a clock that is set. */
export interface Clock {
  now(): number;
  /** Never set, the same for every process since the machine started, and standing still while the machine sleeps, where the platform can tell. */
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
  /** Whether what another owner meant to start still acts, whoever of them lives. What it has not started when this is asked never will be. */
  isUnderWay(hook: OpenHook): boolean;
}
/** Meant to be started, and nobody has seen its end. */
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
  /** All BACKSTOP_ variables, and the release's own. */
  readonly variables: Readonly<Record<string, string>>;
  readonly connections: Readonly<Record<string, Connection>>;
  /** The intent was journalled in an earlier process: look for what it started before starting it (again). */
  readonly reattach: boolean;
  /** Asked before every side effect, a stop included: false once another owner may act, and then nothing is touched. */
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
  /** The queries a read would ask, as text, without asking them. */
  describe(request: ReadRequest): readonly string[];
}
export interface ReadRequest {
  readonly source: HealthSource;
  readonly connection: Connection;
  /** Names of nodes; of a source that tells its sides apart by version, versions, and all that there are where none is named. */
  readonly nodes: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
  readonly intervalMs: number;
}

/** Looks before a deployment whether what a pipeline names outside of itself exists. */
export interface SourceChecks {
  /** Each check is told as soon as it is there; all of them at the end. An abort leaves `unknown` what was not answered. */
  check(
    request: SourceCheckRequest,
    onCheck: (check: SourceCheck) => void,
    signal: AbortSignal,
  ): Promise<readonly SourceCheck[]>;
}
export interface SourceCheckRequest {
  readonly pipeline: Pipeline;
  /** Nothing was ever deployed there, or on that node of it, so that no source can know it. */
  readonly isNew: (environment: string, node?: string) => boolean;
}

export interface Markers {
  place(marker: Marker, signal: AbortSignal): Promise<Result<{ id: string }>>;
  /** Before anything is deployed: `not-found` or `invalid` where what the connection names to be marked is not exactly one thing. */
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
  /** Undefined where there is none. */
  read(): Result<string | undefined>;
  /** Refused when what stands there is not `expected` any more. Undefined removes the file. */
  replace(expected: string | undefined, text: string | undefined): Result<void>;
}

/** Where artifacts come from, newest first. */
export interface Artifacts {
  list(
    source: ArtifactSource & { kind: 'jenkins' },
    connection: Connection,
    limit: number,
    signal: AbortSignal,
  ): Promise<Result<readonly Build[]>>;
}
export interface Build {
  readonly artifact: Artifact;
  /** null: it still runs. */
  readonly result: BuildResult | null;
  readonly startedAtMs: number;
  readonly durationMs: number;
  /** Why it cannot be deployed: how it ended, or what it lacks. */
  readonly refused?: string;
}

export interface Analysis {
  open(settings: AnalysisSettings): Promise<Result<AnalysisSession>>;
  close(): Promise<void>;
}

/** The workspace's files that make up a configuration, and their way out to a hook. */
export interface Configurations {
  /** Reads, digests and stores the files; fails naming the first missing one. */
  capture(files: readonly string[], variables: Readonly<Record<string, string>>): Result<Configuration>;
  /** A folder with exactly the files of this configuration, and `variables.json`. */
  materialise(configuration: Configuration, runId: string): Result<string>;
  /** The id of a release: a digest over service, version, the artifact's fingerprint where it has one, and configuration. */
  releaseId(service: string, artifact: Artifact, configurationDigest: string): string;
  /** Content of one stored file, for a comparison. */
  read(digest: string): Result<Uint8Array>;
}

/** The one store of this user on this machine. Synchronous and short; throws only when the store itself is broken. */
export interface History {
  /** What became of the store itself that a person must hear of (it was lost and rebuilt); each is told once. */
  takeNotices(): readonly Failure[];
  createRun(run: NewRun): number;
  /** Appends in one transaction, and throws `TakenOver` where a fence holds no more or another process has written on. */
  append(runId: string, events: readonly RunEvent[], fences?: readonly Fence[]): void;
  /** In order; at most `limit`, without it all. */
  events(runId: string, afterSeq?: number, limit?: number): readonly RunEvent[];
  /** How long each stage of a pipeline took, ms, in its latest promoted runs; by the name of the stage. */
  stageDurations(pipeline: string, runs: number): Readonly<Record<string, readonly number[]>>;
  /** Newest first. */
  runs(query: { readonly limit: number; readonly before?: number; readonly service?: string }): readonly RunSummary[];
  findRun(idOrNumber: string): RunSummary | undefined;

  /** Whole checks of a verification's newest look, in the pages of model/analysis.ts; those of an earlier look are gone. */
  saveReport(runId: string, key: string, lookedAtMs: number, pages: readonly Uint8Array[]): void;
  /** Undefined where there is none any more: the reports of the latest runs are kept. */
  report(runId: string, key: string): StoredReport | undefined;

  /** What the canary of a verification showed; of the latest runs, and of those that are pinned. */
  saveEvidence(kept: KeptVerification, evidence: Uint8Array): void;
  /** Of that verification, else of another of the run in this environment: the latest phase. */
  evidence(
    runId: string,
    environment: string,
    key: string,
  ): { readonly intervalMs: number; readonly evidence: Uint8Array } | undefined;
  /** Environments of which something is kept. */
  keptEnvironments(runId: string): readonly string[];
  /** The newest promoted run of a pipeline before this one of which such evidence is kept. */
  lastGoodRun(runId: string, environment: string): RunSummary | undefined;
  /** At most one run is pinned for a pipeline and an environment: the latest. */
  pin(pin: Pin): void;
  unpin(pipeline: string, service: string, environment: string): boolean;
  pinned(pipeline: string, service: string, environment: string): Pin | undefined;
  pins(): readonly Pin[];

  saveRelease(release: Release): void;
  release(id: string): Release | undefined;
  releases(service: string): readonly Release[];
  /** With a fence that holds no more, it throws `TakenOver`. */
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

  /** Marks the newest build of a watched job: `first` where none was marked, `new` for whoever sees a newer one first, else `known`. */
  noteBuild(job: string, startedAtMs: number): 'first' | 'new' | 'known';

  /**
   * One run per environment at a time. A lease whose process is gone, or that was not renewed for `ttlMs`, may be taken: by whoever waited
   * first, and by the one that had it last before all of them.
   */
  acquireLease(name: string, runId: string, ttlMs: number, wish?: LeaseWish): LeaseAnswer;
  renewLease(name: string, runId: string): boolean;
  /** And the place among those who wait. */
  releaseLease(name: string, runId: string): void;
  /** Nobody has taken it since. */
  holds(fence: Fence): boolean;
  /** The run that took it last, be it given back or not. */
  lastHolder(name: string): string | undefined;
  /** The process of the run is there. */
  isRunning(runId: string): boolean;
  /** What people are told of the guardian of a run; undefined: it ends. `nothing`: it is to end. */
  noteGuard(runId: string, guard: Guard | undefined): void;
  /** Only of a guardian that lives. */
  guard(runId: string): Guard | undefined;
  openHooks(service: string, environment: string): readonly OpenHook[];
}
export interface LeaseWish {
  /** Whoever is refused waits, in the order in which they came. */
  readonly queue?: boolean;
  /** Asked just before it is taken, while nobody else can: why not yet. */
  readonly refuse?: () => string | undefined;
}
export type LeaseAnswer =
  | { readonly held: true; readonly generation: number }
  /** `silent`: its holder lives and has not renewed it; it may be taken soon. */
  | { readonly held: false; readonly by: string; readonly silent?: boolean };
export interface KeptVerification {
  readonly runId: string;
  readonly environment: string;
  /** Of the verification. */
  readonly key: string;
  readonly phase: number;
  readonly intervalMs: number;
}
/** A run that later ones of the pipeline are compared with in this environment. */
export interface Pin {
  readonly pipeline: string;
  readonly service: string;
  readonly environment: string;
  readonly runId: string;
  readonly by: string;
  readonly atMs: number;
}
export interface StoredReport {
  readonly lookedAtMs: number;
  /** Reads it, as it is now; yields often. */
  read(): Generator<void, readonly Check[]>;
}
export interface NewRun {
  readonly id: string;
  readonly pipeline: string;
  readonly service: string;
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

/** For the programmer; a failure that a person must see is an event or a result. */
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
  readonly feedback: FeedbackFile;
  readonly history: History;
  /** Absent: it was switched off. */
  readonly guardian?: Guardian;
  readonly log: Log;
}
