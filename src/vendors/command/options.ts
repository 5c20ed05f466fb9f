// What the parts of the vendor `command` hold beside what all have.
import type { ArtifactSource } from '../../model/pipeline.ts';
import type { LogsSource, MetricsSource } from '../../model/healthSource.ts';
import type { Zone } from '../transport/text/lineClock.decode.ts';
import type { SampleMetric } from '../transport/text/samplePoints.decode.ts';
import type { SampleKeys } from '../transport/text/samples.decode.ts';

export const vendor = 'command';

/** The program, and how it is run. */
export interface CommandOptions {
  readonly command: readonly string[];
  /** `each`: once for each node; `each-version`: for each version; `together`: once for all of them. */
  readonly nodes: 'each' | 'each-version' | 'together';
  readonly directory: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly environment: readonly string[];
  readonly timeoutMs: number;
  readonly zone: Zone;
}

/** An argument of a program that runs for this node or version. */
export function fillSide(argument: string, name: string): string {
  return argument.replaceAll(/\{(?:node|version)\}/g, () => name);
}

export type CommandLogsSource = LogsSource & {
  readonly options: CommandOptions & {
    /** Of `together`: matches the beginning of a line; its first group is the node, or the version. */
    readonly nodePattern?: string;
    /** Its error output has log lines too. */
    readonly withErrors: boolean;
  };
};
export type CommandMetricsSource = MetricsSource & {
  readonly metrics: readonly SampleMetric[];
  readonly options: CommandOptions & { readonly keys: SampleKeys };
};

export type CommandArtifact = ArtifactSource & {
  readonly kind: 'build';
  readonly options: Omit<CommandOptions, 'nodes' | 'zone'> & {
    /** The command is one text for the shell. */
    readonly shell: boolean;
  };
};
