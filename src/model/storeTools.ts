// What `backstop doctor`, `audit`, `export` and `import` need from the store, even if no engine can open it.
import type { Failure, Result } from './failure.ts';
import type { Guard, RunSummary } from './history.ts';
import type { Release } from './release.ts';
import type { RunEvent } from './runs/runEvents.ts';

export interface StoreTools {
  /** The file of the store. */
  readonly path: string;
  /** The problem with the file; undefined if there is none, or no file. */
  damage(): Failure | undefined;
  /** Recomputes every hash chain and digest, and compares the store with its second journals. */
  audit(): Result<StoreAudit>;
  /** Rebuilds what is damaged, missing or changed from the second journals; each value describes one repair. */
  repair(): Result<readonly string[]>;
  /** The holder of each environment, and the runs that have not ended. */
  overview(): Result<StoreOverview>;
  /** What in a bundle differs from the export, completing "it cannot be trusted: "; undefined: nothing. */
  checkBundle(bundle: EvidenceBundle): string | undefined;
  /** The value with every text of it redacted. */
  redact<T>(value: T): T;
  exportRun(run: RunSummary): Result<EvidenceBundle>;
  /** Imports it as a run of this store, so that every view can show it; importing the same run twice is refused. */
  importRun(bundle: EvidenceBundle): Result<RunSummary>;
}

export interface StoreAudit {
  readonly runs: number;
  readonly events: number;
  readonly ledgerEntries: number;
  readonly releases: number;
  /** The last link of the ledger's chain. A copy kept elsewhere can later prove that nothing before it was changed. */
  readonly head?: string;
  /** What was changed, removed or added, one sentence each. */
  readonly findings: readonly string[];
}

export interface StoreOverview {
  readonly sizeBytes: number;
  /** In bytes: the file with its write-ahead log, the journals next to it, and the output of hooks. */
  readonly sizes: { readonly database: number; readonly journals: number; readonly hooks: number };
  readonly runs: number;
  readonly leases: readonly {
    readonly environment: string;
    readonly run: string;
    readonly process: string;
    readonly renewedAtMs: number;
    /** True if its process is known to have ended. */
    readonly isDead: boolean;
  }[];
  readonly unfinished: readonly number[];
  /** For runs that have not ended: what their guardians will do, and when, if known. */
  readonly guards: readonly ({ readonly run: number; readonly process: string } & Guard)[];
  /** Newest first. */
  readonly failures: readonly { readonly run: number; readonly atMs: number; readonly failure: Failure }[];
}

export const bundleFormat = 'backstop-evidence-1';

/** One run with its evaluated data, for another machine. It was redacted when it was journalled. */
export interface EvidenceBundle {
  readonly format: typeof bundleFormat;
  readonly exportedAtMs: number;
  readonly run: RunSummary;
  readonly events: readonly RunEvent[];
  /** The link of each event's chain, as stored. */
  readonly hashes: readonly string[];
  readonly releases: readonly Release[];
  /** The full checks of each verification's latest evaluation, in base64 pages. */
  readonly reports: readonly { readonly key: string; readonly lookedAtMs: number; readonly pages: readonly string[] }[];
  /** What the bundle does not contain, in words. */
  readonly without: readonly string[];
  /** sha-256 over all of the above. */
  readonly digest: string;
}
