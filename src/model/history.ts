// The store as the core sees it: runs, releases, nodes, leases, and the messages between processes.
import type { LearnedEvents } from './evidence/evidence.ts';
import type { Check } from './evidence/verdict.ts';
import type { Failure } from './failure.ts';
import type { Repository } from './identity.ts';
import type { Hook } from './hook.ts';
import type { InputValues, Unattended } from './pipeline.ts';
import type { LedgerEntry, Release } from './release.ts';
import type { HookCall, Instruction, Person, RunEvent, RunOutcome } from './runs/runEvents.ts';
import type { Fence } from './runs/takenOver.ts';

/** The one store of this user on this machine. Synchronous and short; throws only if the store itself is broken. */
export interface History {
  /** What happened to the store that a user must know about (it was lost and rebuilt); each is reported once. */
  takeNotices(): readonly Failure[];
  createRun(run: NewRun): number;
  /**
   * Appends in one transaction, and throws `TakenOver` if a fence is no longer valid or another process has written.
   */
  append(runId: string, events: readonly RunEvent[], fences?: readonly Fence[]): void;
  /** In order; at most `limit`, or all of them. */
  events(runId: string, afterSeq?: number, limit?: number): readonly RunEvent[];
  /** The durations of a pipeline's stages in its latest promoted runs, in milliseconds, by the name of the stage. */
  stageDurations(pipeline: string, runs: number, service: string): Readonly<Record<string, readonly number[]>>;
  /** Newest first. */
  runs(query: {
    readonly limit: number;
    readonly before?: number;
    readonly service?: string;
    readonly version?: string;
  }): readonly RunSummary[];
  findRun(idOrNumber: string): RunSummary | undefined;

  /**
   * The full checks of a verification's latest evaluation, in the pages of model/evidence/reportPages.ts; earlier ones
   * are deleted.
   */
  saveReport(runId: string, key: string, lookedAtMs: number, pages: readonly Uint8Array[]): void;
  /** Undefined if it is no longer stored: only the reports of the latest runs are. */
  report(runId: string, key: string): StoredReport | undefined;

  /** The evidence of the canary of a verification; kept for the latest runs and for pinned runs. */
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

  /**
   * The identity of a service, according to the repository of its pipeline file. `service` below is such an identity.
   */
  identityOf(query: IdentityQuery): string;
  /**
   * Like `identityOf`, but also claims the service and these nodes (by environment) for the repository. A rival is
   * another repository's service with this name that has one of the nodes; then nothing is claimed.
   */
  claim(query: IdentityQuery, nodes: Readonly<Record<string, readonly string[]>>): Claim;
  /** Other services that claim these nodes or were seen to deploy to them. Claims nothing. */
  sharers(query: IdentityQuery, environment: string, nodes: readonly string[]): readonly Sharer[];
  /** Makes everything that is stored under `identity` available to this repository. */
  takeOver(query: IdentityQuery, identity: string): void;
  /** All identities of services with this name. */
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
  /** Removes nodes that no longer exist. */
  forgetNodes(service: string, environment: string, nodes: readonly string[], fence?: Fence): void;
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
   * The same for versions that are listed without times, newest first. The first process to see a newest version that
   * was never in the list gets `new`. A version that is the newest again because a newer one was removed is `known`.
   */
  noteVersions(job: string, versions: readonly string[]): 'first' | 'new' | 'known';

  /**
   * Allows one run per environment. A lease can be taken if its process has ended or has not renewed it for `ttlMs`:
   * first by the run that held it last, then by the run that has waited longest.
   */
  acquireLease(name: string, runId: string, ttlMs: number, wish?: LeaseWish): LeaseAnswer;
  renewLease(name: string, runId: string): boolean;
  /** Also gives up the place in the queue. */
  releaseLease(name: string, runId: string): void;
  /** True if no other owner has taken it since. */
  holds(fence: Fence): boolean;
  /** The run that took it last, whether or not it was released. */
  lastHolder(name: string): string | undefined;
  /** True if the process of the run exists. */
  isRunning(runId: string): boolean;
  /** Stores the state of a run's guardian; undefined when it ends. `nothing` asks the guardian to end. */
  noteGuard(runId: string, guard: Guard | undefined): void;
  /** Undefined if the guardian's process is not alive. */
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
  readonly rival?: Sharer & { readonly environment: string };
}
/** Another service, or another repository's service of the same name, with the nodes that both use. */
export interface Sharer {
  readonly identity: string;
  readonly nodes: readonly string[];
}
export interface LeaseWish {
  /** If refused, the run waits in order of arrival. */
  readonly queue?: boolean;
  /**
   * Called just before the lease is taken, while no other process can take it. Returns a reason for not taking it yet.
   */
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
  /** The identity of its service. */
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
  /** Absent: the service's name, as older versions stored it. */
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

/** Hooks that were about to be started and whose end is not recorded. */
export interface OpenHook {
  readonly runId: string;
  readonly number: number;
  readonly call: HookCall;
  readonly kind: Hook['kind'];
  readonly timeoutMs: number;
  readonly intendedAtMs: number;
}

/** The lease of the one process that guards a run. */
export function guardLease(runId: string): string {
  return `guard ${runId}`;
}
/** The next act of a run's guardian. */
export interface Guard extends Unattended {
  /** Absent while a process runs the run, or if nothing is at stake. */
  readonly dueAtMs?: number;
}
