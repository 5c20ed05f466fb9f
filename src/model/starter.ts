// What a repository tells of a service and how it is deployed, and the first files that are written from it.
import type { Result } from './failure.ts';

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
  /** Address of a Prometheus, or a server with its API. */
  readonly prometheus?: string;
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

/** What a server offers about a service. */
export interface Offered {
  /** What selects its series. */
  readonly where: string;
  /** The label that tells the nodes apart, and its values. */
  readonly node: string;
  readonly nodes: readonly string[];
  /** Names of all labels. */
  readonly labels: readonly string[];
  readonly signals: readonly Signal[];
}

export type SignalRole = 'requests' | 'errors' | 'latency' | 'saturation';

/** A metric that is worth a check. */
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

export interface StarterFile {
  /** Relative to the folder. */
  readonly path: string;
  readonly text: string;
  readonly isExecutable: boolean;
}

export interface Starter {
  /** What the files of the folder tell, in the order of their names. */
  detect(folder: string): readonly Finding[];
  /** Asks an endpoint in the text format of Prometheus for its metrics, ranked. */
  signals(address: string, signal: AbortSignal): Promise<Result<readonly Signal[]>>;
  /** Asks the server of a vendor what it has of a service. */
  offered(vendor: string, address: string, service: string, signal: AbortSignal): Promise<Result<Offered>>;
  /** The choices that the findings suggest. */
  suggest(findings: readonly Finding[], folder: string): StarterChoices;
  /** The choices with other nodes, and phases that fit them. */
  withNodes(choices: StarterChoices, nodes: readonly string[]): StarterChoices;
  files(choices: StarterChoices): readonly StarterFile[];
  /** Never overwrites: the value names the files that were written; those that were there are kept. */
  write(folder: string, files: readonly StarterFile[]): Result<readonly string[]>;
}
