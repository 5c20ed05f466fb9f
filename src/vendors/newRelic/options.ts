// What New Relic's parts of a pipeline hold beside what all vendors have.
import type { ConnectionWithCredential } from '../../model/pipeline.ts';
import type { LogsSource, MetricQuery, MetricsSource } from '../../model/healthSource.ts';

export const vendor = 'newRelic';

export type NewRelicConnection = ConnectionWithCredential & {
  readonly options: {
    readonly account: number;
    /** Bears the deployment markers: its GUID, or what finds exactly one in the account. */
    readonly entity?: string | EntityName;
    /** What the account's plan allows; `newRelicLimits` when absent. */
    readonly limits?: NewRelicLimits;
  };
};

/** An entity's name, with its domain and type where the name alone is not enough: APM and APPLICATION. */
export interface EntityName {
  readonly name: string;
  readonly domain?: string;
  readonly type?: string;
}

export interface NewRelicLimits {
  /** What `LIMIT MAX` stands for. */
  readonly rows: number;
  /** Requests of one user under way at once. */
  readonly concurrent: number;
  readonly queriesPerMinute: number;
}
export const newRelicLimits: NewRelicLimits = { rows: 2_000, concurrent: 25, queriesPerMinute: 3_000 };

export type NrqlMetric = MetricQuery & {
  readonly options: { readonly select: string; readonly from: string; readonly where?: string };
};
export type NewRelicMetricsSource = MetricsSource & { readonly metrics: readonly NrqlMetric[] };

export type NewRelicLogsSource = LogsSource & {
  readonly options: {
    /** NRQL condition that finds the lines. */
    readonly where: string;
    /** Attribute that bears the line; `message` when absent. */
    readonly messageAttribute?: string;
  };
};
