// The folders of the window.
import * as vscode from 'vscode';
import type { Target } from './target.ts';

/** The folder whose engine the window uses; a window without a folder only reads. */
export function firstFolder(): string | undefined {
  return vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
}

/** A pipeline file as commands take it: its folder and its path within the folder. */
export function fileTarget(uri: vscode.Uri): Target {
  const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath;
  return { ...(folder !== undefined && { folder }), file: vscode.workspace.asRelativePath(uri, false) };
}
