// Open Run: the run panel of a run, or of a pipeline without one.
import type { HostServices } from '../hostServices.ts';
import { openPipelinePanel } from '../panel/pipelinePanel.ts';
import { latestRun } from '../panel/runFeed.ts';
import { openRunPanel } from '../panel/runPanel.ts';
import { readTarget, type Target } from '../workspace/target.ts';
import { choosePipeline, chooseRun } from './choose.ts';
import { t } from '../../protocol/words/translate.ts';

export async function openRun(services: HostServices, given: unknown): Promise<void> {
  const target = readTarget(given),
    title = t('Open Run');
  if (hasNoRun(services, target)) return openPipeline(services, target, title);
  const chosen = await chooseRun(services, target, title, () => true, t('No run was started on this machine yet.'));
  if (chosen) openRunPanel(services, chosen.engine, chosen.run.id);
}

function hasNoRun({ feed, pipelines }: HostServices, { runId, file }: Target): boolean {
  return runId === undefined && (file !== undefined || (feed.runs().length === 0 && pipelines.list().length > 0));
}

async function openPipeline(services: HostServices, target: Target, title: string): Promise<void> {
  const chosen = await choosePipeline(services, target, title);
  const engine = chosen && (await services.engineFor(chosen.folder));
  if (!engine) return;
  services.feed.poke();
  const latest = latestRun(services.feed, chosen.file, chosen.pipeline);
  if (latest) openRunPanel(services, engine, latest.run.id);
  else openPipelinePanel(services, engine, chosen);
}
