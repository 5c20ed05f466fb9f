// What the Datadog parts of a pipeline hold beside what all vendors have.
import type { ServerConnection } from '../../model/file/connectionFields.ts';
import type { LogsSource, MetricQuery, MetricsSource } from '../../model/healthSource.ts';

export const vendor = 'datadog';

export type DatadogConnection = ServerConnection & {
  readonly options: {
    /** Address that takes events. */
    readonly intake: string;
    /** The service that deployment markers name; absent: there are none. */
    readonly service?: string;
  };
};

export type DatadogLogs = LogsSource & { readonly options: { readonly query: string } };

export type DatadogMetric = MetricQuery & { readonly options: { readonly query: string } };
export type DatadogMetrics = MetricsSource & { readonly metrics: readonly DatadogMetric[] };
