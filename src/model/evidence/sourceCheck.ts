// The result of checking everything that a pipeline names before a deployment: what exists, what was seen, and what is
// missing.
import type { LogLine, MetricPoint } from './evidence.ts';
import type { Failure } from '../failure.ts';

export interface SourceCheck {
  readonly kind: 'metrics' | 'logs' | 'measurement' | 'job' | 'entity' | 'hook' | 'nodes' | 'versions';
  /** The name of the health source, job or connection; for listed nodes, the environment; for versions, the service. */
  readonly name: string;
  /** The name of the vendor in its usual spelling, if the kind alone is not clear. */
  readonly title?: string;
  /** Absent, like the address, for sources on this machine. */
  readonly connection?: string;
  readonly url?: string;
  readonly tookMs: number;
  /** The queries, for the latest window. */
  readonly queries: readonly string[];
  /** The nodes that were seen, by environment; only for a health source. */
  readonly nodes: readonly SeenNodes[];
  /** Lines as the mapping reads them: at most three, from different nodes if possible. */
  readonly sampleLines: readonly LogLine[];
  /** The newest measured value of each metric on each node. */
  readonly samplePoints: readonly MetricPoint[];
  /** The estimated scan volume of logs for a verification, if the vendor charges for scans and returned an estimate. */
  readonly scan?: ScanEstimate;
  readonly problems: readonly SourceProblem[];
}

/** Bytes that searches scan, as the vendor estimates them. */
export interface ScanEstimate {
  readonly lookBytes: number;
  /** For the longest verification: its history and all its evaluations. */
  readonly verificationBytes: number;
  /** The same by data tier; the vendor charges each differently. */
  readonly tiers: Readonly<Record<string, number>>;
}

export interface SeenNodes {
  readonly environment: string;
  readonly found: readonly string[];
  readonly missing: readonly string[];
}

/**
 * `missing`: a name does not resolve, a credential is not accepted, or a verification would scan more than allowed, so
 * nothing may be deployed. `unknown`: it could not be queried, so it may or may not exist. `notice`: it works, but the
 * user should know something about it.
 */
export interface SourceProblem {
  readonly kind: 'missing' | 'unknown' | 'notice';
  readonly failure: Failure;
}

export function problemsOf(checks: readonly SourceCheck[], kind: SourceProblem['kind']): readonly Failure[] {
  return checks.flatMap(check => check.problems.flatMap(problem => (problem.kind === kind ? [problem.failure] : [])));
}

/** True if a failed query means that its target does not exist, false if there was merely no answer. */
export function problemOfAsking(failure: Failure): SourceProblem {
  const certain =
    failure.kind === 'not-found' ||
    failure.kind === 'unauthorized' ||
    failure.kind === 'invalid' ||
    failure.kind === 'refused';
  return { kind: certain ? 'missing' : 'unknown', failure };
}
