// The messages between the engine's thread and the analysis worker, and the settings of an analysis session.
import type { CountedWindow, NodePace } from './counts.ts';
import type { Answer, LearnedEvents, LogLine, MetricPoint } from './evidence.ts';
import type { Result } from '../failure.ts';
import type { SampledSource } from './sampling.ts';
import type { Feedback } from './feedback.ts';
import type { MetricQuery } from '../healthSource.ts';
import type { NamedValues, Sensitivity } from '../pipeline.ts';
import type { LackingRun, QueryRecord, VerificationReport } from './verdict.ts';

/** One answer of a vendor, still as bytes, which the worker decodes with the named decoder. */
export interface EvidencePage {
  readonly source: string;
  readonly decoder: DecoderName;
  /** Transferred to the worker: the sender must not use it afterwards. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /**
   * What the decoder needs besides the bytes (metric, node attribute, interval); `clockAheadMs` is subtracted from all
   * times.
   */
  readonly context: Readonly<Record<string, string | number>>;
}
/** A key of the registry of decoders, `vendors/decoders.decode.ts`. */
export type DecoderName = string;

/**
 * A decoder is pure: bytes of one page in, lines, points, answers or counts out. `rows` counts what the vendor sent
 * (for paging).
 */
export type Decode = (bytes: Uint8Array, context: EvidencePage['context']) => Result<DecodedPage>;
export interface DecodedPage {
  readonly rows: number;
  readonly lines?: readonly LogLine[];
  readonly points?: readonly MetricPoint[];
  readonly answers?: readonly Answer[];
  /** True for counts. Once a source has counted, only its counts are compared, never its lines. */
  readonly counts?: CountedWindow;
}

export interface AnalysisSettings {
  /** The release that is verified; what is learned from a good one is stored under it. */
  readonly version?: string;
  readonly sensitivity: Sensitivity;
  /** Values in log lines that matter or never matter; absent: none is named. */
  readonly values?: NamedValues;
  readonly canaryNodes: readonly string[];
  /** Empty in the last phase: the canary is then compared with the time before and with learned deployments. */
  readonly baselineNodes: readonly string[];
  /** Nodes whose past replaces a missing baseline; the canary nodes' own if absent. */
  readonly earlierNodes?: readonly string[];
  readonly baselineKind: 'existing' | 'fresh' | 'previous';
  /** The time from which the canary nodes count as canary. */
  readonly canarySinceMs: number;
  /**
   * `before` is [beforeFromMs, beforeToMs); what lies between it and canarySinceMs (the deployment itself, earlier
   * phases) is not judged.
   */
  readonly beforeFromMs: number;
  readonly beforeToMs: number;
  readonly intervalMs: number;
  /** The minimum time of canary evidence for a pass. */
  readonly durationMs: number;
  /** The time from which it may pass early; absent: not before `durationMs`. */
  readonly passAfterMs?: number;
  /** The longest automatic extension of an inconclusive verification; absent: none. */
  readonly extendToMs?: number;
  /** Canary traffic over baseline traffic, for each node. */
  readonly trafficWeight: number;
  /**
   * True if the number of nodes does not determine the traffic of the sides. It is then measured by a metric that
   * counts requests.
   */
  readonly measuresTraffic?: true;
  /** The same time on the day before, as a further comparison for metrics without baseline nodes. */
  readonly dayBefore?: { readonly fromMs: number; readonly toMs: number };
  /** An earlier run whose evidence replaces the baseline. */
  readonly earlier?: EarlierRun;
  /** Present if the run that the pipeline names cannot be used for a comparison. */
  readonly lacking?: LackingRun;
  readonly sources: readonly AnalysisSource[];
}
export type AnalysisSource =
  | {
      readonly kind: 'logs';
      readonly name: string;
      readonly delayMs: number;
      readonly learned?: LearnedEvents;
      readonly feedback?: readonly Feedback[];
      readonly versions?: VersionSides;
    }
  | {
      readonly kind: 'metrics';
      readonly name: string;
      readonly delayMs: number;
      readonly metrics: readonly MetricQuery[];
      readonly versions?: VersionSides;
    }
  | {
      readonly kind: 'measurement';
      readonly name: string;
      readonly delayMs: 0;
      readonly versions?: never;
      /** The number of consecutive `fail` answers that fail the check. */
      readonly failures: number;
    };

/**
 * `load-test`: instead of everything else; `learned`: for metrics without a time before; `phase`: the same, where no
 * earlier run was good, of the earlier phase of this run.
 */
export interface EarlierRun {
  readonly mode: 'load-test' | 'learned' | 'phase';
  readonly run: number;
  /** The person who pinned it. */
  readonly by?: string;
  /** A KeptEvidence as UTF-8 JSON, compressed (raw deflate). */
  readonly evidence: Uint8Array;
}

/** For a source that distinguishes the sides by version: versions take the place of nodes. */
export interface VersionSides {
  readonly canary: readonly string[];
  /** Empty in the last phase, and when a rollback is verified. */
  readonly baseline: readonly string[];
  /** Nodes that ran before the canary, which it is compared with if there is no baseline. */
  readonly before: readonly string[];
}

export interface Look {
  readonly atMs: number;
  /** Evidence from this time on does not count; absent: all evidence counts. */
  readonly untilMs?: number;
  /** Sources whose latest read failed, with the reason: their checks are inconclusive unless they have failed. */
  readonly unread: Readonly<Record<string, string>>;
  /** Sources whose evidence was cut by a vendor's limit. */
  readonly partial: Readonly<Record<string, { readonly read: number; readonly total: number }>>;
  /** Sources whose vendor's clock is ahead of ours, and by how much; negative: behind. */
  readonly clockAhead?: Readonly<Record<string, number>>;
  /** Sources with more than `mostLines` lines, which count them themselves, and how much their nodes wrote recently. */
  readonly counted?: Readonly<Record<string, { readonly mostLines: number; readonly paces: readonly NodePace[] }>>;
  /** Sources that are read as a sample. */
  readonly sampled?: Readonly<Record<string, SampledSource>>;
  /** True if no more time will be given: missing evidence is then inconclusive, not pending. */
  readonly final: boolean;
}

/** The result of an evaluation, in both forms of model/evidence/reportPages.ts. */
export interface Looked {
  readonly report: VerificationReport;
  /** Each as compressed UTF-8 (raw deflate): stored and transferred as it is, and only decompressed by a reader. */
  readonly pages: readonly Uint8Array<ArrayBuffer>[];
}

/** The evidence and state of one verification, wherever it is computed. */
export interface AnalysisSession {
  ingest(page: EvidencePage): Promise<Result<{ rows: number }>>;
  look(look: Look): Promise<Result<Looked>>;
  /** Replaces the feedback, which applies from the next evaluation on. */
  setFeedback(entries: readonly Feedback[]): Promise<Result<void>>;
  /** What a good deployment taught, per log source, merged with earlier knowledge. */
  learn(): Promise<Result<Readonly<Record<string, LearnedEvents>>>>;
  /** What the canary showed, in the form of EarlierRun. */
  keep(): Promise<Result<Uint8Array<ArrayBuffer>>>;
  close(): void;
}

export interface ReadSummary {
  readonly queries: readonly QueryRecord[];
  /** Present if a vendor's limit cut the evidence. */
  readonly partial?: { readonly read: number; readonly total: number };
  /** How far the vendor's clock is ahead of ours; times were corrected by it. */
  readonly clockAheadMs?: number;
}

export type AnalysisRequest =
  | {
      readonly id: number;
      readonly session: number;
      readonly type: 'open';
      readonly settings: AnalysisSettings;
      /** Removed from samples and templates; kept in memory only. */
      readonly secrets: readonly string[];
      /** Patterns of the vendors' keys, which are removed too. */
      readonly secretForms: readonly RegExp[];
    }
  | { readonly id: number; readonly session: number; readonly type: 'ingest'; readonly page: EvidencePage }
  | { readonly id: number; readonly session: number; readonly type: 'look'; readonly look: Look }
  | { readonly id: number; readonly session: number; readonly type: 'feedback'; readonly entries: readonly Feedback[] }
  | { readonly id: number; readonly session: number; readonly type: 'learn' | 'keep' }
  | { readonly id: number; readonly session: number; readonly type: 'close' };
export interface AnalysisReply {
  readonly id: number;
  readonly result: Result<unknown>;
}
