// Health sources of a pipeline: the metrics and the logs that a verification reads. Durations are milliseconds.
import type { OfVendor } from './ofVendor.ts';

/** Where evidence comes from. */
export type HealthSource = MetricsSource | LogsSource | MeasurementSource;

export interface MetricsSource extends OfVendor {
  readonly kind: 'metrics';
  readonly name: string;
  /** Absent: it is read on this machine. */
  readonly connection?: string;
  /** Attribute that bears the node's name; canary and baseline are told apart by it. */
  readonly nodeAttribute: string;
  /**
   * Attribute that bears the release's version, where nodes cannot be told apart: then the sides are told apart by it.
   */
  readonly versionAttribute?: string;
  /** Answers younger than this are taken as incomplete and asked for again. */
  readonly delayMs: number;
  /** How far back a node or a metric counts as known; a day when absent. */
  readonly lookBackMs?: number;
  readonly metrics: readonly MetricQuery[];
}

export interface MetricQuery {
  readonly name: string;
  readonly kind: 'gauge' | 'count';
  /** Of a count: what the source tells is where a counter stands that only grows, and begins anew with its process. */
  readonly isCumulative?: boolean;
  /**
   * Of a gauge: counts above these bounds (ascending, in its unit) are what is compared; the percentile, 0 to 100, is
   * what is shown.
   */
  readonly histogram?: { readonly bounds: readonly number[]; readonly percentile: number };
  /** A count that is a share of another count of the same source (errors of requests). */
  readonly denominator?: string;
  /** The direction that is bad. */
  readonly direction: 'increase' | 'decrease' | 'either';
  readonly unit: string;
  /** Relative change that is still fine, e.g. 0.1; the engine's own default when absent. */
  readonly tolerance?: number;
  /** A change smaller than this, in the metric's unit, never fails. */
  readonly floor?: number;
  readonly limit?: MetricLimit;
  /** While the canary's latest values lie inside, ends included, the tests leave it alone. */
  readonly ignore?: { readonly from?: number; readonly to?: number };
  /** What its regression leads to; absent: what the stage says. */
  readonly onFailure?: 'rollback' | 'hold';
  /** Where its events name the node otherwise than the source says. */
  readonly nodeAttribute?: string;
  /** How the vendor of its source asks for it; typed in the vendor's own folder. */
  readonly options?: unknown;
}

/**
 * Beside the tests: the canary's value (the mean of its nodes over an interval, in the metric's unit) must not lie
 * beyond.
 */
export interface MetricLimit {
  readonly above?: number;
  readonly below?: number;
  /** Intervals beyond it that fail, 1 or more. */
  readonly times: number;
  /** Only intervals that follow one another count. */
  readonly inARow: boolean;
}

export interface LogsSource extends OfVendor {
  readonly kind: 'logs';
  readonly name: string;
  /** Absent: it is read on this machine. */
  readonly connection?: string;
  readonly nodeAttribute: string;
  /** Attribute that bears the release's version, where nodes have no lasting names; `nodeAttribute` is it then. */
  readonly versionAttribute?: string;
  readonly delayMs: number;
  /** How far back a node counts as known; a day when absent. */
  readonly lookBackMs?: number;
  /** Bytes that one verification may scan, where the vendor charges for them; absent: as many as it takes. */
  readonly mostScannedBytes?: number;
  /** So many lines are read in one verification; of more than that the source is asked to count them. */
  readonly mostLines?: number;
}

/** It measures by itself, and answers pass, fail or inconclusive. */
export interface MeasurementSource extends OfVendor {
  readonly kind: 'measurement';
  readonly name: string;
  /** Absent: it is asked on this machine. */
  readonly connection?: string;
  /** An answer tells of the moment in which it was given. */
  readonly delayMs: 0;
  /** `each-evaluation`: asked again and again, the latest answer counts. `once-per-phase`: asked until it answers. */
  readonly ask: 'each-evaluation' | 'once-per-phase';
  /** Answers of `fail` in a row that fail its check, 1 or more. */
  readonly failures: number;
  readonly nodeAttribute?: never;
  readonly versionAttribute?: never;
  readonly lookBackMs?: never;
  /** What its failure leads to; absent: what the stage says. */
  readonly onFailure?: 'rollback' | 'hold';
}
