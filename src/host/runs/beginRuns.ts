// Starts what the host does once the editor is ready: opens the store, watches jobs for new builds and resumes runs.
import * as vscode from 'vscode';
import { demoGuide, settings, views } from '../../contributions.ts';
import type { Clock, Log } from '../../model/ports.ts';
import type { History } from '../../model/history.ts';
import { deployBuild, offerBuild } from '../commands/deploying/offerBuild.ts';
import { showDemoFact } from '../contextKeys.ts';
import type { HostServices } from '../hostServices.ts';
import type { Trees } from '../views/trees.ts';
import { firstFolder } from '../workspace/folders.ts';
import { recoverRuns } from './recovery.ts';
import { watchJobs } from './watchedJobs.ts';

export interface BeginOptions {
  readonly services: HostServices;
  readonly trees: Trees;
  readonly clock: Clock;
  readonly log: Log;
  /** Stops watching and ends the runs of this window. */
  readonly signal: AbortSignal;
  readonly loadSecrets: () => Promise<void>;
  readonly openLanguage: () => Promise<unknown>;
  readonly onOpened: (history: History) => void;
  readonly complain: (error: unknown) => void;
}

export async function beginRuns(options: BeginOptions): Promise<void> {
  const { services, trees } = options;
  const { engines, pipelines, remembered } = services;
  await Promise.all([pipelines.refresh(), options.loadSecrets()]);
  if (pipelines.list().length > 0) await options.openLanguage();
  // If the workspace has a prepared deployment, as the demo has, its view opens first.
  if (pipelines.list().some(({ folder, file }) => remembered.last(folder, file).isPrepared)) await beginDemo();
  const opened = await engines.open(firstFolder());
  if (!opened.ok) {
    trees.showFigures(opened.failure.message);
    return;
  }
  options.onOpened(opened.value.history);
  watchForBuilds(options);
  await resumeRuns(options);
}

async function beginDemo(): Promise<void> {
  showDemoFact();
  await vscode.commands.executeCommand('workbench.action.openWalkthrough', demoGuide);
  await vscode.commands.executeCommand(`${views.pipelines}.focus`);
}

/** Resumes the runs of this workspace whose process has ended. */
export function resumeRuns({ services, clock, log, signal }: BeginOptions): Promise<void> {
  const { engines, ownRuns, feed, pipelines } = services;
  return recoverRuns(
    {
      engines,
      ownRuns,
      clock,
      log,
      isTrusted: () => vscode.workspace.isTrusted,
      onResumed: () => feed.poke(),
      folders: () => (vscode.workspace.workspaceFolders ?? []).map(folder => folder.uri.fsPath),
      readPipeline: async (folder, file) => (await pipelines.read(folder, file))?.pipeline,
    },
    signal,
  );
}

function watchForBuilds({ services, clock, log, signal, complain }: BeginOptions): void {
  watchJobs(
    {
      pipelines: () => services.pipelines.list(),
      open: folder => services.engines.open(folder),
      isTrusted: () => vscode.workspace.isTrusted,
      clock,
      log,
      wantsOffers: () => vscode.workspace.getConfiguration().get<boolean>(settings.notifyNewBuild, true),
      offer: (watched, build) => void offerBuild(services, watched, build),
      deploy: (watched, build) => void deployBuild(services, watched, build),
    },
    signal,
  ).catch(complain);
}
