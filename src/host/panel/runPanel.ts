// The run panel: a webview that receives the changes of one run under a strict policy; it survives hiding and
// reloading.
import { fail } from '../../model/failure.ts';
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { runPanelType } from '../../contributions.ts';
import { panelPage } from '../../protocol/panelPage.ts';
import { isToHost } from '../../protocol/runPanel.ts';
import { runLabel } from '../commands/choose.ts';
import { editorLanguage } from '../workspace/editorLanguage.ts';
import type { HostEngine } from '../runs/engines.ts';
import { answerPanel } from './panelAnswers.ts';
import { feedbackOf, folderOf } from './panelFeedback.ts';
import { sendUpdates } from './panelUpdates.ts';
import type { HostServices } from '../hostServices.ts';
import { neighboursOf } from './runFeed.ts';
import { followRun, type RunFollower } from './runFollower.ts';
import { t } from '../../protocol/words/translate.ts';

/** In bytes. */
const largestCompared = 500_000;

/** One panel for each run. */
const open = new Map<string, vscode.WebviewPanel>();

export interface PanelPlace {
  /** A panel that showed something else; it is closed if the run already has one. */
  readonly panel?: vscode.WebviewPanel;
  /** Opens the panel beside the active editor, which keeps the focus. */
  readonly beside?: boolean;
}

/** Panels of runs share one column. */
export function openRunPanel(
  services: HostServices,
  engine: HostEngine,
  runId: string,
  { panel, beside = false }: PanelPlace = {},
): void {
  const shown = open.get(runId);
  if (shown) {
    panel?.dispose();
    shown.reveal(undefined, beside);
    return;
  }
  const viewColumn =
    [...open.values()].at(-1)?.viewColumn ?? (beside ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active);
  const place = { viewColumn, preserveFocus: beside };
  attach(services, engine, runId, panel ?? vscode.window.createWebviewPanel(runPanelType, t('Run'), place));
}

/** The run whose panel is in front, and its panel. */
export function activeRunPanel(): { readonly runId: string; readonly panel: vscode.WebviewPanel } | undefined {
  const [runId, panel] = [...open].find(([, one]) => one.active) ?? [];
  return runId === undefined || !panel ? undefined : { runId, panel };
}

/** Panels from before a reload, or from another window, show their run again. */
export function restoreRunPanels(services: HostServices): vscode.Disposable {
  return vscode.window.registerWebviewPanelSerializer(runPanelType, {
    async deserializeWebviewPanel(panel, state: unknown) {
      const runId = typeof state === 'object' && state !== null ? (state as { runId?: unknown }).runId : undefined;
      const engine = typeof runId === 'string' ? await services.engineFor() : undefined;
      if (engine && typeof runId === 'string' && engine.history.findRun(runId)) attach(services, engine, runId, panel);
      else panel.dispose();
    },
  });
}

/** Follows the run to its end, whichever process runs it. A hidden panel is not updated, and starts over when shown. */
function attach(services: HostServices, engine: HostEngine, runId: string, panel: vscode.WebviewPanel): void {
  const follower = followerOf(services, engine, runId);
  let isDisposed = false;
  const updates = sendUpdates(
    follower,
    {
      isShown: () => !isDisposed && panel.visible,
      post: message => (isDisposed ? Promise.resolve(true) : panel.webview.postMessage(message)),
    },
    services.notify,
  );
  const answer = answerPanel({ services, runId, follower, updates });
  open.set(runId, panel);
  const run = engine.history.findRun(runId);
  if (run) panel.title = runLabel(run);
  panel.webview.onDidReceiveMessage((message: unknown) => {
    if (isToHost(message)) void answer(message);
  });
  panel.onDidChangeViewState(() => {
    if (panel.visible) void updates.refresh();
  });
  panel.onDidDispose(() => {
    isDisposed = true;
    updates.stop();
    if (open.get(runId) === panel) open.delete(runId);
  });
  drawPage(services, panel);
}

function followerOf(services: HostServices, engine: HostEngine, runId: string): RunFollower {
  return followRun({
    runId,
    history: engine.history,
    now: Date.now,
    feedback: state => feedbackOf(services, state),
    isHere: state => folderOf(services, state) !== undefined,
    neighbours: () => neighboursOf(services.feed.runs(), runId),
    details: { layOut: pipeline => engine.layOut(pipeline), read: digest => readConfiguration(engine, digest) },
    commits: async (pipeline, range) =>
      (await services.engineFor(services.ownRuns.folderOf(runId)))?.inspection.commits(pipeline, range) ??
      fail('not-found', 'The engine of the run is not open.'),
    vendors: services.engines.vendors,
  });
}

/** Undefined: it cannot be read, is too large to be compared line by line, or is no text. */
function readConfiguration({ inspection }: HostEngine, digest: string): string | undefined {
  const content = inspection.configurationFile(digest);
  if (!content.ok || content.value.length > largestCompared || content.value.includes(0)) return undefined;
  return new TextDecoder().decode(content.value);
}

/** The listeners must be registered first. */
export function drawPage(services: HostServices, panel: vscode.WebviewPanel): void {
  const scripts = vscode.Uri.joinPath(services.context.extensionUri, 'dist');
  panel.webview.options = { enableScripts: true, localResourceRoots: [scripts] };
  panel.webview.html = panelPage({
    title: 'Backstop run',
    nonce: randomBytes(16).toString('hex'),
    policy: [`font-src ${panel.webview.cspSource}`],
    language: editorLanguage(),
    script: { from: panel.webview.asWebviewUri(vscode.Uri.joinPath(scripts, 'panel.js')).toString() },
  });
}
