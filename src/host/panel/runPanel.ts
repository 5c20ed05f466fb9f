// The run panel: a webview that receives the changes of one run under a strict policy; it survives hiding and
// reloading.
import { fail } from '../../model/failure.ts';
import { identityOf } from '../../model/identity.ts';
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { commands, runPanelType } from '../../contributions.ts';
import { compareSnapshots, mostClustersSent } from '../../protocol/snapshot/patch.ts';
import { panelPage } from '../../protocol/panelPage.ts';
import { isToHost, type ToHost, type ToPanel } from '../../protocol/runPanel.ts';
import type { RunSnapshot } from '../../protocol/snapshot/snapshot.ts';
import type { SnapshotAction } from '../../protocol/panelActions.ts';
import { runLabel } from '../commands/choose.ts';
import { compareCluster, openCluster } from '../documents/clusterDocuments.ts';
import { editorLanguage } from '../workspace/editorLanguage.ts';
import type { HostEngine } from '../runs/engines.ts';
import { answerMark, feedbackOf, folderOf } from './panelFeedback.ts';
import type { HostServices } from '../hostServices.ts';
import { neighboursOf } from './runFeed.ts';
import { followRun } from './runFollower.ts';
import { findSourceFiles } from './sourceFiles.ts';
import { t } from '../../protocol/words/translate.ts';

const refreshMs = 1_000,
  /** In bytes. */
  largestCompared = 500_000;
export const commandOf = {
  'roll-back': commands.rollBack,
  promote: commands.promoteCanary,
  hold: commands.holdCanary,
  'look-again': commands.retryVerification,
  accept: commands.acceptRelease,
  cancel: commands.cancelRun,
  approve: commands.approve,
  reject: commands.reject,
  'compare-releases': commands.compareReleases,
  'view-diff': commands.compareReleases,
  'run-again': commands.runAgain,
  'show-logs': commands.showLogs,
  'show-evidence': commands.showEvidence,
  'copy-link': commands.copyLink,
  'copy-summary': commands.copySummary,
  run: commands.deploy,
  'open-pipeline': commands.openPipeline,
  'open-latest': commands.openRun,
  'open-next': commands.nextRun,
  'open-previous': commands.previousRun,
} as const satisfies Record<SnapshotAction, string>;

/** One panel for each run. */
const open = new Map<string, vscode.WebviewPanel>();

export interface PanelPlace {
  /** A panel that showed something else; it is closed if the run already has one. */
  readonly panel?: vscode.WebviewPanel;
  /** Beside what the person works in, which keeps the focus. */
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
  const { history } = engine;
  const follower = followRun({
    runId,
    history,
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
  const sources = findSourceFiles();
  let sent: RunSnapshot | undefined,
    number = 0,
    disposed = false;
  let waiting: NodeJS.Timeout | undefined,
    working: Promise<void> = Promise.resolve();

  const post = (message: ToPanel): void => {
    if (!disposed) void panel.webview.postMessage(message);
  };
  function send(snapshot: RunSnapshot): void {
    const { shown } = snapshot.clusters;
    const before = sent ?? { ...snapshot, clusters: { ...snapshot.clusters, shown: shown.slice(0, mostClustersSent) } };
    if (!sent) post({ type: 'snapshot', number: ++number, snapshot: before });
    for (const patch of compareSnapshots(before, snapshot)) post({ type: 'patch', number: ++number, patch });
    sent = snapshot;
  }
  async function refresh(): Promise<void> {
    clearTimeout(waiting);
    const snapshot = disposed || !panel.visible ? undefined : await follower.next();
    if (!snapshot || disposed) return;
    send(snapshot);
    // A run that has ended can still receive feedback, here or elsewhere, so it is read less often.
    waiting = setTimeout(() => void refreshNow(), snapshot.ended ? 5 * refreshMs : refreshMs);
  }
  /** One request after another; a failure is reported once, and the panel's next request starts over. */
  function refreshNow(): Promise<void> {
    return (working = working.then(refresh).catch((error: unknown) => {
      services.notify.fail({
        kind: 'store',
        message: t('The run cannot be shown.'),
        cause: error instanceof Error ? error.message : String(error),
      });
    }));
  }
  async function act(action: SnapshotAction): Promise<void> {
    const { state } = follower,
      environment = sent?.approval?.environment;
    const target = {
      runId,
      ...(state &&
        commandOf[action] === commands.compareReleases && { service: identityOf(state), release: state.release.id }),
      ...(environment !== undefined && { environment }),
      ...(state && action === 'open-pipeline' && { file: state.file }),
    };
    await execute(commandOf[action], target);
  }
  /** The panel's buttons are busy until what they asked for is done, and the panel shows it. */
  async function execute(command: string, target: object): Promise<void> {
    try {
      await vscode.commands.executeCommand(command, target);
    } finally {
      await refreshNow();
      post({ type: 'settled' });
    }
  }
  async function answer(message: ToHost): Promise<void> {
    switch (message.type) {
      case 'ready':
        sent = undefined;
        return refreshNow();
      case 'act':
        return act(message.action);
      case 'answer':
        return execute(commandOf[message.answer], {
          runId,
          question: message.question,
          comment: message.comment,
          confirmed: true,
        });
      case 'open-cluster':
        return openCluster(services, runId, follower.find(message.cluster));
      case 'compare-cluster':
        return compareCluster(services, runId, follower, message.cluster);
      case 'find-sources':
        return post({ type: 'sources', files: await sources.present(message.files) });
      case 'open-source':
        return sources.open(message.file, message.line);
      case 'mark':
      case 'unmark': {
        const problem = await answerMark(services, follower, message);
        post({ type: 'marked', cluster: message.cluster, ...(problem !== undefined && { problem }) });
        return refreshNow();
      }
      default:
        return message satisfies never;
    }
  }

  open.set(runId, panel);
  const run = history.findRun(runId);
  if (run) panel.title = runLabel(run);
  panel.webview.onDidReceiveMessage((message: unknown) => {
    if (isToHost(message)) void answer(message);
  });
  panel.onDidChangeViewState(() => {
    if (panel.visible) void refreshNow();
  });
  panel.onDidDispose(() => {
    disposed = true;
    clearTimeout(waiting);
    if (open.get(runId) === panel) open.delete(runId);
  });
  drawPage(services, panel);
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
