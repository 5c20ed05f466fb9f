// A cluster as chart, table and detail show it, and all of them together.
import type { Severity } from '../../model/evidence/evidence.ts';
import type { FeedbackMark } from '../../model/evidence/feedback.ts';
import type { Outcome } from '../../model/evidence/verdict.ts';
import type { ComparedWord } from './snapshotWords.ts';

export interface ClustersSnapshot {
  /** The riskiest first; risky clusters are never left out. */
  readonly shown: readonly ClusterSnapshot[];
  /** Number of clusters without risk that are not in `shown`. */
  readonly hidden: number;
}

export interface ClusterSnapshot {
  /** Unique within the snapshot. */
  readonly id: string;
  /** `A`, `B` and so on, for risky clusters. */
  readonly letter?: string;
  readonly kind: ClusterKind;
  readonly severity: Severity;
  /** Variable parts are `<*>`. */
  readonly template: string;
  /** The exception with its message in a sample, if the template has only its type and its frames. */
  readonly says?: string;
  readonly x: number;
  readonly y: number;
  readonly canaryCount: number;
  readonly baselineCount: number;
  readonly deployments: number;
  readonly learnedDeployments: number;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  readonly evidence: number;
  readonly why: string;
  readonly nodes: readonly { readonly name: string; readonly lines: number }[];
  readonly baselineNodes: readonly { readonly name: string; readonly lines: number }[];
  readonly minutes?: MinutesSnapshot;
  /** The time from which the canary nodes ran the new release. */
  readonly sinceMs: number;
  /** The good deployments in which it occurred, newest first, as far as their names are known. */
  readonly seenIn: readonly { readonly version: string; readonly atMs: number }[];
  /** A reviewer's feedback; a mark in the file that no evaluation has used yet is shown too. */
  readonly feedback?: {
    readonly mark: FeedbackMark;
    readonly reason: string;
    readonly by: string;
    readonly atMs: number;
  };
  readonly samples: readonly { readonly from: 'canary' | 'baseline'; readonly text: string }[];
  readonly nearest?: {
    readonly id?: string;
    readonly similarity: number;
    readonly canary: readonly ComparedWord[];
    readonly known: readonly ComparedWord[];
  };
  /**
   * For a risky cluster: its check, the number of risky clusters in it, and its outcome without this cluster, if known.
   */
  readonly check?: {
    readonly name: string;
    readonly outcome: Outcome;
    readonly risky: number;
    readonly withoutIt?: Outcome;
  };
}

/** Lines per `stepMs`; the first step begins at startMs. */
export interface MinutesSnapshot {
  readonly startMs: number;
  readonly stepMs: number;
  readonly canary: readonly number[];
  readonly baseline: readonly number[];
}

export type ClusterKind = 'unknown' | 'unexpected-frequency' | 'known' | 'baseline';
