// What the CloudWatch parts of a pipeline hold beside what all vendors have.
import type { ServerConnection } from '../../model/file/connectionFields.ts';
import type { LogsSource, MetricQuery, MetricsSource } from '../../model/healthSource.ts';

export const vendor = 'cloudWatch';

/** `url` is the address of the metrics. */
export type CloudWatchConnection = ServerConnection & {
  readonly options: { readonly region: string; readonly logsUrl: string };
};

export type CloudWatchLogs = LogsSource & {
  readonly options: {
    readonly group: string;
    readonly filter?: string;
    /** Beginning of the names of the log streams. */
    readonly prefix?: string;
    /** Its first group is the node, or the version, in the name of a log stream. */
    readonly nodePattern?: string;
  };
};

export type CloudWatchMetric = MetricQuery & {
  readonly options: {
    readonly namespace: string;
    readonly metric: string;
    readonly statistic: string;
    /** Beside that of the node. */
    readonly dimensions: Readonly<Record<string, string>>;
  };
};
export type CloudWatchMetrics = MetricsSource & {
  readonly metrics: readonly CloudWatchMetric[];
  /** Shortest period that the metrics are stored with. */
  readonly options: { readonly resolutionMs: number };
};
