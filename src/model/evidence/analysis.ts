// The messages between the engine's thread and the analysis worker, and what one analysis session is told.
import type { LearnedEvents, LogLine, MetricPoint } from './evidence.ts';
import type { Result } from '../failure.ts';
import type { Feedback } from './feedback.ts';
import type { MetricQuery, Sensitivity } from '../pipeline.ts';
import type { LackingRun, QueryRecord, VerificationReport } from './verdict.ts';

/** One answer of a vendor, still as bytes; the worker decodes it with the decoder of that name. */
export interface EvidencePage {
  readonly source: string;
  readonly decoder: DecoderName;
  /** Transferred to the worker: the sender may not use it afterwards. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What the decoder must know beside the bytes (metric, node attribute, interval); `clockAheadMs` is taken off every time in it. */
  readonly context: Readonly<Record<string, string | number>>;
}
/** A key of the registry of decoders, `vendors/decoders.decode.ts`. */
export type DecoderName = string;

/** A decoder is pure: bytes of one page in, lines or points out. `rows` counts what the vendor sent (for paging). */
export type Decode = (bytes: Uint8Array, context: EvidencePage['context']) => Result<DecodedPage>;
export interface DecodedPage {
  readonly rows: number;
  readonly lines?: readonly LogLine[];
  readonly points?: readonly MetricPoint[];
}

export interface AnalysisSettings {
  /** Of the release that is judged: what a good one teaches is remembered by it. */
  readonly version?: string;
  readonly sensitivity: Sensitivity;
  readonly canaryNodes: readonly string[];
  /** Empty in the last phase: then the canary is compared with before and with what was learned. */
  readonly baselineNodes: readonly string[];
  /** Whose past it is that stands for a baseline where there is none; the canary nodes' own when absent. */
  readonly earlierNodes?: readonly string[];
  readonly baselineKind: 'existing' | 'fresh' | 'previous';
  /** The moment from which canary nodes are the canary. */
  readonly canarySinceMs: number;
  /** `before` is [beforeFromMs, beforeToMs); what lies between it and canarySinceMs (the deployment itself, earlier phases) is not judged. */
  readonly beforeFromMs: number;
  readonly beforeToMs: number;
  readonly intervalMs: number;
  /** The least time of canary evidence before a pass may be said. */
  readonly durationMs: number;
  /** From when on it may pass early; absent: not before `durationMs`. */
  readonly passAfterMs?: number;
  /** How long an inconclusive one may go on by itself in all; absent: no longer. */
  readonly extendToMs?: number;
  readonly trafficWeight: number;
  /** The same time of the day before, which metrics are compared with too where no baseline node is left and there was one. */
  readonly dayBefore?: { readonly fromMs: number; readonly toMs: number };
  /** A run of before whose evidence stands for the baseline. */
  readonly earlier?: EarlierRun;
  /** The run that the pipeline names is none to compare with. */
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
    }
  | {
      readonly kind: 'metrics';
      readonly name: string;
      readonly delayMs: number;
      readonly metrics: readonly MetricQuery[];
      readonly versions?: VersionSides;
    };

/** `load-test`: instead of everything else; `learned`: of metrics of which there is no time before. */
export interface EarlierRun {
  readonly mode: 'load-test' | 'learned';
  readonly run: number;
  /** Who pinned it. */
  readonly by?: string;
  /** A KeptEvidence as UTF-8 JSON, compressed (raw deflate). */
  readonly evidence: Uint8Array;
}

/** Of a source that tells its sides apart by version: versions stand in the place of nodes. */
export interface VersionSides {
  readonly canary: readonly string[];
  /** Empty in the last phase, and for a proof. */
  readonly baseline: readonly string[];
  /** That ran before the canary, with which it is compared where there is no baseline. */
  readonly before: readonly string[];
}

export interface Look {
  readonly atMs: number;
  /** Evidence from this moment on does not count; absent: all counts. */
  readonly untilMs?: number;
  /** Sources whose latest read failed, with why: their checks are inconclusive unless already failed. */
  readonly unread: Readonly<Record<string, string>>;
  /** Sources of which a vendor limit cut the evidence. */
  readonly partial: Readonly<Record<string, { readonly read: number; readonly total: number }>>;
  /** Sources whose vendor's clock is ahead of ours, and by how much; negative: behind. */
  readonly clockAhead?: Readonly<Record<string, number>>;
  /** True when no more time will be given: what is still missing is then inconclusive, not pending. */
  readonly final: boolean;
}

/** What a look found, in both forms of model/reportPages.ts. */
export interface Looked {
  readonly report: VerificationReport;
  /** Each as UTF-8, compressed (raw deflate): they travel and are kept as they are, and only a reader opens them. */
  readonly pages: readonly Uint8Array<ArrayBuffer>[];
}

/** One verification's evidence and its state, wherever it is computed. */
export interface AnalysisSession {
  ingest(page: EvidencePage): Promise<Result<{ rows: number }>>;
  look(look: Look): Promise<Result<Looked>>;
  /** Replaces what reviewers said; the next look heeds it. */
  setFeedback(entries: readonly Feedback[]): Promise<Result<void>>;
  /** What a good deployment taught, per log source, merged with what was known. */
  learn(): Promise<Result<Readonly<Record<string, LearnedEvents>>>>;
  /** What the canary showed, as EarlierRun wants it. */
  keep(): Promise<Result<Uint8Array<ArrayBuffer>>>;
  close(): void;
}

export interface ReadSummary {
  readonly queries: readonly QueryRecord[];
  /** A vendor limit cut the evidence. */
  readonly partial?: { readonly read: number; readonly total: number };
  /** The vendor's clock is ahead of ours by so much, and times were corrected by it. */
  readonly clockAheadMs?: number;
}

export type AnalysisRequest =
  | {
      readonly id: number;
      readonly session: number;
      readonly type: 'open';
      readonly settings: AnalysisSettings;
      /** Taken out of samples and templates; kept in memory only. */
      readonly secrets: readonly string[];
      /** How the vendors' keys look, which are taken out too. */
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
