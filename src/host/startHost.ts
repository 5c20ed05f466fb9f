// Puts the host together: engines, feed, views, notifications, commands; and begins to look at the store once the editor is up.
import { join } from 'node:path';
import * as vscode from 'vscode';
import { commands, contextKeys, settings, views } from '../contributions.ts';
import { fail } from '../model/failure.ts';
import type { Clock, History, Log } from '../model/ports.ts';
import type { RunState } from '../model/runs/runState.ts';
import { deployBuild, offerBuild } from './commands/deploying/offerBuild.ts';
import { registerCommands } from './commands/register.ts';
import { currentRelease } from './commands/deploying/rollBack.ts';
import { provideDocuments } from './documents/documents.ts';
import { askForHost } from './asking/askForHost.ts';
import { createEngines, type EngineSource } from './runs/engines.ts';
import { createFigures } from './documents/figures.ts';
import { pause } from './gently.ts';
import { findPerson } from './asking/identity.ts';
import type { LastResults } from './language/codeLenses.ts';
import { lastResultsOf } from './runs/lastResults.ts';
import { handleLinks } from './workspace/linkHandler.ts';
import { createLogs } from './runs/logs.ts';
import { noticesOf, type Notice, type NoticeAction } from './notices/notices.ts';
import { createNotify } from './notices/notify.ts';
import { keepOutputs } from './runs/outputs.ts';
import { createFileMemory } from './stored/fileMemory.ts';
import { keepOwnRuns } from './runs/ownRuns.ts';
import type { HostParts } from './parts.ts';
import { credentialsOf } from './workspace/pipelineFile.ts';
import { recoverRuns } from './runs/recovery.ts';
import { rememberDeployments, rememberedFile } from './stored/remembered.ts';
import { nextEnvironment, runFacts } from './runs/runFacts.ts';
import { createRunFeed } from './panel/runFeed.ts';
import { restoreRunPanels } from './panel/runPanel.ts';
import { keepSecrets, type Secrets } from './asking/secrets.ts';
import { createStatusItem } from './views/statusItem.ts';
import { createTrees } from './views/trees.ts';
import { watchJobs } from './runs/watchedJobs.ts';
import { watchPipelines } from './workspace/workspacePipelines.ts';

export interface HostOptions {
  readonly context: vscode.ExtensionContext;
  readonly clock: Clock;
  readonly log: Log;
  readonly load: (secrets: Secrets) => Promise<EngineSource>;
  /** The features of pipeline files in the editor: their code is loaded when there is such a file. */
  readonly loadLanguage: (lastResults: LastResults) => Promise<LanguageFeatures>;
  readonly hasEnvironmentCredential: (name: string) => boolean;
}

/** What the language features give back. */
export interface LanguageFeatures extends vscode.Disposable {
  validateAll(): Promise<{ readonly files: number; readonly broken: number }>;
  refreshLenses(): void;
}

export interface Host {
  readonly parts: HostParts;
  close(): Promise<void>;
}

export function startHost({ context, clock, log, load, loadLanguage, hasEnvironmentCredential }: HostOptions): Host {
  const { t } = vscode.l10n;
  const untrusted = t(
    "This workspace is not trusted. Backstop doesn't run its hooks, because they execute code from it. Trust it first (Workspaces: Manage Workspace Trust).",
  );
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
    untrusted,
    askForHost,
  });
  const feed = createRunFeed({
    history: () => history,
    clock,
    isWatched: () => trees.isVisible() && vscode.window.state.focused,
    onBroken: error => log.warn(`The store could not be read: ${String(error)}`),
  });
  const pipelines = watchPipelines(engines.parse);
  const documents = provideDocuments();
  const logs = createLogs(engines, documents, outputs);
  const status = createStatusItem();
  const figures = createFigures(t);
  const trees = createTrees({ feed, pipelines: () => pipelines.list(), history: () => history });
  let language: LanguageFeatures | undefined;
  const actions: Readonly<Record<NoticeAction, string>> = {
    approve: commands.approve,
    reject: commands.reject,
    rollBack: commands.rollBack,
    continue: commands.promoteCanary,
    evidence: commands.openRun,
    logs: commands.showLogs,
    open: commands.openRun,
  };
  const notify = createNotify({
    stateOf: runId => feed.state(runId),
    act: async (action, { runId, question }) => {
      await vscode.commands.executeCommand(actions[action], {
        runId,
        ...(question !== undefined && { question }),
        confirmed: action !== 'open',
      });
    },
  });
  const parts: HostParts = {
    context,
    engines,
    pipelines,
    feed,
    secrets,
    documents,
    logs,
    notify,
    ownRuns: keepOwnRuns(
      context.storageUri ? createFileMemory(join(context.storageUri.fsPath, 'memory.json')) : context.workspaceState,
    ),
    remembered: rememberDeployments(createFileMemory(join(context.globalStorageUri.fsPath, rememberedFile))),
    async engineFor(folder) {
      const opened = await engines.open(folder ?? firstFolder());
      if (opened.ok) return opened.value;
      notify.fail(opened.failure);
      return undefined;
    },
    person: findPerson,
    mayAct() {
      if (!vscode.workspace.isTrusted) notify.fail(fail('refused', untrusted).failure);
      return vscode.workspace.isTrusted;
    },
    validatePipelines: async () => (await openLanguage()).validateAll(),
  };

  let openingLanguage: Promise<LanguageFeatures> | undefined;
  function openLanguage(): Promise<LanguageFeatures> {
    return (openingLanguage ??= loadLanguage(name => lastResultsOf(feed, name)).then(features => {
      context.subscriptions.push(features);
      language = features;
      return features;
    }));
  }
  const sawRunning = new Set<string>();
  function onChange(changed: ReadonlySet<string>): void {
    const states = [
      ...feed.openStates(),
      ...feed
        .runs()
        .slice(0, 5)
        .flatMap(run => (run.outcome === undefined ? [] : (feed.state(run.id) ?? []))),
    ];
    for (const state of feed.openStates()) sawRunning.add(state.runId);
    trees.refresh();
    language?.refreshLenses();
    status.show(states);
    setFacts(feed.openStates());
    for (const runId of changed) {
      documents.refresh(`/evidence/${runId}/`);
      documents.refresh(`/log/${runId}/`);
    }
    notify.offer(states.filter(state => changed.has(state.runId)).flatMap(state => noticesFor(state)));
    if (history) void figures.read(history, feed.runs().slice(0, 40), pause).then(text => trees.showFigures(text));
  }
  function noticesFor(state: RunState): readonly Notice[] {
    const environment = nextEnvironment(state, pipelines.find({ file: state.file, name: state.pipeline })?.pipeline);
    const running =
      environment === undefined || !history ? undefined : currentRelease(history, state.service, environment);
    return noticesOf(
      state,
      {
        ...(running && { running }),
        nowMs: clock.now(),
        isFocused: vscode.window.state.focused,
        sawItRun: sawRunning.has(state.runId),
      },
      t,
    );
  }
  function showCredentials(): void {
    const lacking = pipelines
      .list()
      .some(
        ({ folder, pipeline }) =>
          pipeline &&
          credentialsOf(pipeline).some(name => !secrets.has(folder, name) && !hasEnvironmentCredential(name)),
      );
    void vscode.commands.executeCommand('setContext', contextKeys.lacksCredentials, lacking);
  }
  async function begin(): Promise<void> {
    await Promise.all([pipelines.refresh(), secrets.load()]);
    if (pipelines.list().length > 0) await openLanguage();
    // A workspace that was opened to deploy what is prepared, as the demo's, begins where that is done.
    if (pipelines.list().some(({ folder, file }) => parts.remembered.last(folder, file).isPrepared))
      await vscode.commands.executeCommand(`${views.pipelines}.focus`);
    const opened = await engines.open(firstFolder());
    if (!opened.ok) {
      trees.showFigures(opened.failure.message);
      return;
    }
    history = opened.value.history;
    feed.poke();
    showCredentials();
    watchJobs(
      {
        pipelines: () => pipelines.list(),
        open: folder => engines.open(folder),
        isTrusted: () => vscode.workspace.isTrusted,
        clock,
        log,
        wantsOffers: () => vscode.workspace.getConfiguration().get<boolean>(settings.notifyNewBuild, true),
        offer: (watched, build) => void offerBuild(parts, watched, build),
        deploy: (watched, build) => void deployBuild(parts, watched, build),
      },
      ended.signal,
    ).catch(complain);
    await takeUpRuns();
  }
  function takeUpRuns(): Promise<void> {
    return recoverRuns(
      {
        engines,
        ownRuns: parts.ownRuns,
        clock,
        log,
        isTrusted: () => vscode.workspace.isTrusted,
        onTakenUp: () => feed.poke(),
        folders: () => (vscode.workspace.workspaceFolders ?? []).map(folder => folder.uri.fsPath),
        readPipeline: async (folder, file) => (await pipelines.read(folder, file))?.pipeline,
      },
      ended.signal,
    );
  }

  let poking: NodeJS.Timeout | undefined;
  engines.onOpen(engine => {
    const unwatch = engine.watch({
      onEvent() {
        poking ??= setTimeout(() => {
          poking = undefined;
          feed.poke();
        }, 60);
      },
      onOutput: (runId, key, _stream, text) => outputs.add(runId, key, text),
    });
    ended.signal.addEventListener('abort', unwatch);
  });
  trees.onVisible(() => feed.poke());
  secrets.onChange(showCredentials);
  const complain = (error: unknown): void =>
    log.warn(`Backstop could not begin: ${String(error instanceof Error ? error.stack : error)}`);
  const beginning = setTimeout(() => {
    begin().catch(complain);
  }, 50);
  context.subscriptions.push(
    secretStore,
    documents,
    logs,
    status,
    trees,
    pipelines,
    feed,
    registerCommands(parts),
    restoreRunPanels(parts),
    handleLinks(parts),
    { dispose: feed.onChange(onChange) },
    pipelines.onChange(() => {
      if (pipelines.list().length > 0) openLanguage().catch(complain);
      void vscode.commands.executeCommand('setContext', contextKeys.hasPipelines, pipelines.list().length > 0);
      void vscode.commands.executeCommand(
        'setContext',
        contextKeys.hasBuilds,
        pipelines.list().some(({ pipeline }) => pipeline?.artifact.kind === 'build'),
      );
      trees.refresh();
      showCredentials();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      takeUpRuns().catch(complain);
      trees.refresh();
    }),
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) feed.poke();
    }),
  );
  return {
    parts,
    async close() {
      clearTimeout(beginning);
      clearTimeout(poking);
      ended.abort();
      await engines.close();
    },
  };
}

/** Engines of a folder that is open; a window without a folder only reads. */
function firstFolder(): string | undefined {
  return vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
}

function setFacts(states: readonly RunState[]): void {
  const facts = new Set(states.flatMap(runFacts));
  void vscode.commands.executeCommand('setContext', contextKeys.isRunning, facts.has('open'));
  void vscode.commands.executeCommand('setContext', contextKeys.isWaiting, facts.has('waiting'));
  void vscode.commands.executeCommand(
    'setContext',
    contextKeys.hasCanary,
    facts.has('canary') || facts.has('decision'),
  );
}
