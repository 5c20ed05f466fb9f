// The extension under test, and the workspace it is tested in.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';

export function extension(): vscode.Extension<unknown> {
  const found = vscode.extensions.getExtension('backstop.backstop');
  if (!found) throw new Error('VS Code does not know the extension');
  return found;
}

export function folder(): vscode.WorkspaceFolder {
  const found = vscode.workspace.workspaceFolders?.[0];
  if (!found) throw new Error('no folder is open');
  return found;
}

export function pipelineFile(name: string): vscode.Uri {
  return vscode.Uri.joinPath(folder().uri, '.backstop', 'pipelines', `${name}.yaml`);
}

/** One line for each start of a hook: run, stage, action. */
export function hookStarts(): readonly string[] {
  const file = join(folder().uri.fsPath, 'hook-starts.txt');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

/** The bundles of the extension that this host has loaded so far. */
export function loadedBundles(): readonly string[] {
  const dist = join(extension().extensionPath, 'dist');
  return Object.keys(require.cache)
    .filter(path => path.startsWith(dist) && !path.startsWith(join(dist, 'test')))
    .map(path => path.slice(dist.length + 1));
}
