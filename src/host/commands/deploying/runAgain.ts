// Run Again from Failed Stage: a new run with the same release that treats the earlier stages as done.
import type { HostServices } from '../../hostServices.ts';
import { failedStage } from '../../runs/runFacts.ts';
import { readTarget } from '../../workspace/target.ts';
import { beginRun } from '../canary/begin.ts';
import { chooseRun, pipelineOfRun, runLabel } from '../choose.ts';
import { t } from '../../../protocol/words/translate.ts';

export async function runAgain(services: HostServices, given: unknown): Promise<void> {
  if (!services.mayAct()) return;
  const target = readTarget(given);
  const chosen = await chooseRun(
    services,
    target,
    t('Run Again from Failed Stage'),
    state => failedStage(state) !== undefined,
    t('There is no failed run to repeat.'),
  );
  const pipeline = chosen && (await pipelineOfRun(services, chosen.state));
  if (!chosen || !pipeline) return;
  const stage = target.stage ?? failedStage(chosen.state)!;
  if (
    !(await services.notify.confirm(
      t('Run {0} again from {1}?', runLabel(chosen.run), stage),
      t('Earlier stages keep their outcome; the release and the inputs stay the same.'),
      t('Run Again'),
    ))
  )
    return;
  const engine = await services.engineFor(pipeline.folder);
  if (engine)
    await beginRun(
      services,
      pipeline.folder,
      await engine.start({
        pipeline: pipeline.pipeline,
        inputs: {},
        by: await services.person(pipeline.folder),
        from: { stage, runId: chosen.run.id },
      }),
    );
}
