// The facts that conditions in the manifest read (`when` clauses), as context keys of the editor.
import * as vscode from 'vscode';
import { contextKeys } from '../contributions.ts';
import type { RunSummary } from '../model/history.ts';
import type { RunState } from '../model/runs/runState.ts';
import { runFacts } from './runs/runFacts.ts';
import { credentialsOf } from './workspace/pipelineFile.ts';
import type { WorkspacePipelines } from './workspace/workspacePipelines.ts';

type ContextKey = (typeof contextKeys)[keyof typeof contextKeys];

/** `latest`: runs that have ended lately. */
export function showRunFacts(open: readonly RunState[], latest: readonly RunSummary[]): void {
  const facts = new Set(open.flatMap(runFacts));
  set(contextKeys.isRunning, facts.has('open'));
  set(contextKeys.isWaiting, facts.has('waiting'));
  set(contextKeys.hasCanary, facts.has('canary') || facts.has('decision'));
  if (latest.some(({ outcome }) => outcome === 'rolled-back')) set(contextKeys.hasRolledBack, true);
}

/** The workspace was opened to deploy what is prepared, as the demo's is. */
export function showDemoFact(): void {
  set(contextKeys.isDemo, true);
}

export function showPipelineFacts(pipelines: WorkspacePipelines): void {
  const list = pipelines.list();
  set(contextKeys.hasPipelines, list.length > 0);
  set(
    contextKeys.hasBuilds,
    list.some(({ pipeline }) => pipeline?.artifact.kind === 'build'),
  );
}

/** `isSet`: whether a credential is known, from the editor's store or from the environment. */
export function showMissingCredentials(
  pipelines: WorkspacePipelines,
  isSet: (folder: string, credential: string) => boolean,
): void {
  const lacking = pipelines
    .list()
    .some(({ folder, pipeline }) => pipeline && credentialsOf(pipeline).some(name => !isSet(folder, name)));
  set(contextKeys.lacksCredentials, lacking);
}

function set(key: ContextKey, value: boolean): void {
  void vscode.commands.executeCommand('setContext', key, value);
}
