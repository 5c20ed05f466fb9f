// What `backstop doctor`, `audit`, `export` and `import` ask of the store itself, also where no engine can be made of it.
import type { Failure, Result } from './failure.ts';
import type { Guard, RunSummary } from './ports.ts';
import type { Release } from './release.ts';
import type { RunEvent } from './runs/runEvents.ts';

export interface StoreTools {
  /** The file of the store. */
  readonly path: string;
  /** What is wrong with the file; undefined: nothing, or there is none. */
  damage(): Failure | undefined;
  /** Recomputes every hash chain and digest, and compares the store with its second journals. */
  audit(): Result<StoreAudit>;
  /** Rebuilds what is damaged, missing or changed from the second journals; each value is one thing done, in words. */
  repair(): Result<readonly string[]>;
  /** What the environments are held by, and which runs have not ended. */
  overview(): Result<StoreOverview>;
  /** What of a bundle is not as it was exported, completing "it cannot be trusted: "; undefined: nothing. */
  checkBundle(bundle: EvidenceBundle): string | undefined;
  exportRun(run: RunSummary): Result<EvidenceBundle>;
  /** As a run of this store, so that everything that shows a run shows it; the same run twice is refused. */
  importRun(bundle: EvidenceBundle): Result<RunSummary>;
}

export interface StoreAudit {
  readonly runs: number;
  readonly events: number;
  readonly ledgerEntries: number;
  readonly releases: number;
  /** Last link of the ledger's chain. Whoever notes it elsewhere can prove later that nothing before it was changed. */
  readonly head?: string;
  /** What was changed, left out or put in, one sentence each. */
  readonly findings: readonly string[];
}

export interface StoreOverview {
  readonly sizeBytes: number;
  readonly runs: number;
  readonly leases: readonly {
    readonly environment: string;
    readonly run: string;
    readonly process: string;
    readonly renewedAtMs: number;
  }[];
  readonly unfinished: readonly number[];
  /** Of runs that have not ended: what their guardians do once nobody runs them, and by when, where that is known. */
  readonly guards: readonly ({ readonly run: number } & Guard)[];
  /** Newest first. */
  readonly failures: readonly { readonly run: number; readonly atMs: number; readonly failure: Failure }[];
}

export const bundleFormat = 'backstop-evidence-1';

/** One run as it was judged, for another machine. Redacted when it was journalled; no log line and no answer of a source beyond what was judged. */
export interface EvidenceBundle {
  readonly format: typeof bundleFormat;
  readonly exportedAtMs: number;
  readonly run: RunSummary;
  readonly events: readonly RunEvent[];
  /** Link of each event's chain, as the store has it. */
  readonly hashes: readonly string[];
  readonly releases: readonly Release[];
  /** Whole checks of each verification's newest look, in base64 pages. */
  readonly reports: readonly { readonly key: string; readonly lookedAtMs: number; readonly pages: readonly string[] }[];
  /** What is not in it, in words. */
  readonly without: readonly string[];
  /** sha-256 over all of the above. */
  readonly digest: string;
}
