// What the Graphite parts of a pipeline hold beside what all vendors have.
import type { MetricQuery, MetricsSource } from '../../model/healthSource.ts';

export const vendor = 'graphite';

export type GraphiteMetric = MetricQuery & {
  /** `$__interval` stands for a duration. */
  readonly options: { readonly target: string };
};
export type GraphiteSource = MetricsSource & {
  readonly metrics: readonly GraphiteMetric[];
  readonly options: {
    /** Its first group is the node's name in the name of a series. */
    readonly nodePattern?: string;
  };
};
