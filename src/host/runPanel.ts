// The run panel: a webview that is sent whole snapshots of one run, strict about what it may load.
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { History } from '../model/ports.ts';
import { commands } from '../contributions.ts';
import { reduceRun } from '../model/runState.ts';
import { isToHost, type ToPanel } from '../protocol/runPanel.ts';
import { snapshotRun } from '../protocol/snapshot.ts';
import type { SnapshotAction } from '../protocol/snapshotHeader.ts';

const refreshMs = 1_000;
const commandOf = {
  'roll-back': commands.rollBack, promote: commands.promoteCanary, hold: commands.holdCanary, 'look-again': commands.retryVerification, cancel: commands.cancelRun, approve: commands.approve, reject: commands.reject,
  'compare-releases': commands.compareReleases, 'run-again': commands.runAgain, 'show-logs': commands.showLogs, 'show-evidence': commands.showEvidence,
  run: commands.deploy, 'open-pipeline': commands.openPipeline,
} as const satisfies Record<SnapshotAction, string>;

/** Follows the run until it has ended, whichever process runs it. */
export function openRunPanel(extensionUri: vscode.Uri, history: Pick<History, 'events'>, runId: string, title: string): void {
  const scripts = vscode.Uri.joinPath(extensionUri, 'dist');
  const panel = vscode.window.createWebviewPanel('backstop.run', title, vscode.ViewColumn.Active, { enableScripts: true, localResourceRoots: [scripts] });
  let refreshing: NodeJS.Timeout | undefined, number = 1;
  function send(): void {
    const snapshot = snapshotRun(runId, history.events(runId), Date.now());
    if (!snapshot) return;
    void panel.webview.postMessage({ type: 'snapshot', number: number++, snapshot } satisfies ToPanel);
    clearTimeout(refreshing);
    if (!snapshot.ended) refreshing = setTimeout(send, refreshMs);
  }
  function targetOf(action: SnapshotAction): object {
    const state = action === 'compare-releases' ? reduceRun(runId, history.events(runId)) : undefined;
    return { runId, ...(state && { service: state.service, release: state.release.id }) };
  }
  panel.webview.onDidReceiveMessage((message: unknown) => {
    if (!isToHost(message)) return;
    if (message.type === 'ready') send();
    else if (message.type === 'act') void vscode.commands.executeCommand(commandOf[message.action], targetOf(message.action));
  });
  panel.onDidDispose(() => clearTimeout(refreshing));
  panel.webview.html = page(panel.webview, vscode.Uri.joinPath(scripts, 'panel.js'));
}

function page(webview: vscode.Webview, script: vscode.Uri): string {
  const nonce = randomBytes(16).toString('hex');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; font-src ${webview.cspSource};">
<meta property="csp-nonce" content="${nonce}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Backstop run</title>
</head>
<body><backstop-run></backstop-run><script type="module" nonce="${nonce}" src="${webview.asWebviewUri(script).toString()}"></script></body>
</html>`;
}
