// Show Logs: follows a run in progress in a terminal; for a step or an ended run, opens the log at the relevant line.
import { stagesOf, type RunState } from '../../model/runs/runState.ts';
import type { HostServices } from '../hostServices.ts';
import { readTarget, type Target } from '../workspace/target.ts';
import { chooseRun } from './choose.ts';
import { t } from '../../protocol/words/translate.ts';

export async function showLogs(services: HostServices, given: unknown): Promise<void> {
  const target = readTarget(given);
  const chosen = await chooseRun(
    services,
    target,
    t('Show Logs'),
    () => true,
    t('No run has been started on this machine yet.'),
  );
  if (!chosen) return;
  const step = target.step ?? stepOf(chosen.state, target);
  if (chosen.state.outcome === undefined && step === undefined) await services.logs.follow(chosen.run.id);
  else await services.logs.showStep(chosen.run.id, step);
}

/** For a stage, its failed step, otherwise its last one; for an ended run, its last failed step. */
function stepOf(state: RunState, { stage }: Target): string | undefined {
  if (stage === undefined && state.outcome === undefined) return undefined;
  const steps = stagesOf(state)
    .filter(one => stage === undefined || one.name === stage)
    .flatMap(one => one.steps);
  const failed = steps.findLast(step => step.status === 'failed')?.key;
  return failed ?? (stage === undefined ? undefined : steps.at(-1)?.key);
}
