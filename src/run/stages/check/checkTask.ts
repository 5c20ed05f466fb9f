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
  /** The time before is what lies before this. */
  readonly beforeToMs: number;
  /** What its reports are journalled and heard as; the full ones are not kept then. */
  readonly weigh?: (report: VerificationReport) => VerificationReport;
}
