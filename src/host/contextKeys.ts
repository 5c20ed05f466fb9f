// Sets the context keys that `when` clauses in the manifest read.
import * as vscode from 'vscode';
import { contextKeys } from '../contributions.ts';
import type { History, RunSummary } from '../model/history.ts';
import type { RunState } from '../model/runs/runState.ts';
import { runFacts } from './runs/runFacts.ts';
import { credentialsOf } from './workspace/pipelineFile.ts';
import type { WorkspacePipelines } from './workspace/workspacePipelines.ts';

type ContextKey = (typeof contextKeys)[keyof typeof contextKeys];

/** `runs` are all listed runs. */
export function showRunFacts(open: readonly RunState[], runs: readonly RunSummary[]): void {
  const has = (...outcomes: readonly RunSummary['outcome'][]): boolean =>
    runs.some(({ outcome }) => outcomes.includes(outcome));
  const facts = new Set(open.flatMap(runFacts));
  set(contextKeys.isRunning, facts.has('open'));
  set(contextKeys.hasApproval, facts.has('approval'));
  set(contextKeys.hasCanary, facts.has('canary') || facts.has('decision'));
  if (has('rolled-back')) set(contextKeys.hasRolledBack, true);
  set(contextKeys.hasRuns, runs.length > 0);
  set(contextKeys.hasRepeatable, has('rolled-back', 'held', 'failed', 'rejected', 'cancelled'));
  set(contextKeys.hasPromoted, has('promoted'));
  set(contextKeys.hasHeld, has('held'));
}

export function showPinFact({ pins }: Pick<History, 'pins'>): void {
  set(contextKeys.hasPinned, pins().length > 0);
}

/** True if the workspace was opened to deploy something that is already prepared, as in the demo. */
export function showDemoFact(): void {
  set(contextKeys.isDemo, true);
}

export function showPipelineFacts(pipelines: WorkspacePipelines): void {
  const list = pipelines.list();
  set(contextKeys.hasPipelines, list.length > 0);
  set(
    contextKeys.hasValidPipelines,
    list.some(({ pipeline }) => pipeline !== undefined),
  );
  set(
    contextKeys.hasBuilds,
    list.some(({ pipeline }) => pipeline?.artifact.kind === 'build'),
  );
}

/** `isSet` tells whether a credential is known, from the editor's store or from the environment. */
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
