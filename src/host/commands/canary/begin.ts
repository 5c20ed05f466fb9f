// After a run was started from this window: it is recorded for recovery and shown, and its log is opened if configured.
import * as vscode from 'vscode';
import { settings } from '../../../contributions.ts';
import type { Result } from '../../../model/failure.ts';
import type { RunHandle } from '../../../model/runs/engine.ts';
import type { HostServices } from '../../hostServices.ts';

export async function beginRun(
  { notify, ownRuns, feed, logs }: HostServices,
  folder: string,
  started: Result<RunHandle>,
): Promise<boolean> {
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
  if (vscode.workspace.getConfiguration().get<boolean>(settings.openLogsOnStart, false)) await logs.follow(runId);
  return true;
}
