// What the host consists of, made once, in the order in which one part needs another. startHost.ts connects the parts.
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Clock, Log } from '../model/ports.ts';
import type { History } from '../model/history.ts';
import { askForHost } from './asking/askForHost.ts';
import { keepSecrets, type Secrets } from './asking/secrets.ts';
import { provideDocuments } from './documents/documents.ts';
import type { LastResults } from './language/codeLenses.ts';
import { createRunNotify } from './notices/runNotices.ts';
import { createRunFeed } from './panel/runFeed.ts';
import { createEngines, type Engines, type EngineSource, type HostEngine } from './runs/engines.ts';
import { lastResultsOf } from './runs/lastResults.ts';
import { createLogs } from './runs/logs.ts';
import { keepOutputs } from './runs/outputs.ts';
import { keepOwnRuns } from './runs/ownRuns.ts';
import { keepSentInstructions } from './runs/sentInstructions.ts';
import { createFileMemory } from './stored/fileMemory.ts';
import { keepFilter } from './tree/runFilter.ts';
import { createStatusItem } from './views/statusItem.ts';
import { createTrees } from './views/trees.ts';
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

export type HostParts = ReturnType<typeof createHostParts>;

export function createHostParts(options: HostOptions) {
  const { context, clock, log } = options;
  const store: { history?: History } = {};
  const history = (): History | undefined => store.history;
  const secretStore = keepSecrets(context.secrets);
  const outputs = keepOutputs();
  const engines = enginesOf(options, secretStore.secrets);
  const feed = createRunFeed({
    history,
    clock,
    isWatched: () => trees.isVisible() && vscode.window.state.focused,
    onBroken: error => log.warn(`The store could not be read: ${String(error)}`),
  });
  const pipelines = watchPipelines(engines.parse, firstIdentify(engines));
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
    history,
    sent,
    runFilter,
    isOwnRun: runId => ownRuns.folderOf(runId) !== undefined,
  });
  return {
    /** Its history is absent until the store is opened. */
    store,
    secretStore,
    outputs,
    engines,
    feed,
    pipelines,
    documents,
    logs,
    status,
    sent,
    runFilter,
    ownRuns,
    trees,
    notify: createRunNotify(feed),
    language: openOnce(async () => {
      const features = await options.loadLanguage(name => lastResultsOf(feed, name));
      context.subscriptions.push(features);
      return features;
    }),
  };
}

function enginesOf({ context, load }: HostOptions, secrets: Secrets): Engines {
  return createEngines({
    load: () => load(secrets),
    prepare: () => secrets.load(),
    isTrusted: () => vscode.workspace.isTrusted,
    emptyFolder: context.globalStorageUri.fsPath,
    untrusted: untrustedText(),
    askForHost,
  });
}

/** The function of the engine that was opened first; undefined until then. */
function firstIdentify(engines: Engines): () => HostEngine['identify'] | undefined {
  let identify: HostEngine['identify'] | undefined;
  engines.onOpen(engine => {
    identify ??= engine.identify;
  });
  return () => identify;
}

export function untrustedText(): string {
  return t(
    "This workspace is not trusted. Backstop doesn't run its hooks, because they execute code from it. " +
      'Trust it first (Workspaces: Manage Workspace Trust).',
  );
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
