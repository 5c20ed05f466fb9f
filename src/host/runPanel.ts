// The run panel: a webview that is sent whole snapshots of one run, strict about what it may load.
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { History } from '../model/ports.ts';
import { reduceRun } from '../model/runState.ts';
import { isToHost, snapshotRun, type ToPanel } from '../protocol/runPanel.ts';

const refreshMs = 1_000;

/** Follows the run until it has ended, whichever process runs it. */
export function openRunPanel(extensionUri: vscode.Uri, history: Pick<History, 'events'>, runId: string, title: string): void {
  const scripts = vscode.Uri.joinPath(extensionUri, 'dist');
  const panel = vscode.window.createWebviewPanel('backstop.run', title, vscode.ViewColumn.Active, { enableScripts: true, localResourceRoots: [scripts] });
  let refreshing: NodeJS.Timeout | undefined;
  function send(): void {
    const state = reduceRun(runId, history.events(runId));
    if (!state) return;
    void panel.webview.postMessage({ type: 'snapshot', snapshot: snapshotRun(state, Date.now()) } satisfies ToPanel);
    clearTimeout(refreshing);
    if (state.outcome === undefined) refreshing = setTimeout(send, refreshMs);
  }
  panel.webview.onDidReceiveMessage((message: unknown) => { if (isToHost(message)) send(); });
  panel.onDidDispose(() => clearTimeout(refreshing));
  panel.webview.html = page(panel.webview, vscode.Uri.joinPath(scripts, 'panel.js'));
}

function page(webview: vscode.Webview, script: vscode.Uri): string {
  const nonce = randomBytes(16).toString('hex');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-${nonce}'; font-src ${webview.cspSource};">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Backstop run</title>
</head>
<body><backstop-run></backstop-run><script type="module" nonce="${nonce}" src="${webview.asWebviewUri(script).toString()}"></script></body>
</html>`;
}
