// What the OpenSearch parts of a pipeline hold beside what all vendors have.
import type { ServerConnection } from '../../model/file/connectionFields.ts';
import type { LogsSource, MetricQuery, MetricsSource } from '../../model/healthSource.ts';

export const vendor = 'openSearch';

/** What the value of a metric may be. */
export const valuePattern = /^(?:count|(avg|sum|min|max|p\d{1,2}(?:\.\d{1,3})?)\(([A-Za-z_@][\w.@:-]{0,199})\))$/;

export type OpenSearchConnection = ServerConnection & {
  readonly options: {
    /** The two have the same queries, and different addresses for a point in time. */
    readonly product: 'openSearch' | 'elasticsearch';
    /** Scheme of `Authorization` for a credential that is no `user:password`. */
    readonly scheme: 'ApiKey' | 'Bearer';
    /** Index that takes a document for each deployment; absent: no markers. */
    readonly markers?: string;
  };
};

interface Documents {
  /** Index, data stream or pattern. */
  readonly index: string;
  /** Query string that finds the service's documents. */
  readonly where?: string;
  /** Field of the time. */
  readonly time: string;
}

export type OpenSearchLogs = LogsSource & {
  readonly options: Documents & { readonly message: string; readonly level?: string };
};

export type OpenSearchMetric = MetricQuery & {
  readonly options: {
    /** Query string that selects among the service's documents. */
    readonly where?: string;
    /** `count`, or as `avg(field)` and `p95(field)`. */
    readonly value: string;
  };
};
export type OpenSearchMetrics = MetricsSource & {
  readonly metrics: readonly OpenSearchMetric[];
  readonly options: Documents;
};
