// Open Run: opens the run panel of a run, or of a pipeline that has not run yet. Next and Previous Run switch the
// active panel.
import type { HostServices } from '../hostServices.ts';
import { openPipelinePanel } from '../panel/pipelinePanel.ts';
import { latestRun, neighbourOf } from '../panel/runFeed.ts';
import { activeRunPanel, openRunPanel } from '../panel/runPanel.ts';
import { readTarget, type Target } from '../workspace/target.ts';
import { choosePipeline, chooseRun } from './choose.ts';
import { t } from '../../protocol/words/translate.ts';

export async function openRun(services: HostServices, given: unknown): Promise<void> {
  const target = readTarget(given),
    title = t('Open Run');
  const beside = isFromTree(given);
  if (hasNoRun(services, target)) return openPipeline(services, target, title, beside);
  const chosen = await chooseRun(
    services,
    target,
    title,
    () => true,
    t('No run has been started on this machine yet.'),
  );
  if (chosen) openRunPanel(services, chosen.engine, chosen.run.id, { beside });
}

/** A click in a tree keeps the focus there. */
function isFromTree(given: unknown): boolean {
  return typeof given === 'object' && given !== null && (given as { from?: unknown }).from === 'tree';
}

export function nextRun(services: HostServices): Promise<void> {
  return openNeighbour(services, -1);
}

export function previousRun(services: HostServices): Promise<void> {
  return openNeighbour(services, 1);
}

/** The run replaces the one in the active panel. */
async function openNeighbour(services: HostServices, by: 1 | -1): Promise<void> {
  const { feed, notify } = services;
  const shown = activeRunPanel();
  const engine = shown && (await services.engineFor());
  if (!engine) return;
  feed.poke();
  const neighbour = neighbourOf(feed.runs(), shown.runId, by);
  if (!neighbour) {
    notify.say(by < 0 ? t('This is the latest run of its pipeline.') : t('No earlier run of this pipeline is listed.'));
    return;
  }
  openRunPanel(services, engine, neighbour.id);
  shown.panel.dispose();
}

function hasNoRun({ feed, pipelines }: HostServices, { runId, file }: Target): boolean {
  return runId === undefined && (file !== undefined || (feed.runs().length === 0 && pipelines.list().length > 0));
}

async function openPipeline(services: HostServices, target: Target, title: string, beside: boolean): Promise<void> {
  const chosen = await choosePipeline(services, target, title);
  const engine = chosen && (await services.engineFor(chosen.folder));
  if (!engine) return;
  services.feed.poke();
  const latest = latestRun(services.feed, chosen.file, chosen.pipeline);
  if (latest) openRunPanel(services, engine, latest.run.id, { beside });
  else openPipelinePanel(services, engine, chosen);
}
