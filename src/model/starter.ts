// What a repository tells of a service and how it is deployed, and the first files that are written from it.
import type { Result } from './failure.ts';
import type { Connection } from './pipeline.ts';

export type FindingKind =
  | 'service'
  | 'platform'
  | 'port'
  | 'health'
  | 'metrics'
  | 'replicas'
  | 'node'
  | 'logs'
  | 'phase'
  | 'wait'
  | 'query'
  | 'job'
  | 'configuration';

/** In the order in which one is preferred where several are found. */
export const platforms = ['argo', 'flagger', 'helm', 'kubernetes', 'compose', 'systemd', 'jenkins', 'script'] as const;
export type Platform = (typeof platforms)[number];

/** One fact, and the file and line where it was found. */
export interface Finding {
  readonly kind: FindingKind;
  readonly value: string;
  /** Relative to the folder, with slashes. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** What a repository has: the names of its files, and the text of those that are worth reading. */
export interface ProjectFiles {
  readonly names: readonly string[];
  /** Texts by file name; a file that is too large, or a link out of the folder, is missing. */
  readonly texts: ReadonlyMap<string, string>;
}

/** The input for the first files. */
export interface StarterChoices {
  readonly service: string;
  readonly platform: Platform;
  readonly nodes: readonly string[];
  /** Configuration files, relative to the folder. */
  readonly configuration: readonly string[];
  /** Log files, with `{node}` for the node. */
  readonly logs?: string;
  /** One address with `{node}`, or one for each node in their order. */
  readonly metrics: readonly string[];
  /** The server that knows the metrics of the service. */
  readonly backend?: StarterBackend;
  /** Share of the nodes in each phase, in percent; the last is 100. */
  readonly phases: readonly number[];
  /** How long a phase is verified, in seconds. */
  readonly durationS: number;
  readonly port: number;
  /** Path that says whether the service is well. */
  readonly health: string;
  /** What that server has of the service; absent: it was not asked or did not answer. */
  readonly offered?: Offered;
  /** Metrics that the service's endpoint offers, ranked; empty: it was not asked or did not answer. */
  readonly signals: readonly Signal[];
  /** Queries of other tools in this repository, for the person who completes the file. */
  readonly queries: readonly Finding[];
}

/** A server that can be asked what it has of a service, as a connection of the pipeline file. */
export interface StarterBackend {
  readonly vendor: string;
  /** The connection as YAML in one line. */
  readonly text: string;
  readonly connection: Connection;
  /** Keys of a health source that usually fits, for where the server does not tell; absent: there are none. */
  readonly usual?: SourceKeys;
}

/** Keys of a part of the pipeline file, with plain values. */
export type SourceKeys = Readonly<Record<string, string | readonly string[] | Readonly<Record<string, string>>>>;

/** What a server offers about a service. */
export interface Offered {
  /** What selects what it has of the service, for a person. */
  readonly where: string;
  /** Keys of the health source beside `connection` and `metrics`. */
  readonly source: SourceKeys;
  /** The label that tells the nodes apart, and its values. */
  readonly node: string;
  readonly nodes: readonly string[];
  /** Names of all labels. */
  readonly labels: readonly string[];
  readonly signals: readonly OfferedSignal[];
}

export type SignalRole = 'requests' | 'errors' | 'latency' | 'saturation';

/** Something that is measured of a service, before it is known whether it is worth a check. */
export interface Candidate {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  /** Absent: only its name tells. */
  readonly isCounter?: boolean;
}

/** A candidate that is worth a check, and what it is good for. */
export interface Ranked<Of extends Candidate> {
  readonly role: SignalRole;
  readonly candidate: Of;
  readonly kind: 'count' | 'gauge' | 'histogram';
  /** Of a histogram. */
  readonly bounds: readonly number[];
  readonly unit?: string;
  /** The label whose values that begin with 5 are what is counted. */
  readonly status?: string;
}

/** The best for each role, in the order of the roles. */
export type Rank = <Of extends Candidate>(candidates: readonly Of[]) => readonly Ranked<Of>[];

/** A metric that is worth a check, as its endpoint has it. */
export interface Signal {
  readonly role: SignalRole;
  /** As the key `series` selects it. */
  readonly series: string;
  readonly kind: 'count' | 'gauge' | 'histogram';
  /** Of a histogram. */
  readonly bounds: readonly number[];
  readonly unit?: string;
  /** One value, as the endpoint told it. */
  readonly sample: string;
}

/** The same, as the server of a vendor has it. */
export interface OfferedSignal extends Omit<Signal, 'series' | 'kind'> {
  /** The keys that ask for it. */
  readonly keys: SourceKeys;
  readonly kind: Signal['kind'] | 'cumulative';
}

export interface StarterFile {
  /** Relative to the folder. */
  readonly path: string;
  readonly text: string;
  readonly isExecutable: boolean;
}

/** Vendor whose servers can be asked, with a connection to be filled in, as YAML in one line. */
export interface BackendKind {
  readonly kind: string;
  readonly title: string;
  readonly connection: string;
}

export interface Starter {
  /** What the files of the folder tell, in the order of their names. */
  detect(folder: string): readonly Finding[];
  /** Asks an endpoint in the text format of Prometheus for its metrics, ranked. */
  signals(address: string, signal: AbortSignal): Promise<Result<readonly Signal[]>>;
  readonly backends: readonly BackendKind[];
  /** Reads a connection as the pipeline file has it, or the kind of a vendor alone or with an address behind it. */
  connect(text: string, service: string): Result<StarterBackend>;
  /** Asks a server what it has of the service. */
  offered(
    choices: Pick<StarterChoices, 'service' | 'nodes'>,
    backend: StarterBackend,
    signal: AbortSignal,
  ): Promise<Result<Offered>>;
  /** The choices that the findings suggest. */
  suggest(findings: readonly Finding[], folder: string): StarterChoices;
  /** The choices with other nodes, and phases that fit them. */
  withNodes(choices: StarterChoices, nodes: readonly string[]): StarterChoices;
  files(choices: StarterChoices): readonly StarterFile[];
  /** Never overwrites: the value names the files that were written; those that were there are kept. */
  write(folder: string, files: readonly StarterFile[]): Result<readonly string[]>;
}
