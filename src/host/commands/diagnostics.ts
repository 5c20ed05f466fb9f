// Diagnostics: the state of the installation as a Markdown document that can be attached to an issue.
import * as vscode from 'vscode';
import { settings } from '../../contributions.ts';
import { t } from '../../protocol/words/translate.ts';
import { diagnosticsText } from '../documents/diagnosticsText.ts';
import type { HostServices } from '../hostServices.ts';

export async function diagnostics(services: HostServices): Promise<void> {
  const found = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: t('Collecting diagnostics…') },
    () => services.engines.diagnose(),
  );
  if (!found.ok) {
    services.notify.fail(found.failure);
    return;
  }
  const configuration = vscode.workspace.getConfiguration();
  const { version } = services.context.extension.packageJSON as { readonly version: string };
  const text = diagnosticsText(found.value, {
    version,
    editor: `${vscode.version} (${vscode.env.appName})`,
    isTrusted: vscode.workspace.isTrusted,
    folders: vscode.workspace.workspaceFolders?.length ?? 0,
    settings: Object.fromEntries(Object.values(settings).map(name => [name, configuration.get(name)])),
    runsHere: services.ownRuns.list().length,
  });
  await services.documents.show(`/diagnostics/${t('Backstop Diagnostics')}.md`, () => Promise.resolve(text), {
    language: 'markdown',
  });
}
