// Health sources of a pipeline: the metrics and the logs that a verification reads. Durations are milliseconds.
import type { OfVendor } from './ofVendor.ts';

/** A source of evidence. */
export type HealthSource = MetricsSource | LogsSource | MeasurementSource;

export interface MetricsSource extends OfVendor {
  readonly kind: 'metrics';
  readonly name: string;
  /** Absent for sources on this machine. */
  readonly connection?: string;
  /** The attribute that contains the node's name and distinguishes canary from baseline. */
  readonly nodeAttribute: string;
  /** The attribute that contains the release's version. It distinguishes the sides if nodes cannot. */
  readonly versionAttribute?: string;
  /** Data younger than this counts as incomplete and is queried again. */
  readonly delayMs: number;
  /** How far back a node or a metric counts as known; by default one day. */
  readonly lookBackMs?: number;
  readonly metrics: readonly MetricQuery[];
}

export interface MetricQuery {
  readonly name: string;
  readonly kind: 'gauge' | 'count';
  /** True for a counter: the source returns a value that only grows and restarts at zero with its process. */
  readonly isCumulative?: boolean;
  /**
   * For a histogram: the counts above these bounds (ascending, in the metric's unit) are compared, and the percentile
   * (0 to 100) is displayed.
   */
  readonly histogram?: { readonly bounds: readonly number[]; readonly percentile: number };
  /** The count of the same source of which this count is a share, such as requests for errors. */
  readonly denominator?: string;
  /** The direction that counts as a regression. */
  readonly direction: 'increase' | 'decrease' | 'either';
  readonly unit: string;
  /** The acceptable relative change, e.g. 0.1; by default the engine's own value. */
  readonly tolerance?: number;
  /** A change smaller than this, in the metric's unit, never fails. */
  readonly floor?: number;
  readonly limit?: MetricLimit;
  /** While the canary's latest values are in this range (ends included), the tests ignore the metric. */
  readonly ignore?: { readonly from?: number; readonly to?: number };
  /** The consequence of a regression; by default that of the stage. */
  readonly onFailure?: 'rollback' | 'hold';
  /** The attribute with the node, if it differs from that of the source. */
  readonly nodeAttribute?: string;
  /** The vendor's query; its type is in the vendor's own folder. */
  readonly options?: unknown;
}

/** The attribute that distinguishes the sides of a metric: of the version, if it has one, or of the node. */
export function sideAttribute({ versionAttribute, nodeAttribute }: MetricsSource, metric: MetricQuery): string {
  return versionAttribute ?? metric.nodeAttribute ?? nodeAttribute;
}

/**
 * A fixed limit in addition to the tests, for the canary's value (the mean of its nodes over an interval, in the
 * metric's unit).
 */
export interface MetricLimit {
  readonly above?: number;
  readonly below?: number;
  /** The number of intervals beyond the limit that fail the check, at least 1. */
  readonly times: number;
  /** True if only consecutive intervals count. */
  readonly inARow: boolean;
}

export interface LogsSource extends OfVendor {
  readonly kind: 'logs';
  readonly name: string;
  /** Absent for sources on this machine. */
  readonly connection?: string;
  readonly nodeAttribute: string;
  /**
   * The attribute that contains the release's version, if nodes have no lasting names; equal to `nodeAttribute` then.
   */
  readonly versionAttribute?: string;
  readonly delayMs: number;
  /** How far back a node counts as known; by default one day. */
  readonly lookBackMs?: number;
  /** The bytes that one verification may scan, if the vendor charges for scans; absent: no limit. */
  readonly mostScannedBytes?: number;
  /** The number of lines that one verification reads. If there are more, the source is asked to count them. */
  readonly mostLines?: number;
}

/** A measurement of its own, which returns pass, fail or inconclusive. */
export interface MeasurementSource extends OfVendor {
  readonly kind: 'measurement';
  readonly name: string;
  /** Absent for measurements on this machine. */
  readonly connection?: string;
  /** An answer describes the moment at which it is given. */
  readonly delayMs: 0;
  /** `each-evaluation`: called repeatedly, and the latest answer counts. `once-per-phase`: called until it answers. */
  readonly ask: 'each-evaluation' | 'once-per-phase';
  /** The number of consecutive `fail` answers that fail its check, at least 1. */
  readonly failures: number;
  readonly nodeAttribute?: never;
  readonly versionAttribute?: never;
  readonly lookBackMs?: never;
  /** The consequence of a failure; by default that of the stage. */
  readonly onFailure?: 'rollback' | 'hold';
}
