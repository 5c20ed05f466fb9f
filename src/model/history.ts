// The store as the core sees it: runs, releases, nodes, leases and what processes tell each other through it.
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
  runs(query: {
    readonly limit: number;
    readonly before?: number;
    readonly service?: string;
    readonly version?: string;
  }): readonly RunSummary[];
  findRun(idOrNumber: string): RunSummary | undefined;

  /**
   * The full checks of a verification's latest evaluation, in the pages of model/analysis.ts; earlier ones are deleted.
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

  /** What a service is known under, by the repository of its pipeline file. `service` below is such an identity. */
  identityOf(query: IdentityQuery): string;
  /**
   * The same, and from now on: the repository says that the service and these nodes, by environment, are its own. A
   * rival is another repository's service of this name that has one of the nodes; then nothing is claimed.
   */
  claim(query: IdentityQuery, nodes: Readonly<Record<string, readonly string[]>>): Claim;
  /** Who else says, or was seen, to deploy to these nodes: other services too. Claims nothing. */
  sharers(query: IdentityQuery, environment: string, nodes: readonly string[]): readonly Sharer[];
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
  /** They are not there any more. */
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
   * The same of versions that are listed without times, newest first: `new` for the first to see a newest one that was
   * never in the list. One that is the newest again, because a newer one was taken away, is `known`.
   */
  noteVersions(job: string, versions: readonly string[]): 'first' | 'new' | 'known';

  /**
   * One run per environment at a time. A lease can be taken if its process has ended or has not renewed it for `ttlMs`:
   * first by the run that had it last, then by the one that waited longest.
   */
  acquireLease(name: string, runId: string, ttlMs: number, wish?: LeaseWish): LeaseAnswer;
  renewLease(name: string, runId: string): boolean;
  /** Gives up its place in the queue too. */
  releaseLease(name: string, runId: string): void;
  /** True if no other owner has taken it since. */
  holds(fence: Fence): boolean;
  /** The run that took it last, whether or not it was released. */
  lastHolder(name: string): string | undefined;
  /** The process of the run exists. */
  isRunning(runId: string): boolean;
  /** What people are told of the guardian of a run; undefined: it ends. `nothing`: it is to end. */
  noteGuard(runId: string, guard: Guard | undefined): void;
  /** Undefined unless the guardian's process is alive. */
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
/** Another service, or another repository's service of the same name, and the nodes that are its own as well. */
export interface Sharer {
  readonly identity: string;
  readonly nodes: readonly string[];
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

/** Hooks that were meant to be started and whose end no one has seen. */
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
  /** Absent while somebody runs the run, or nothing of it is at stake. */
  readonly dueAtMs?: number;
}
