// What can be found out about a service from its repository, and the first files that are generated from it.
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
  | 'script'
  | 'server'
  | 'configuration';

/** If several are found, the first in this order is preferred. */
export const platforms = ['argo', 'flagger', 'helm', 'kubernetes', 'compose', 'systemd', 'jenkins', 'script'] as const;
export type Platform = (typeof platforms)[number];

/** One fact, and the file and line where it was found. */
export interface Finding {
  readonly kind: FindingKind;
  readonly value: string;
  /** Relative to the folder, with slashes. */
  readonly file: string;
  /** Starts at 1. */
  readonly line: number;
}

/** The names of the files in a repository, and the text of those that are read. */
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
  /** True if no names of nodes were found or given. */
  readonly areNodesInvented?: true;
  /** A server of metrics that files of the repository ask, in the form that `--backend` takes. */
  readonly server?: string;
  /** A script of the repository that seems to deploy, relative to the folder. */
  readonly ownScript?: string;
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
  /** The path of the service's health check. */
  readonly health: string;
  /** What the server offers for the service; absent if it was not asked or did not answer. */
  readonly offered?: Offered;
  /** The metrics of the service's endpoint, ranked; empty if it was not asked or did not answer. */
  readonly signals: readonly Signal[];
  /** Queries of other tools in this repository, for the person who completes the file. */
  readonly queries: readonly Finding[];
}

/** A server that can be asked about a service, in the form of a connection of the pipeline file. */
export interface StarterBackend {
  readonly vendor: string;
  /** The connection as YAML in one line. */
  readonly text: string;
  readonly connection: Connection;
  /** The keys of a health source that usually fits, if the server does not answer; absent if there are none. */
  readonly usual?: SourceKeys;
}

/** Keys of a part of the pipeline file, with plain values. */
export type SourceKeys = Readonly<Record<string, string | readonly string[] | Readonly<Record<string, string>>>>;

/** What a server offers about a service. */
export interface Offered {
  /** A description of what selects the data of the service on the server. */
  readonly where: string;
  /** The keys of the health source other than `connection` and `metrics`. */
  readonly source: SourceKeys;
  /** The label that distinguishes the nodes, and its values. */
  readonly node: string;
  readonly nodes: readonly string[];
  /** Names of all labels. */
  readonly labels: readonly string[];
  readonly signals: readonly OfferedSignal[];
}

export type SignalRole = 'requests' | 'errors' | 'latency' | 'saturation';

/** A measurable value of a service, before it is known whether it is useful as a check. */
export interface Candidate {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  /** Absent if only the name is known. */
  readonly isCounter?: boolean;
}

/** A value that is useful as a check, and the role that it has. */
export interface Ranked<Of extends Candidate> {
  readonly role: SignalRole;
  readonly candidate: Of;
  readonly kind: 'count' | 'gauge' | 'histogram';
  /** For a histogram. */
  readonly bounds: readonly number[];
  readonly unit?: string;
  /** The label that contains the status; values that begin with 5 are counted. */
  readonly status?: string;
}

/** The best for each role, in the order of the roles. */
export type Rank = <Of extends Candidate>(candidates: readonly Of[]) => readonly Ranked<Of>[];

/** A metric of an endpoint that is useful as a check. */
export interface Signal {
  readonly role: SignalRole;
  /** The selector for the key `series`. */
  readonly series: string;
  readonly kind: 'count' | 'gauge' | 'histogram';
  /** For a histogram. */
  readonly bounds: readonly number[];
  readonly unit?: string;
  /** One value, as the endpoint returned it. */
  readonly sample: string;
}

/** The same for the server of a vendor. */
export interface OfferedSignal extends Omit<Signal, 'series' | 'kind'> {
  /** The keys that query this metric. */
  readonly keys: SourceKeys;
  readonly kind: Signal['kind'] | 'cumulative';
}

export interface StarterFile {
  /** Relative to the folder. */
  readonly path: string;
  readonly text: string;
  readonly isExecutable: boolean;
}

/** A vendor whose servers can be asked, with an example connection as YAML in one line. */
export interface BackendKind {
  readonly kind: string;
  readonly title: string;
  readonly connection: string;
}

export interface Starter {
  /** Finds out what the files of the folder reveal, in the order of their names. */
  detect(folder: string): readonly Finding[];
  /** Asks an endpoint in the text format of Prometheus for its metrics, ranked. */
  signals(address: string, signal: AbortSignal): Promise<Result<readonly Signal[]>>;
  readonly backends: readonly BackendKind[];
  /** Parses a connection in the form of the pipeline file, only the kind of a vendor, or a kind with an address. */
  connect(text: string, service: string): Result<StarterBackend>;
  /** Asks a server for the metrics and labels of the service. */
  offered(
    choices: Pick<StarterChoices, 'service' | 'nodes'>,
    backend: StarterBackend,
    signal: AbortSignal,
  ): Promise<Result<Offered>>;
  /** The choices that follow from the findings. */
  suggest(findings: readonly Finding[], folder: string): StarterChoices;
  /** The choices with other nodes, and phases that fit them. */
  withNodes(choices: StarterChoices, nodes: readonly string[]): StarterChoices;
  files(choices: StarterChoices): readonly StarterFile[];
  /** Never overwrites. The value contains the names of the written files; existing files are kept. */
  write(folder: string, files: readonly StarterFile[]): Result<readonly string[]>;
}
