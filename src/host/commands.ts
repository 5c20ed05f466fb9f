// The commands of the palette.
import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import { describeFailure, type Result } from '../model/failure.ts';
import type { History } from '../model/ports.ts';
import type { PipelineDiagnostics } from './diagnostics.ts';
import { openRunPanel } from './runPanel.ts';

export interface CommandParts {
  readonly extensionUri: vscode.Uri;
  readonly diagnostics: PipelineDiagnostics;
  /** Opened when a command first needs it. */
  readonly history: () => Result<History>;
}

export function registerCommands({ extensionUri, diagnostics, history }: CommandParts): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand(commands.validatePipelines, async () => {
      const { files, broken } = await diagnostics.validateAll();
      if (files === 0) void vscode.window.showInformationMessage(vscode.l10n.t('This workspace has no pipeline file in .backstop/pipelines.'));
      else if (broken === 0) void vscode.window.showInformationMessage(vscode.l10n.t('All {0} pipeline files are valid.', files));
      else await vscode.commands.executeCommand('workbench.actions.view.problems');
    }),
    vscode.commands.registerCommand(commands.openRun, async () => {
      const opened = history();
      if (!opened.ok) { void vscode.window.showErrorMessage(describeFailure(opened.failure)); return; }
      const runs = opened.value.runs({ limit: 200 });
      if (runs.length === 0) { void vscode.window.showInformationMessage(vscode.l10n.t('No run has been started on this machine yet.')); return; }
      const picked = await vscode.window.showQuickPick(runs.map(run => ({
        label: `#${run.number} ${run.pipeline} ${run.version}`, description: run.outcome ?? vscode.l10n.t('running'),
        detail: `${run.by.name}, ${new Date(run.startedAtMs).toLocaleString()}`, run })), { placeHolder: vscode.l10n.t('Run to open') });
      if (picked) openRunPanel(extensionUri, opened.value, picked.run.id, picked.label);
    }),
  );
}
