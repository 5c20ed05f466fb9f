// Handles a run that was started from this window: records it for recovery, shows it, and opens its log if configured.
import * as vscode from 'vscode';
import { settings } from '../../../contributions.ts';
import type { Result } from '../../../model/failure.ts';
import type { RunHandle } from '../../../model/runs/engine.ts';
import type { HostServices } from '../../hostServices.ts';
import { openRunPanel } from '../../panel/runPanel.ts';

/** `startedBy` distinguishes runs that a pipeline started automatically, which open no editor. */
export async function beginRun(
  services: HostServices,
  folder: string,
  started: Result<RunHandle>,
  startedBy: 'person' | 'policy' = 'person',
): Promise<boolean> {
  const { notify, ownRuns, feed, logs } = services;
  if (!started.ok) {
    notify.fail(started.failure);
    return false;
  }
  const { runId, done } = started.value;
  await ownRuns.add(runId, folder);
  feed.poke();
  void done.then(async ({ stopped }) => {
    if (stopped) notify.fail(stopped);
    else await ownRuns.remove(runId);
    feed.poke();
  });
  const configuration = vscode.workspace.getConfiguration();
  const engine =
    startedBy === 'person' && configuration.get<boolean>(settings.openPanelOnStart, true)
      ? await services.engineFor(folder)
      : undefined;
  if (engine) openRunPanel(services, engine, runId, { beside: true });
  if (configuration.get<boolean>(settings.openLogsOnStart, false)) await logs.follow(runId);
  return true;
}
