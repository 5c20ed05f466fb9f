// Open Run: the run panel of a run, or of a pipeline that has none yet.
import * as vscode from 'vscode';
import type { HostParts } from '../parts.ts';
import { openPipelinePanel } from '../panel/pipelinePanel.ts';
import { latestRun } from '../panel/runFeed.ts';
import { openRunPanel } from '../panel/runPanel.ts';
import { readTarget, type Target } from '../workspace/target.ts';
import { choosePipeline, chooseRun } from './choose.ts';

export async function openRun(parts: HostParts, given: unknown): Promise<void> {
  const { t } = vscode.l10n;
  const target = readTarget(given),
    title = t('Open Run');
  if (hasNoRun(parts, target)) return openPipeline(parts, target, title);
  const chosen = await chooseRun(parts, target, title, () => true, t('No run was started on this machine yet.'));
  if (chosen) openRunPanel(parts, chosen.engine, chosen.run.id);
}

function hasNoRun({ feed, pipelines }: HostParts, { runId, file }: Target): boolean {
  return runId === undefined && (file !== undefined || (feed.runs().length === 0 && pipelines.list().length > 0));
}

async function openPipeline(parts: HostParts, target: Target, title: string): Promise<void> {
  const chosen = await choosePipeline(parts, target, title);
  const engine = chosen && (await parts.engineFor(chosen.folder));
  if (!engine) return;
  parts.feed.poke();
  const latest = latestRun(parts.feed, chosen.file, chosen.pipeline);
  if (latest) openRunPanel(parts, engine, latest.run.id);
  else openPipelinePanel(parts, engine, chosen);
}
