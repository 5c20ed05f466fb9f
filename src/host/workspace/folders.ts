// The folders of the window.
import * as vscode from 'vscode';

/** The folder whose engine the window uses; a window without a folder only reads. */
export function firstFolder(): string | undefined {
  return vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
}
