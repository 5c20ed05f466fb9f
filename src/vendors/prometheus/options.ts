// What the Prometheus parts of a pipeline hold beside what all vendors have.
import type { MetricQuery, MetricsSource } from '../../model/healthSource.ts';

export const vendor = 'prometheus';

export type PrometheusMetric = MetricQuery & {
  /** PromQL; `$__interval` and `$__rate_interval` stand for durations. */
  readonly options: { readonly query: string };
};
export type PrometheusSource = MetricsSource & {
  readonly metrics: readonly PrometheusMetric[];
  readonly options: {
    /** Its first group is the node's name in the value of the node label. */
    readonly nodePattern?: string;
    /** Time between two scrapes of a node. */
    readonly scrapeMs: number;
  };
};
