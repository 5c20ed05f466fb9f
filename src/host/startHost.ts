// Starts the host: connects its parts with each other and with the editor. The store is opened once the editor is
// ready.
import { join } from 'node:path';
import * as vscode from 'vscode';
import { fail } from '../model/failure.ts';
import { findPerson } from './asking/identity.ts';
import { registerCommands } from './commands/register.ts';
import { showMissingCredentials, showPipelineFacts } from './contextKeys.ts';
import { createFigures } from './documents/figures.ts';
import { createHostParts, untrustedText, type HostOptions, type HostParts } from './hostParts.ts';
import type { HostServices } from './hostServices.ts';
import type { Notify } from './notices/notify.ts';
import { restoreRunPanels } from './panel/runPanel.ts';
import { beginRuns, resumeRuns, type BeginOptions } from './runs/beginRuns.ts';
import type { Engines, HostEngine } from './runs/engines.ts';
import { createRunViews } from './runs/showRuns.ts';
import { createFileMemory } from './stored/fileMemory.ts';
import { rememberDeployments, rememberedFile } from './stored/remembered.ts';
import { firstFolder } from './workspace/folders.ts';
import { handleLinks } from './workspace/linkHandler.ts';
import { t } from '../protocol/words/translate.ts';

export interface Host {
  readonly services: HostServices;
  close(): Promise<void>;
}

const startAfterMs = 50;
/** Events of a run come in bursts: the views are refreshed once for all of them. */
const refreshAfterMs = 60;

export function startHost(options: HostOptions): Host {
  const ended = new AbortController();
  const parts = createHostParts(options);
  const services = servicesOf(parts, options);
  const showCredentials = (): void =>
    showMissingCredentials(
      parts.pipelines,
      (folder, name) => services.secrets.has(folder, name) || options.hasEnvironmentCredential(name),
    );
  const beginning = beginningOf(parts, services, { options, signal: ended.signal, showCredentials });
  const onChange = refreshViews(parts, options);
  const stopFollowing = followEngines(parts, ended.signal);
  parts.trees.onVisible(() => parts.feed.poke());
  services.secrets.onChange(showCredentials);
  const starting = setTimeout(() => {
    beginRuns(beginning).catch(beginning.complain);
  }, startAfterMs);
  options.context.subscriptions.push(
    ...disposablesOf(parts),
    registerCommands(services),
    restoreRunPanels(services),
    handleLinks(services),
    { dispose: parts.feed.onChange(onChange) },
    ...followEditor(parts, beginning, showCredentials),
  );
  return {
    services,
    async close() {
      clearTimeout(starting);
      stopFollowing();
      ended.abort();
      await parts.engines.close();
    },
  };
}

function servicesOf(parts: HostParts, { context, hasEnvironmentCredential }: HostOptions): HostServices {
  const { engines, pipelines, feed, documents, logs, notify, sent, runFilter, ownRuns, language } = parts;
  return {
    context,
    engines,
    pipelines,
    feed,
    secrets: parts.secretStore.secrets,
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
}

interface Beginning {
  readonly options: HostOptions;
  readonly signal: AbortSignal;
  readonly showCredentials: () => void;
}

/** What opens the store, and resumes the runs in it. */
function beginningOf(
  { store, feed, trees, language }: HostParts,
  services: HostServices,
  { options: { clock, log }, signal, showCredentials }: Beginning,
): BeginOptions {
  return {
    services,
    trees,
    clock,
    log,
    signal,
    loadSecrets: () => services.secrets.load(),
    openLanguage: language.open,
    onOpened(opened) {
      store.history = opened;
      feed.poke();
      showCredentials();
    },
    complain: error => log.warn(`Backstop could not begin: ${String(error instanceof Error ? error.stack : error)}`),
  };
}

/** What all views do when runs change. */
function refreshViews(parts: HostParts, { clock }: HostOptions): ReturnType<typeof createRunViews> {
  const { feed, pipelines, documents, status, trees, notify, store, language } = parts;
  return createRunViews({
    feed,
    pipelines,
    documents,
    figures: createFigures(t),
    status,
    trees,
    notify,
    history: () => store.history,
    clock,
    refreshLenses: () => language.opened()?.refreshLenses(),
  });
}

function disposablesOf(parts: HostParts): readonly vscode.Disposable[] {
  const { secretStore, documents, logs, status, trees, pipelines, feed } = parts;
  return [secretStore, documents, logs, status, trees, pipelines, feed];
}

/** Reacts to pipeline files, to trust in the workspace and to the focus of the window. */
function followEditor(
  { pipelines, trees, feed, language }: HostParts,
  beginning: BeginOptions,
  showCredentials: () => void,
): readonly vscode.Disposable[] {
  return [
    pipelines.onChange(() => {
      if (pipelines.list().length > 0) language.open().catch(beginning.complain);
      showPipelineFacts(pipelines);
      trees.refresh();
      showCredentials();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      resumeRuns(beginning).catch(beginning.complain);
      trees.refresh();
    }),
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) feed.poke();
    }),
  ];
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

/** Passes the events of every engine of this window to the feed. The returned function cancels a pending refresh. */
function followEngines({ engines, feed, outputs }: HostParts, signal: AbortSignal): () => void {
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
