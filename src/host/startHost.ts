// Assembles the host: engines, feed, views, notifications and commands. The store is opened once the editor is ready.
import { join } from 'node:path';
import * as vscode from 'vscode';
import { fail } from '../model/failure.ts';
import type { Clock, Log } from '../model/ports.ts';
import type { History } from '../model/history.ts';
import { askForHost } from './asking/askForHost.ts';
import { findPerson } from './asking/identity.ts';
import { keepSecrets, type Secrets } from './asking/secrets.ts';
import { registerCommands } from './commands/register.ts';
import { showMissingCredentials, showPipelineFacts } from './contextKeys.ts';
import { provideDocuments } from './documents/documents.ts';
import { createFigures } from './documents/figures.ts';
import type { HostServices } from './hostServices.ts';
import type { LastResults } from './language/codeLenses.ts';
import type { Notify } from './notices/notify.ts';
import { createRunNotify } from './notices/runNotices.ts';
import { createRunFeed, type RunFeed } from './panel/runFeed.ts';
import { restoreRunPanels } from './panel/runPanel.ts';
import { beginRuns, resumeRuns, type BeginOptions } from './runs/beginRuns.ts';
import { createEngines, type Engines, type EngineSource, type HostEngine } from './runs/engines.ts';
import { lastResultsOf } from './runs/lastResults.ts';
import { createLogs } from './runs/logs.ts';
import { keepOutputs, type Outputs } from './runs/outputs.ts';
import { keepOwnRuns } from './runs/ownRuns.ts';
import { keepSentInstructions } from './runs/sentInstructions.ts';
import { createRunViews } from './runs/showRuns.ts';
import { createFileMemory } from './stored/fileMemory.ts';
import { rememberDeployments, rememberedFile } from './stored/remembered.ts';
import { keepFilter } from './tree/runFilter.ts';
import { createStatusItem } from './views/statusItem.ts';
import { createTrees } from './views/trees.ts';
import { firstFolder } from './workspace/folders.ts';
import { handleLinks } from './workspace/linkHandler.ts';
import { watchPipelines } from './workspace/workspacePipelines.ts';
import { t } from '../protocol/words/translate.ts';

export interface HostOptions {
  readonly context: vscode.ExtensionContext;
  readonly clock: Clock;
  readonly log: Log;
  readonly load: (secrets: Secrets) => Promise<EngineSource>;
  /** The language features for pipeline files, whose code is loaded when the first such file exists. */
  readonly loadLanguage: (lastResults: LastResults) => Promise<LanguageFeatures>;
  readonly hasEnvironmentCredential: (name: string) => boolean;
}

/** What the language features return. */
export interface LanguageFeatures extends vscode.Disposable {
  validateAll(): Promise<{ readonly files: number; readonly broken: number }>;
  refreshLenses(): void;
}

export interface Host {
  readonly services: HostServices;
  close(): Promise<void>;
}

const startAfterMs = 50;
/** Events of a run come in bursts: the views are refreshed once for all of them. */
const refreshAfterMs = 60;

export function startHost({ context, clock, log, load, loadLanguage, hasEnvironmentCredential }: HostOptions): Host {
  const ended = new AbortController();
  const secretStore = keepSecrets(context.secrets);
  const { secrets } = secretStore;
  const outputs = keepOutputs();
  let history: History | undefined;
  const engines = createEngines({
    load: () => load(secrets),
    prepare: () => secrets.load(),
    isTrusted: () => vscode.workspace.isTrusted,
    emptyFolder: context.globalStorageUri.fsPath,
    untrusted: untrustedText(),
    askForHost,
  });
  const feed = createRunFeed({
    history: () => history,
    clock,
    isWatched: () => trees.isVisible() && vscode.window.state.focused,
    onBroken: error => log.warn(`The store could not be read: ${String(error)}`),
  });
  let identify: HostEngine['identify'] | undefined;
  engines.onOpen(engine => {
    identify ??= engine.identify;
  });
  const pipelines = watchPipelines(engines.parse, () => identify);
  const documents = provideDocuments();
  const logs = createLogs(engines, documents, outputs);
  const status = createStatusItem();
  const sent = keepSentInstructions(() => trees.refresh());
  const runFilter = keepFilter(() => trees.refresh());
  const ownRuns = keepOwnRuns(
    context.storageUri ? createFileMemory(join(context.storageUri.fsPath, 'memory.json')) : context.workspaceState,
  );
  const trees = createTrees({
    feed,
    pipelines: () => pipelines.list(),
    history: () => history,
    sent,
    runFilter,
    isOwnRun: runId => ownRuns.folderOf(runId) !== undefined,
  });
  const notify = createRunNotify(feed);
  const language = openOnce(async () => {
    const features = await loadLanguage(name => lastResultsOf(feed, name));
    context.subscriptions.push(features);
    return features;
  });
  const services: HostServices = {
    context,
    engines,
    pipelines,
    feed,
    secrets,
    hasEnvironmentCredential,
    documents,
    logs,
    notify,
    sent,
    runFilter,
    ownRuns,
    remembered: rememberDeployments(createFileMemory(join(context.globalStorageUri.fsPath, rememberedFile))),
    engineFor: folder => openEngine(engines, notify, folder),
    person: findPerson,
    mayAct: () => mayAct(notify),
    validatePipelines: async () => (await language.open()).validateAll(),
  };
  const complain = (error: unknown): void =>
    log.warn(`Backstop could not begin: ${String(error instanceof Error ? error.stack : error)}`);
  const showCredentials = (): void =>
    showMissingCredentials(pipelines, (folder, name) => secrets.has(folder, name) || hasEnvironmentCredential(name));
  const beginning: BeginOptions = {
    services,
    trees,
    clock,
    log,
    signal: ended.signal,
    loadSecrets: () => secrets.load(),
    openLanguage: language.open,
    onOpened(opened) {
      history = opened;
      feed.poke();
      showCredentials();
    },
    complain,
  };
  const onChange = createRunViews({
    feed,
    pipelines,
    documents,
    figures: createFigures(t),
    status,
    trees,
    notify,
    history: () => history,
    clock,
    refreshLenses: () => language.opened()?.refreshLenses(),
  });
  const stopFollowing = followEngines(engines, feed, outputs, ended.signal);
  trees.onVisible(() => feed.poke());
  secrets.onChange(showCredentials);
  const starting = setTimeout(() => {
    beginRuns(beginning).catch(complain);
  }, startAfterMs);
  context.subscriptions.push(
    secretStore,
    documents,
    logs,
    status,
    trees,
    pipelines,
    feed,
    registerCommands(services),
    restoreRunPanels(services),
    handleLinks(services),
    { dispose: feed.onChange(onChange) },
    pipelines.onChange(() => {
      if (pipelines.list().length > 0) language.open().catch(complain);
      showPipelineFacts(pipelines);
      trees.refresh();
      showCredentials();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      resumeRuns(beginning).catch(complain);
      trees.refresh();
    }),
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) feed.poke();
    }),
  );
  return {
    services,
    async close() {
      clearTimeout(starting);
      stopFollowing();
      ended.abort();
      await engines.close();
    },
  };
}

function untrustedText(): string {
  return t(
    "This workspace is not trusted. Backstop doesn't run its hooks, because they execute code from it. " +
      'Trust it first (Workspaces: Manage Workspace Trust).',
  );
}

function mayAct(notify: Notify): boolean {
  if (!vscode.workspace.isTrusted) notify.fail(fail('refused', untrustedText()).failure);
  return vscode.workspace.isTrusted;
}

async function openEngine(engines: Engines, notify: Notify, folder?: string): Promise<HostEngine | undefined> {
  const opened = await engines.open(folder ?? firstFolder());
  if (opened.ok) return opened.value;
  notify.fail(opened.failure);
  return undefined;
}

/** Loads something on first use; `opened` is undefined before. */
function openOnce<T>(load: () => Promise<T>): { open(): Promise<T>; opened(): T | undefined } {
  let opening: Promise<T> | undefined;
  let value: T | undefined;
  return {
    open: () =>
      (opening ??= load().then(loaded => {
        value = loaded;
        return loaded;
      })),
    opened: () => value,
  };
}

/** Passes the events of every engine of this window to the feed. The returned function cancels a pending refresh. */
function followEngines(engines: Engines, feed: RunFeed, outputs: Outputs, signal: AbortSignal): () => void {
  let refresh: NodeJS.Timeout | undefined;
  engines.onOpen(engine => {
    const unwatch = engine.watch({
      onEvent() {
        refresh ??= setTimeout(() => {
          refresh = undefined;
          feed.poke();
        }, refreshAfterMs);
      },
      onOutput: (runId, key, _stream, text) => outputs.add(runId, key, text),
    });
    signal.addEventListener('abort', unwatch);
  });
  return () => clearTimeout(refresh);
}
