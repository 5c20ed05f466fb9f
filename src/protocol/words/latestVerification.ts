// Which verification of a stage is shown as the stage's result.
import { speaksForPhase, type StageState, type VerificationState } from '../../model/runs/runState.ts';

/** The report that counts for a stage: the latest one that did not verify a rollback. */
export function latestVerification(stage: StageState): VerificationState | undefined {
  return stage.verifications.findLast(one => speaksForPhase(one) && one.report);
}
