// What the health sources of the vendor `files` hold beside what all have.
import type { LogsSource, MetricsSource } from '../../model/healthSource.ts';
import type { Zone } from '../transport/text/lineClock.decode.ts';
import type { SampleMetric } from '../transport/text/samplePoints.decode.ts';
import type { SampleKeys } from '../transport/text/samples.decode.ts';

export const vendor = 'files';

const sidePlaces = /\{(?:node|version)\}/g;

/** The path is that of one node, or of one version. */
export function namesSide(path: string): boolean {
  return path.search(sidePlaces) >= 0;
}

export function fillSide(path: string, name: string): string {
  return path.replaceAll(sidePlaces, () => name);
}

export type FileLogsSource = LogsSource & {
  readonly options: {
    /** Path or glob below the workspace folder, with `{node}` or `{version}`. */
    readonly path: string;
    readonly zone: Zone;
  };
};

export type FileMetricsSource = MetricsSource & {
  readonly metrics: readonly SampleMetric[];
  readonly options: {
    readonly path: string;
    readonly format: 'json' | 'csv';
    readonly keys: SampleKeys;
    readonly zone: Zone;
  };
};
