// New Pipeline…: writes a valid pipeline file and opens it; one with a canary also gets the scripts that it calls.
import * as vscode from 'vscode';
import { fail } from '../../model/failure.ts';
import { newPipelineText } from '../documents/newPipelineText.ts';
import type { HostServices } from '../hostServices.ts';
import { pickOne, typeLine } from '../asking/prompts.ts';
import { askBackend } from './askBackend.ts';
import { formatList } from '../../protocol/words/format.ts';
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
  const service = typed.text;
  const form = await pickOne<'canary' | 'plain'>({ title: t('New Pipeline') }, t('What should the pipeline do?'), [
    {
      label: t('Canary with verification (recommended)'),
      detail: t('Nodes, logs and phases from the files of this folder; scripts to fill in for deploying and checking.'),
      value: 'canary',
    },
    {
      label: t('Two stages with an approval between them'),
      detail: t('One small file, without verification.'),
      value: 'plain',
    },
  ]);
  if (form === undefined || form === 'back') return;
  const uri = vscode.Uri.joinPath(folder.uri, '.backstop', 'pipelines', `${service}.yaml`);
  const isThere = form === 'canary' ? await writeCanary(services, folder, service) : await writePlain(uri, service);
  if (!isThere) return;
  await vscode.window.showTextDocument(uri);
  await services.pipelines.refresh();
}

/** Keeps existing files. False if the user cancelled, or if the files could not be written, which was reported. */
async function writeCanary(services: HostServices, folder: vscode.WorkspaceFolder, service: string): Promise<boolean> {
  const { notify } = services,
    path = folder.uri.fsPath;
  const starter = await services.engines.starter(path);
  const suggested = { ...starter.suggest(starter.detect(path), folder.name), service };
  const choices = await askBackend(services, path, starter, suggested);
  if (!choices) return false;
  const written = starter.write(path, starter.files(choices));
  if (!written.ok) {
    notify.fail(written.failure);
    return false;
  }
  const scripts = written.value.filter(path => path.startsWith('scripts/'));
  if (scripts.length > 0) notify.say(t('Fill in {0} before you deploy.', formatList(scripts, 3)));
  return true;
}

async function writePlain(uri: vscode.Uri, service: string): Promise<true> {
  const exists = await Promise.resolve(vscode.workspace.fs.stat(uri)).then(
    () => true,
    () => false,
  );
  if (!exists) await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(newPipelineText(service)));
  return true;
}
