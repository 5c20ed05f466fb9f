// New Pipeline…: writes a small, valid pipeline file and opens it.
import * as vscode from 'vscode';
import { fail } from '../../model/failure.ts';
import { newPipelineText } from '../documents/newPipelineText.ts';
import type { HostServices } from '../hostServices.ts';
import { typeLine } from '../asking/prompts.ts';
import { t } from '../../protocol/words/translate.ts';

export async function newPipeline(services: HostServices): Promise<void> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const folder = folders.length > 1 ? await vscode.window.showWorkspaceFolderPick() : folders[0];
  if (folders.length === 0)
    services.notify.fail(fail('invalid', t('Open a folder first. A pipeline is a file in a folder.')).failure);
  if (!folder) return;
  const typed = await typeLine(
    { title: t('New Pipeline') },
    {
      prompt: t('Name of the service'),
      value: folder.name.toLowerCase().replace(/[^a-z0-9-]+/g, '-'),
      check: text => (/^[a-z][a-z0-9-]{0,60}$/.test(text) ? undefined : t('Lower-case letters, digits and dashes.')),
    },
  );
  if (typed === undefined || typed === 'back') return;
  const uri = vscode.Uri.joinPath(folder.uri, '.backstop', 'pipelines', `${typed.text}.yaml`);
  const exists = await Promise.resolve(vscode.workspace.fs.stat(uri)).then(
    () => true,
    () => false,
  );
  if (!exists) await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(newPipelineText(typed.text)));
  await vscode.window.showTextDocument(uri);
  await services.pipelines.refresh();
}
