// What the evidence says: one report per check, with reasons as codes and numbers. Prose is made from them in protocol/sentences.ts.
import type { Severity } from './evidence.ts';
import type { Failure } from './failure.ts';

export type Outcome = 'pass' | 'fail' | 'inconclusive';

export interface Reason {
  readonly code: ReasonCode;
  readonly values: Readonly<Record<string, string | number>>;
}
export type ReasonCode =
  | 'unknown-clusters' // {clusters, lines, nodes, deployments}
  | 'cluster-frequency' // {template, canary, baseline, ratio, direction}
  | 'metric-regressed' // {metric, canary, baseline, change, unit, evidence}
  | 'metric-in-band' // {metric, canary, baseline, change, tolerance, unit}
  | 'logs-clean' // {canaryLines, baselineLines, clusters, deployments}
  | 'not-enough-data' // {have, need, what}
  | 'no-canary-data' | 'no-baseline-data' // {source, metric?}
  | 'could-not-read' // {source, failure}
  | 'no-baseline-nodes' // compared with before and with what was learned: {deployments}
  | 'partial' // a limit cut the evidence: {read, total}
  | 'skipped'; // by a person: {by, why}

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
  /** Relative change against the baseline, null where it cannot be said. */
  readonly change: number | null;
  /** Evidence for a regression and where it suffices (e-values, 1/alpha). */
  readonly evidence: number;
  readonly threshold: number;
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
  /** Of an unexpected frequency. */
  readonly direction?: 'up' | 'down';
  /** Canary rate over expected rate, null when nothing was expected. */
  readonly ratio: number | null;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  /** Lines per canary node. */
  readonly nodes: Readonly<Record<string, number>>;
  readonly samples: { readonly canary: readonly string[]; readonly baseline: readonly string[] };
  /** Place on the map, both in [-1, 1]; similar text lies near. */
  readonly x: number;
  readonly y: number;
  readonly nearest?: { readonly key: string; readonly template: string; readonly similarity: number };
  /** Good deployments in which it occurred. */
  readonly deployments: number;
  /** Its own evidence of being a risk (e-value). */
  readonly evidence: number;
}

export interface LogsCheck {
  readonly kind: 'logs';
  readonly source: string;
  readonly name: string;
  readonly outcome: Outcome;
  readonly reasons: readonly Reason[];
  /** Riskiest first; bounded, unknown and unexpected ones never cut. */
  readonly clusters: readonly ClusterReport[];
  readonly hiddenClusters: number;
  readonly canaryLines: number;
  readonly baselineLines: number;
  readonly learnedDeployments: number;
  readonly evidence: number;
  readonly threshold: number;
}

export type Check = MetricCheck | LogsCheck;

/** A question put to a vendor, as it was asked. */
export interface QueryRecord {
  readonly source: string;
  readonly text: string;
  readonly atMs: number;
  readonly durationMs: number;
  readonly bytes: number;
  readonly rows: number;
}

export interface VerificationReport {
  readonly outcome: Outcome;
  readonly checks: readonly Check[];
  readonly startedAtMs: number;
  readonly lookedAtMs: number;
  readonly looks: number;
  /** The analysis itself could not be made. */
  readonly failure?: Failure;
}

/** The outcome of several checks: one failed check fails, one that could not be measured holds. */
export function combineOutcomes(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.includes('fail')) return 'fail';
  return outcomes.length === 0 || outcomes.includes('inconclusive') ? 'inconclusive' : 'pass';
}
