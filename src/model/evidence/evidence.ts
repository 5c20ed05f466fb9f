// What was observed: log lines and metric series, for canary, baseline and the time before.
import type { MetricQuery } from '../pipeline.ts';

/** `before`: the same nodes before the canary took traffic. */
export type Role = 'canary' | 'baseline' | 'before';

export interface LogLine {
  readonly atMs: number;
  readonly node: string;
  /** As it was written; may hold a whole stack trace. Hostile input. */
  readonly text: string;
  /** The vendor's id of the line, where it has one: the same line read twice counts once. */
  readonly id?: string;
}

/** One value of one metric on one node over [atMs, atMs + interval). */
export interface MetricPoint {
  readonly metric: string;
  readonly node: string;
  readonly atMs: number;
  /** null: asked, and there was nothing to measure. */
  readonly value: number | null;
  /** Of a histogram: requests above its k-th bound; all of them where there is none. */
  readonly over?: number;
}

/** What a part of a histogram is called among metrics. */
export function partOf(metric: string, over: number | undefined): string {
  return over === undefined ? metric : `${metric}\n${over}`;
}

/** One metric as the tests see it. Value i covers [startMs + i*intervalMs, startMs + (i+1)*intervalMs). */
export interface MetricEvidence {
  readonly name: string;
  readonly kind: 'gauge' | 'count';
  readonly denominator?: string;
  readonly direction: 'increase' | 'decrease' | 'either';
  readonly unit?: string;
  readonly tolerance?: number;
  readonly floor?: MetricQuery['floor'];
  readonly limit?: MetricQuery['limit'];
  readonly ignore?: MetricQuery['ignore'];
  /** Its series are then of the percentile. */
  readonly histogram?: HistogramEvidence;
  readonly canary: NodeSeries;
  readonly baseline: NodeSeries;
  /**
   * History of the baseline nodes (of the canary nodes, when no baseline node is left), older first; it ends at
   * startMs.
   */
  readonly before: NodeSeries;
}
export type NodeSeries = Readonly<Record<string, readonly (number | null)[]>>;

export interface MetricWindow {
  readonly intervalMs: number;
  readonly metrics: readonly MetricEvidence[];
  /**
   * `existing`: baseline nodes that ran before; `fresh`: started together with the canary; `previous`: the same nodes
   * at an earlier time.
   */
  readonly baselineKind: 'existing' | 'fresh' | 'previous';
  /** Expected requests of one canary node over those of one baseline node. */
  readonly trafficWeight: number;
}

/** Counts of requests: of all, and of those above each bound (ascending, in the metric's unit). */
export interface HistogramEvidence {
  readonly bounds: readonly number[];
  /** That is shown, 0 to 100. */
  readonly percentile: number;
  readonly total: MetricEvidence;
  readonly over: readonly MetricEvidence[];
}

/**
 * What the canary of one verification showed, kept so that a later run can be compared with it. Plain JSON, in the
 * store.
 */
export interface KeptEvidence {
  readonly format: 1;
  readonly intervalMs: number;
  /** By source and metric; value i covers the i-th interval of the canary. Bounded. */
  readonly metrics: Readonly<Record<string, Readonly<Record<string, NodeSeries>>>>;
  /** By source. */
  readonly logs: Readonly<Record<string, KeptLogs>>;
}
export interface KeptLogs {
  /** That logged, and for how long. */
  readonly nodes: number;
  readonly durationMs: number;
  readonly clusters: readonly KeptCluster[];
}
export interface KeptCluster {
  readonly template: string;
  readonly logger: string;
  readonly severity: Severity;
  /** Lines per node. */
  readonly nodes: Readonly<Record<string, number>>;
  /** Milliseconds since the canary began, and lines that came about then. */
  readonly bins: readonly (readonly [sinceMs: number, lines: number])[];
}

/**
 * Log events learned from good deployments, per service, environment and health source. Plain JSON, kept in the store.
 */
export interface LearnedEvents {
  readonly format: 1;
  readonly deployments: number;
  readonly clusters: readonly LearnedCluster[];
}
export interface LearnedCluster {
  readonly key: string;
  readonly template: string;
  readonly severity: Severity;
  /** Good deployments in which it occurred. */
  readonly deployments: number;
  readonly lines: number;
  /** Lines per node and minute in the last good deployment that had it. */
  readonly rate: number;
  /** Canary nodes times minutes that the rate was measured over; absent where it was stored before this was kept. */
  readonly nodeMinutes?: number;
  readonly lastSeenMs: number;
  /** The latest good deployments that had it, newest first. */
  readonly seenIn?: readonly SeenIn[];
}
export interface SeenIn {
  readonly version: string;
  readonly atMs: number;
}

export type Severity = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'unknown';
