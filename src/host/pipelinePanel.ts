// The run panel of a pipeline that has no run yet: its stages as they would run, and the way to a first one.
import * as vscode from 'vscode';
import { runPanelType } from '../contributions.ts';
import type { RunPlan } from '../model/plan.ts';
import { isToHost, type ToPanel } from '../protocol/runPanel.ts';
import { snapshotPipeline } from '../protocol/snapshotPipeline.ts';
import type { ChosenPipeline } from './commands/choose.ts';
import type { HostParts } from './parts.ts';
import { commandOf, drawPage } from './runPanel.ts';

export function openPipelinePanel(parts: HostParts, { folder, file, pipeline }: ChosenPipeline, plan: RunPlan): void {
  const snapshot = snapshotPipeline(pipeline, plan, file);
  const panel = vscode.window.createWebviewPanel(runPanelType, snapshot.name, vscode.ViewColumn.Active);
  panel.webview.onDidReceiveMessage((message: unknown) => {
    if (!isToHost(message)) return;
    if (message.type === 'ready') void panel.webview.postMessage({ type: 'pipeline', pipeline: snapshot } satisfies ToPanel);
    if (message.type === 'act') void vscode.commands.executeCommand(commandOf[message.action], { folder, file });
  });
  drawPage(parts, panel);
}
