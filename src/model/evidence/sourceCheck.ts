// What a check before a deployment finds about everything that a pipeline names: what answers, what was seen, what is
// missing.
import type { LogLine, MetricPoint } from './evidence.ts';
import type { Failure } from '../failure.ts';

export interface SourceCheck {
  readonly kind: 'metrics' | 'logs' | 'measurement' | 'job' | 'entity' | 'hook' | 'nodes' | 'versions';
  /**
   * Name of the health source, the job, the connection, of nodes that a command lists the environment, and of versions
   * the service.
   */
  readonly name: string;
  /** The vendor's name as people write it, where the kind alone does not say what is meant. */
  readonly title?: string;
  /** Absent, like the address: it is read on this machine. */
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
  /** Estimate for logs that a stage is verified with, where the vendor charges for scans and could be asked. */
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
 * `missing`: a name does not resolve, a credential is not accepted, or a verification would scan more than it may:
 * nothing may be deployed. `unknown`: it could not be asked, which says nothing about what exists. `notice`: it works,
 * and a person should know this of it.
 */
export interface SourceProblem {
  readonly kind: 'missing' | 'unknown' | 'notice';
  readonly failure: Failure;
}

export function problemsOf(checks: readonly SourceCheck[], kind: SourceProblem['kind']): readonly Failure[] {
  return checks.flatMap(check => check.problems.flatMap(problem => (problem.kind === kind ? [problem.failure] : [])));
}

/** Whether a failed query means that its target does not exist, or only that no answer came. */
export function problemOfAsking(failure: Failure): SourceProblem {
  const certain =
    failure.kind === 'not-found' ||
    failure.kind === 'unauthorized' ||
    failure.kind === 'invalid' ||
    failure.kind === 'refused';
  return { kind: certain ? 'missing' : 'unknown', failure };
}
