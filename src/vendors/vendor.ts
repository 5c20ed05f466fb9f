// The contract of a vendor: what its folder brings so that pipelines can name it. The three registries beside this file
// list the vendors.
import type { z } from 'zod';
import type { Decode, EvidencePage, ReadSummary } from '../model/evidence/analysis.ts';
import type { ScanEstimate, SourceProblem } from '../model/evidence/sourceCheck.ts';
import type { Failure, Result } from '../model/failure.ts';
import type { Report } from '../model/file/drafts.ts';
import type { Entry, Place } from '../model/file/place.ts';
import type { Outside, RunHook } from '../model/outside.ts';
import type { Hook } from '../model/hook.ts';
import type { ArtifactSource, Connection } from '../model/pipeline.ts';
import type { HealthSource, LogsSource, MeasurementSource, MetricQuery, MetricsSource } from '../model/healthSource.ts';
import type { Artifacts, LineCounter, Markers, ReadRequest } from '../model/ports.ts';
import type { Offered, Rank, SourceKeys } from '../model/starter.ts';

/**
 * What a vendor means in a pipeline file. Pure: the parser, the JSON Schema, the editor and the documentation read it.
 * `compile` gets what the part's own schema made of the file, so a vendor declares it with that type.
 */
export interface VendorDefinition {
  /**
   * Key in the file, as in `connections: { NAME: { KIND: ... } }`, and the name under which a part is known to be of
   * this vendor.
   */
  readonly kind: string;
  /** The vendor's name as people write it. */
  readonly title: string;
  /** Absent: what it reads is on this machine, and its health sources name no connection. */
  readonly connection?: ConnectionDefinition;
  /** Absent: it takes none. */
  readonly credential?: CredentialDefinition;
  /** Absent: nothing is measured there. */
  readonly source?: SourceDefinition;
  /** Absent: no artifact comes from there. */
  readonly artifact?: ArtifactDefinition;
  /** Absent: a hook is no job there. */
  readonly hook?: HookDefinition;
}

export interface CredentialDefinition {
  /** What a person types, for Set Credentials: an English sentence with an entry in `media/l10n/`. */
  readonly prompt: string;
  /**
   * How the vendor's keys look: they may not stand in a file and are taken out of every text. Each has the flag `g`,
   * and no quantifier follows another that can match the same character, so that matching stays linear.
   */
  readonly forms: readonly RegExp[];
}

export interface ConnectionDefinition {
  /**
   * `credential` is the value that the key for a credential takes; it may be made optional. The schema's description is
   * that of the whole connection.
   */
  schema(fields: { readonly credential: z.ZodString }): z.ZodObject;
  compile(text: unknown): Omit<Connection, 'vendor'>;
  /** Domains of the vendor itself, with all below them: a credential may be sent there without asking a person. */
  readonly domains?: readonly string[];
  /** A connection to be filled in, as YAML in one line, for the quick fix that declares one. */
  readonly starter: string;
}

export interface SourceDefinition {
  /**
   * Has the key `connection` if the vendor has connections, and metrics by name under `metrics` where there are some
   * (`model/file/metricFields.ts`).
   */
  schema(): z.ZodObject;
  /** What the schema cannot say: keys that exclude each other. */
  check?(source: Entry, report: Report): void;
  /** Names of the counts that a source has without declaring them, of which its own counts may be a share. */
  countsOf?(source: Place): readonly string[];
  compile(text: unknown): CompiledSource;
  /**
   * Address of the vendor's own page that shows what a query found, for a person with an account. Absent, or undefined
   * for a query: there is none, or it cannot be told from the connection.
   */
  page?(asked: AskedQuery): string | undefined;
  /** Keys of a health source that usually fits a service, for a first pipeline. */
  usual?(service: string): SourceKeys;
  /** A health source to be filled in, as YAML in one line; the editor offers that of the first vendor that has one. */
  readonly starter?: string;
}
/** A query as it was sent; its text limits it to the nodes. */
export interface AskedQuery {
  readonly connection: Connection;
  readonly source: HealthSource;
  readonly text: string;
  /** Epoch milliseconds. */
  readonly fromMs: number;
  readonly toMs: number;
}
export type CompiledSource =
  | Omit<MetricsSource, 'name' | 'vendor'>
  | Omit<LogsSource, 'name' | 'vendor'>
  | Omit<MeasurementSource, 'name' | 'vendor'>;

export interface ArtifactDefinition {
  /** Has the key `connection` if the vendor has connections. */
  schema(): z.ZodObject;
  /** What the schema cannot say. */
  check?(artifact: Entry, report: Report): void;
  compile(text: unknown): Omit<ArtifactSource & { readonly kind: 'build' }, 'kind' | 'vendor' | 'title'>;
}

export interface HookDefinition {
  /** Has the key `connection`, and what is filled with BACKSTOP_ variables under `parameters`. */
  schema(): z.ZodObject;
  compile(
    text: unknown,
  ): Pick<Hook & { readonly kind: 'job' }, 'connection' | 'job' | 'parameters'> & { readonly options?: unknown };
}

/** By the name that the vendor's pages bear. Pure: decoders run in the analysis worker. */
export type VendorDecoders = Readonly<Record<string, Decode>>;

/**
 * What talks to a vendor. Each part is made once for an engine, with what it may use of the world; a hook for each
 * call.
 */
export interface VendorPorts {
  readonly source?: (outside: Outside) => SourcePorts;
  readonly markers?: (outside: Outside) => Markers;
  readonly artifacts?: (outside: Outside) => Artifacts;
  readonly hook?: (outside: Outside) => RunHook;
  readonly checkJob?: (outside: Outside) => CheckJob;
  /** What the server has of a service, for a first pipeline; absent: it cannot be asked without one. */
  readonly discover?: (outside: Outside) => Discover;
}

/** Fails as `not-found` where the server has nothing of the service, and says what it has. */
export type Discover = (question: DiscoverQuestion, signal: AbortSignal) => Promise<Result<Offered>>;

export interface DiscoverQuestion {
  readonly connection: Connection;
  readonly service: string;
  /** Names of the nodes as a person gave them, or guesses. */
  readonly nodes: readonly string[];
  /** Says which of the metrics are worth a check, the same for all vendors. */
  readonly rank: Rank;
}

export type Deliver = (page: EvidencePage) => Promise<Result<{ rows: number }>>;

export interface SourcePorts {
  /**
   * Everything of the nodes in [fromMs, toMs), by the vendor's clock. Pages go to `deliver` as bytes; nothing is parsed
   * here.
   */
  read(request: ReadRequest, deliver: Deliver, signal: AbortSignal): Promise<Result<ReadSummary>>;
  /** The queries that a read would ask, as text, without asking them. */
  describe(request: ReadRequest): readonly string[];
  /** What to look at where a metric has no value. */
  hintOfMetric(metric: MetricQuery): string;
  /** What to look at where no node was found: asks for the names that there are. Undefined: it cannot tell. */
  hintOfNodes?(request: ReadRequest, signal: AbortSignal): Promise<string | undefined>;
  /** Of measurements, which are asked for nothing before a deployment: why one could not be asked. */
  findProblem?(request: ReadRequest): Failure | undefined;
  /** Groups and counts log lines where they are; absent: they are read, however many there are. */
  readonly counter?: LineCounter;
  /** What a verification with logs would scan; absent where the vendor does not charge for it. */
  estimate?(question: ScanQuestion, signal: AbortSignal): Promise<Result<ScanEstimate>>;
}

export interface ScanQuestion {
  readonly source: LogsSource;
  readonly connection: Connection;
  readonly nodes: readonly string[];
  /** End of the windows that are estimated. */
  readonly toMs: number;
  /** What one evaluation reads, late lines again with the new ones. */
  readonly lookMs: number;
  readonly looks: number;
  /** What the first evaluation reads before the canary. */
  readonly historyMs: number;
}

export interface JobQuestion {
  readonly connection: Connection;
  readonly job: string;
  /** What hooks give it; absent: builds are only read. */
  readonly parameters?: readonly string[];
}

/** Whether the job is there, and takes what hooks give it. */
export type CheckJob = (question: JobQuestion, signal: AbortSignal) => Promise<readonly SourceProblem[]>;
