// What the evidence says: one report per check, with reasons as codes and numbers. Prose is made from them in
// protocol/words/sentences.ts.
import type { Answer, Severity } from './evidence.ts';
import type { Failure } from '../failure.ts';
import type { FeedbackMark } from './feedback.ts';
import type { Sensitivity } from '../pipeline.ts';

export type Outcome = 'pass' | 'fail' | 'inconclusive';

export interface Reason {
  readonly code: ReasonCode;
  readonly values: Readonly<Record<string, string | number>>;
}
export type ReasonCode =
  | 'unknown-clusters' // {clusters, lines, nodes, deployments}
  | 'cluster-frequency' // {template, canary, baseline, ratio, direction}
  | 'metric-regressed' // {metric, canary, baseline, change, unit, denominator, evidence}
  | 'metric-limit' // beyond a limit of the file: {metric, value, limit, side, times, inARow, unit, denominator}
  | 'metric-in-band' // {metric, canary, baseline, change, tolerance, unit, denominator, direction}
  | 'logs-clean' // {canaryLines, baselineLines, clusters, deployments}
  | 'compared-before' // a metric against the time before, since no node is left on the old release: {metric}
  | 'compared-run' // against an earlier run: {run, mode, by?}
  | 'lacking-run' // the pipeline names a run to compare with, and the next best was taken: {wanted, why}
  | 'not-enough-data' // {have, need, what}
  | 'no-canary-data'
  | 'no-baseline-data' // {source, metric?}
  | 'could-not-read' // {source, failure}
  | 'no-baseline-nodes' // compared with before and with what was learned: {deployments}
  | 'partial' // a limit cut the evidence: {read, total}
  | 'counted-by-source' // too many lines to read: its source counted them: {source, lines, clusters, mostLines}
  | 'sampled' // too many lines to read, and no counts either: {source, share: read of the canary's, mostLines}
  | 'unread-lines' // lines that were grouped by their text or their keys: {source, format: json|json-message, lines}
  | 'late' // events show later than the source's `delay` says: {source, delayMs, expectedMs}
  | 'silent' // these nodes no longer report, `every`: no node does: {source, side, nodes, count, sinceMs, eachSinceMs}
  | 'clock-skew' // the vendor's clock is ahead (negative: behind), and times were corrected: {source, aheadMs}
  | 'traffic-measured' // what the canary receives, which its lines are compared by: {share, metric}
  | 'traffic-assumed' // the same where no metric counts requests: {share}
  | 'start-up-errors' // new while nodes started: {clusters, lines, nodes, startUps: earlier good ones}
  | 'answered' // the result of a measurement: {source, outcome, why, failed, failures: needed in a row}
  | 'not-answered' // a measurement without a result yet: {source}
  | 'skipped'; // by a person: {by, why}

/**
 * What the canary was compared with. `canary`: nodes that run the old release at the same time. `previous`: the same
 * nodes before the deployment, which is weaker.
 * `learned`: earlier good deployments (of metrics the last one, `run`). `phase`: for metrics, what the new release
 * showed in the earlier phase of this run. `load-test`: a run that was pinned, or that the pipeline names.
 */
export type Comparison = { readonly lacking?: LackingRun } & (
  | { readonly mode: 'canary' }
  | {
      readonly mode: 'previous';
      /** True if the same time of the previous day is compared as well. */
      readonly dayBefore: boolean;
    }
  | { readonly mode: 'learned'; readonly deployments?: number; readonly run?: number }
  | { readonly mode: 'phase'; readonly run: number }
  | { readonly mode: 'load-test'; readonly run: number; readonly by?: string }
);

/** Present if the run that the pipeline names is not available, so that the next best comparison was chosen. */
export interface LackingRun {
  readonly wanted: 'pinned' | number;
  /** `other-interval`: its values do not fit the intervals of this verification. */
  readonly why: 'none' | 'no-evidence' | 'other-interval';
}

/** The chosen run, and the requested one. */
export function runReasons(comparison: Comparison): readonly Reason[] {
  const { lacking } = comparison,
    run = 'run' in comparison ? comparison.run : undefined,
    by = 'by' in comparison ? comparison.by : undefined;
  return [
    ...(run === undefined
      ? []
      : [{ code: 'compared-run' as const, values: { run, mode: comparison.mode, ...(by !== undefined && { by }) } }]),
    ...(lacking ? [{ code: 'lacking-run' as const, values: { ...lacking } }] : []),
  ];
}

/** The smallest change of its kind that would have changed a check's outcome. Absent if there is none. */
export type WhatIf =
  | { readonly code: 'sensitivity'; readonly outcome: Outcome; readonly sensitivity: Sensitivity }
  /** Relative changes, e.g. 0.1. */
  | { readonly code: 'tolerance'; readonly outcome: Outcome; readonly tolerance: number }
  | { readonly code: 'change'; readonly outcome: Outcome; readonly change: number }
  /** Without the `clusters` riskiest ones, or with this many more lines of the riskiest. */
  | { readonly code: 'without-clusters'; readonly outcome: Outcome; readonly clusters: number }
  | { readonly code: 'more-lines'; readonly outcome: Outcome; readonly lines: number }
  | { readonly code: 'more-time'; readonly outcome: Outcome; readonly needMs: number };

/**
 * Value i covers [startMs + i*intervalMs, startMs + (i+1)*intervalMs); null = a gap. Negative time, before the canary,
 * included.
 */
export interface MetricSeries {
  readonly startMs: number;
  readonly intervalMs: number;
  readonly canary: readonly (number | null)[];
  readonly baseline: readonly (number | null)[];
  /** The range in which the canary's value would not be surprising. */
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
  readonly nodes: Readonly<Record<string, readonly (number | null)[]>>;
  /** One entry for each evaluation; absent if the change has no such range, and in reports of older versions. */
  readonly range?: readonly LevelRange[];
}

/**
 * The range that contains the canary's level. Each end has the confidence that the check requires, however often it is
 * evaluated. The check fails when the whole range is beyond the limit.
 */
export interface LevelRange {
  readonly atMs: number;
  readonly low: number;
  readonly high: number;
}

/** What a comparison of the planned length can detect, estimated from the time before. */
export interface MetricForecast {
  readonly durationMs: number;
  /** The smallest relative change that it would probably detect; null: none. */
  readonly smallestChange: number | null;
  /** How long until it would probably detect this change; null: too long to say. */
  readonly change: number;
  readonly neededMs: number | null;
}

/** How fresh a check's evidence was at the evaluation. */
export interface EvidenceTiming {
  /** How long before the evaluation both sides were complete: the measured delay of the slower one. */
  readonly delayMs: number;
  /** The same time as epoch milliseconds; later evidence waits for the next evaluation. */
  readonly completeToMs: number;
  /** Delay of the slowest node, which sets the start of the next read. */
  readonly lagMs: number;
  /** How far the vendor's clock is ahead of this machine's; times were corrected by it. */
  readonly clockAheadMs?: number;
}

/** The change that the metric was allowed: the larger of the two. */
export interface Allowance {
  /** As a share of the baseline. */
  readonly tolerance: number;
  /** In the metric's own unit. */
  readonly floor?: number;
  readonly direction: 'increase' | 'decrease' | 'either';
}

export interface MetricCheck {
  readonly kind: 'metric';
  readonly source: string;
  readonly name: string;
  readonly outcome: Outcome;
  readonly reasons: readonly Reason[];
  /** Central values over the window, null without data. */
  readonly canary: number | null;
  readonly baseline: number | null;
  readonly unit?: string;
  /** Relative change against the baseline; null if undefined. */
  readonly change: number | null;
  /** Evidence for a regression, and the threshold that fails (e-values, 1/alpha). */
  readonly evidence: number;
  readonly threshold: number;
  readonly whatIf?: readonly WhatIf[];
  /** How much more time it needs at this traffic to be able to pass; null: unknown. Absent if none. */
  readonly neededMs?: number | null;
  readonly timing?: EvidenceTiming;
  readonly series?: MetricSeries;
  /** Absent in reports of older versions. */
  readonly allowed?: Allowance;
  readonly forecast?: MetricForecast;
  readonly comparison?: Comparison;
}

export type ClusterClass = 'known' | 'unknown' | 'unexpected-frequency';

export interface ClusterReport {
  /** Stable across runs, restarts and small changes of wording. */
  readonly key: string;
  readonly class: ClusterClass;
  /** Variable parts are `<*>`. */
  readonly template: string;
  readonly severity: Severity;
  readonly baselineCount: number;
  readonly canaryCount: number;
  /** For an unexpected frequency. */
  readonly direction?: 'up' | 'down';
  /** Canary rate over expected rate, null when nothing was expected. */
  readonly ratio: number | null;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  /** Lines per canary node. */
  readonly nodes: Readonly<Record<string, number>>;
  /** Lines per baseline node; without baseline nodes, lines of the same nodes before. */
  readonly baselineNodes?: Readonly<Record<string, number>>;
  /** Lines per minute; minute i begins at startMs + i*60,000. At most 120 minutes, the latest. */
  readonly minutes?: {
    readonly startMs: number;
    readonly canary: readonly number[];
    readonly baseline: readonly number[];
  };
  /** Why a known cluster is known, or marked harmless. */
  readonly knownFrom?: 'baseline' | 'before' | 'learned' | 'feedback';
  /** A reviewer's mark. */
  readonly feedback?: FeedbackMark;
  readonly samples: { readonly canary: readonly string[]; readonly baseline: readonly string[] };
  /** Position on the map, both in [-1, 1]; similar text is close. */
  readonly x: number;
  readonly y: number;
  /** `removed` are words of the nearest template, `inserted` the words in their place. */
  readonly nearest?: {
    readonly key: string;
    readonly template: string;
    readonly similarity: number;
    readonly removed?: readonly string[];
    readonly inserted?: readonly string[];
  };
  /** Number of good deployments in which it occurred, and versions and times of the latest ones. */
  readonly deployments: number;
  readonly seenIn?: readonly { readonly version: string; readonly atMs: number }[];
  /** Its own evidence for being a risk (e-value). */
  readonly evidence: number;
}

export interface LogsCheck {
  readonly kind: 'logs';
  readonly source: string;
  readonly name: string;
  readonly outcome: Outcome;
  readonly reasons: readonly Reason[];
  /** Riskiest first; bounded, but unknown and unexpected clusters are never cut. */
  readonly clusters: readonly ClusterReport[];
  readonly hiddenClusters: number;
  readonly canaryLines: number;
  readonly baselineLines: number;
  readonly learnedDeployments: number;
  readonly evidence: number;
  readonly threshold: number;
  readonly whatIf?: readonly WhatIf[];
  readonly neededMs?: number | null;
  readonly timing?: EvidenceTiming;
  readonly comparison?: Comparison;
}

/** A measurement that returns its own result: nothing is compared, and there is no statistical evidence. */
export interface MeasurementCheck {
  readonly kind: 'measurement';
  readonly source: string;
  readonly name: string;
  readonly outcome: Outcome;
  readonly reasons: readonly Reason[];
  /** The latest answers, oldest first. */
  readonly answers: readonly Answer[];
  readonly neededMs?: number | null;
  readonly whatIf?: never;
  readonly timing?: never;
  readonly comparison?: never;
}

export type Check = MetricCheck | LogsCheck | MeasurementCheck;
/** A check that compares something, and has e-values. */
export type ComparedCheck = MetricCheck | LogsCheck;

/** A query as it was sent to a vendor. */
export interface QueryRecord {
  readonly source: string;
  readonly text: string;
  readonly atMs: number;
  readonly durationMs: number;
  readonly bytes: number;
  readonly rows: number;
  /** The time range that was read; absent in the journals of older versions. */
  readonly fromMs?: number;
  readonly toMs?: number;
  /** The vendor's warnings in a successful answer. */
  readonly warnings?: readonly string[];
}

export interface VerificationReport {
  readonly outcome: Outcome;
  readonly checks: readonly Check[];
  readonly startedAtMs: number;
  readonly lookedAtMs: number;
  readonly looks: number;
  /** The analysis could not be carried out. */
  readonly failure?: Failure;
}

/** The outcome of several checks: one failure fails, otherwise one inconclusive check is inconclusive. */
export function combineOutcomes(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.includes('fail')) return 'fail';
  return outcomes.length === 0 || outcomes.includes('inconclusive') ? 'inconclusive' : 'pass';
}
