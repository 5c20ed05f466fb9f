// Whether anything verified what a run deployed: a passed verification, or a check hook of a stage that has no canary.
import { stagesOf, type RunState, type StageState } from './runState.ts';

/** True if the run deployed something and none of it was verified. */
export function isUnverified(state: RunState): boolean {
  const deployed = stagesOf(state).filter(stage => stage.steps.some(({ status }) => status === 'succeeded'));
  return deployed.length > 0 && !deployed.some(isVerified);
}

function isVerified({ phase, steps, verifications }: StageState): boolean {
  return phase
    ? verifications.some(({ purpose, report }) => purpose !== 'proof' && report?.outcome === 'pass')
    : steps.some(({ purpose, status }) => purpose === 'check' && status === 'succeeded');
}
