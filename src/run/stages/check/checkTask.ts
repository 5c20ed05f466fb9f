// The task of one verification: its nodes, its times and its purpose.
import type { VerificationReport } from '../../../model/evidence/verdict.ts';
import type { VerificationPurpose } from '../../../model/runs/runEvents.ts';
import type { Verification } from '../../../model/pipeline.ts';

export interface CheckTask {
  /** Stable across a restart. */
  readonly key: string;
  readonly stage: string;
  readonly environment: string;
  readonly phase: number;
  readonly purpose: VerificationPurpose;
  readonly verification: Verification;
  readonly canaryNodes: readonly string[];
  readonly baselineNodes: readonly string[];
  readonly canarySinceMs: number;
  /** The end of the time before the deployment. */
  readonly beforeToMs: number;
  /** Replaces each report before it is journalled and passed on; the full reports are not stored then. */
  readonly weigh?: (report: VerificationReport) => VerificationReport;
}
