// What a look at everything that a pipeline names outside of itself finds before a deployment: what answers, what was seen, and what does not exist.
import type { LogLine, MetricPoint } from './evidence.ts';
import type { Failure } from '../failure.ts';

export interface SourceCheck {
  readonly kind: 'metrics' | 'logs' | 'job' | 'entity' | 'hook';
  /** Name of the health source, the job or the connection. */
  readonly name: string;
  /** The vendor's name as people write it, where the kind alone does not say what is meant. */
  readonly title?: string;
  readonly connection: string;
  readonly url: string;
  readonly tookMs: number;
  /** As they were asked, for the newest window. */
  readonly queries: readonly string[];
  /** Which nodes were seen, by environment; of a health source only. */
  readonly nodes: readonly SeenNodes[];
  /** As the mapping reads them: at most three, of different nodes where there are some. */
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
  /** Of the longest verification: its history, and look after look. */
  readonly verificationBytes: number;
  /** The same by the name of the data tier, each of which the vendor charges differently. */
  readonly tiers: Readonly<Record<string, number>>;
}

export interface SeenNodes {
  readonly environment: string;
  readonly found: readonly string[];
  readonly missing: readonly string[];
}

/**
 * `missing`: a name does not resolve, a credential is not accepted, or a verification would scan more than it may: nothing may be deployed. `unknown`: it could not be asked, which says
 * nothing about what exists. `notice`: it works, and a person should know this of it.
 */
export interface SourceProblem {
  readonly kind: 'missing' | 'unknown' | 'notice';
  readonly failure: Failure;
}

export function problemsOf(checks: readonly SourceCheck[], kind: SourceProblem['kind']): readonly Failure[] {
  return checks.flatMap(check => check.problems.flatMap(problem => (problem.kind === kind ? [problem.failure] : [])));
}

/** Whether a failure to ask says that what was asked for does not exist, or only that nobody answered. */
export function problemOfAsking(failure: Failure): SourceProblem {
  const certain =
    failure.kind === 'not-found' ||
    failure.kind === 'unauthorized' ||
    failure.kind === 'invalid' ||
    failure.kind === 'refused';
  return { kind: certain ? 'missing' : 'unknown', failure };
}
