// What was observed: log lines and metric series, for canary, baseline and the time before.
import type { MetricQuery } from '../healthSource.ts';

/** `before`: the same nodes before the canary took traffic. */
export type Role = 'canary' | 'baseline' | 'before';

export interface LogLine {
  readonly atMs: number;
  readonly node: string;
  /** The line as it was written, possibly with a stack trace. Hostile input. */
  readonly text: string;
  /** The vendor's id of the line, if it has one: a line that is read twice counts once. */
  readonly id?: string;
}

/** One value of one metric on one node over [atMs, atMs + interval). */
export interface MetricPoint {
  readonly metric: string;
  readonly node: string;
  readonly atMs: number;
  /** null: the source was queried and had no value. */
  readonly value: number | null;
  /** For a histogram: the number of requests above its k-th bound, or all requests without a bound. */
  readonly over?: number;
}

/** The answer of a `script` measurement. */
export interface Answer {
  readonly atMs: number;
  readonly outcome: 'pass' | 'fail' | 'inconclusive';
  /** Hostile input; may be empty. */
  readonly why: string;
}

/** The name under which a part of a histogram is stored as a metric. */
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
  /** Marks a histogram; its series are those of the percentile. */
  readonly histogram?: HistogramEvidence;
  readonly canary: NodeSeries;
  readonly baseline: NodeSeries;
  /** History of the baseline nodes (without any, of the canary nodes), older first; it ends at startMs. */
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
  /** Expected requests of one canary node divided by those of one baseline node. */
  readonly trafficWeight: number;
}

/** Counts of requests: all, and those above each bound (ascending, in the metric's unit). */
export interface HistogramEvidence {
  readonly bounds: readonly number[];
  /** The percentile to display, 0 to 100. */
  readonly percentile: number;
  readonly total: MetricEvidence;
  readonly over: readonly MetricEvidence[];
}

/** What the canary of one verification showed, stored so that a later run can be compared with it. Plain JSON. */
export interface KeptEvidence {
  readonly format: 1;
  readonly intervalMs: number;
  /** By source and metric; value i covers the i-th interval of the canary. Bounded. */
  readonly metrics: Readonly<Record<string, Readonly<Record<string, NodeSeries>>>>;
  /** By source. */
  readonly logs: Readonly<Record<string, KeptLogs>>;
}
export interface KeptLogs {
  /** Nodes that logged, and for how long. */
  readonly nodes: number;
  readonly durationMs: number;
  /** The share of the lines that was read; absent if all were read. */
  readonly share?: number;
  readonly clusters: readonly KeptCluster[];
}
export interface KeptCluster {
  readonly template: string;
  readonly logger: string;
  readonly severity: Severity;
  /** Lines per node. */
  readonly nodes: Readonly<Record<string, number>>;
  /** Milliseconds since the canary began, and the number of lines at about that time. */
  readonly bins: readonly (readonly [sinceMs: number, lines: number])[];
}

/** Log events learned from good deployments, per service, environment and health source. Plain JSON, stored. */
export interface LearnedEvents {
  readonly format: 1;
  readonly deployments: number;
  readonly clusters: readonly LearnedCluster[];
}
export interface LearnedCluster {
  readonly key: string;
  readonly template: string;
  readonly severity: Severity;
  /** Number of good deployments in which it occurred. */
  readonly deployments: number;
  readonly lines: number;
  /** Lines per node and minute in the last good deployment that had it. */
  readonly rate: number;
  /** Canary nodes times the minutes of the measurement; absent in data that did not record it. */
  readonly nodeMinutes?: number;
  readonly lastSeenMs: number;
  /** The latest good deployments in which it occurred, newest first. */
  readonly seenIn?: readonly SeenIn[];
}
export interface SeenIn {
  readonly version: string;
  readonly atMs: number;
}

export type Severity = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'unknown';
