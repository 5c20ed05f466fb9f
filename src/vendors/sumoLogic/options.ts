// What Sumo Logic's parts of a pipeline hold beside what all vendors have.
import type { ConnectionWithCredential } from '../../model/pipeline.ts';
import type { LogsSource, MetricQuery, MetricsSource } from '../../model/healthSource.ts';

export const vendor = 'sumoLogic';

export type SumoConnection = ConnectionWithCredential;

export type SumoMetric = MetricQuery & {
  readonly options: {
    /** Selector of a metrics query, operators and all. */
    readonly query: string;
    /** Makes one value of an interval's values, and of the series of one node. */
    readonly rollup: Rollup;
  };
};
export type Rollup = 'avg' | 'sum' | 'min' | 'max' | 'count';
export type SumoMetricsSource = MetricsSource & { readonly metrics: readonly SumoMetric[] };

export type SumoLogsSource = LogsSource & {
  readonly options: {
    /** Search that finds the lines, operators and all. */
    readonly query: string;
  };
};
