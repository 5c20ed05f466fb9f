// The run panel of a pipeline without a run: its stages as they would run, and a button for the first run.
import * as vscode from 'vscode';
import { runPanelType } from '../../contributions.ts';
import { isToHost, type ToPanel } from '../../protocol/runPanel.ts';
import { snapshotPipeline } from '../../protocol/snapshot/snapshotPipeline.ts';
import type { ChosenPipeline } from '../commands/choose.ts';
import type { HostEngine } from '../runs/engines.ts';
import type { HostServices } from '../hostServices.ts';
import { latestRun } from './runFeed.ts';
import { commandOf } from './panelAnswers.ts';
import { drawPage, openRunPanel } from './runPanel.ts';

/** Becomes the panel of the pipeline's first run as soon as there is one. */
export function openPipelinePanel(
  services: HostServices,
  engine: HostEngine,
  { folder, file, pipeline }: ChosenPipeline,
): void {
  const snapshot = snapshotPipeline(pipeline, engine.layOut(pipeline), file);
  const panel = vscode.window.createWebviewPanel(runPanelType, snapshot.name, vscode.ViewColumn.Active);
  const listening = panel.webview.onDidReceiveMessage((message: unknown) => {
    if (!isToHost(message)) return;
    if (message.type === 'ready')
      void panel.webview.postMessage({ type: 'pipeline', pipeline: snapshot } satisfies ToPanel);
    if (message.type === 'act') void vscode.commands.executeCommand(commandOf[message.action], { folder, file });
  });
  const stopFollowing = services.feed.onChange(() => {
    const latest = latestRun(services.feed, file, pipeline);
    if (!latest) return;
    stopFollowing();
    listening.dispose();
    openRunPanel(services, engine, latest.run.id, { panel });
  });
  panel.onDidDispose(stopFollowing);
  drawPage(services, panel);
}
