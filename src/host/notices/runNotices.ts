// Notifications of runs: which a changed run calls for, and what their buttons do.
import { identityOf } from '../../model/identity.ts';
import * as vscode from 'vscode';
import { commands } from '../../contributions.ts';
import type { Clock } from '../../model/ports.ts';
import type { History } from '../../model/history.ts';
import type { RunState } from '../../model/runs/runState.ts';
import { currentRelease } from '../commands/deploying/rollBack.ts';
import type { RunFeed } from '../panel/runFeed.ts';
import { nextEnvironment } from '../runs/runFacts.ts';
import type { WorkspacePipelines } from '../workspace/workspacePipelines.ts';
import { noticesOf, type Notice, type NoticeAction } from './notices.ts';
import { createNotify, type Notify } from './notify.ts';
import { t } from '../../protocol/words/translate.ts';

const commandOf: Readonly<Record<NoticeAction, string>> = {
  approve: commands.approve,
  reject: commands.reject,
  rollBack: commands.rollBack,
  continue: commands.promoteCanary,
  evidence: commands.openRun,
  logs: commands.showLogs,
  open: commands.openRun,
};

export function createRunNotify(feed: RunFeed): Notify {
  return createNotify({
    stateOf: runId => feed.state(runId),
    act: async (action, { runId, question }) => {
      await vscode.commands.executeCommand(commandOf[action], {
        runId,
        ...(question !== undefined && { question }),
        confirmed: action !== 'open',
      });
    },
  });
}

export interface NoticesOptions {
  readonly pipelines: WorkspacePipelines;
  readonly history: () => History | undefined;
  readonly clock: Clock;
}

/** Which notices a run calls for; `sawItRun`: this window has seen it before it ended. */
export function runNotices(
  { pipelines, history, clock }: NoticesOptions,
  state: RunState,
  sawItRun: boolean,
): readonly Notice[] {
  const known = history();
  const environment = nextEnvironment(
    state,
    pipelines.find({ file: state.file, name: state.pipeline, service: identityOf(state) })?.pipeline,
  );
  const running =
    environment === undefined || !known ? undefined : currentRelease(known, identityOf(state), environment);
  return noticesOf(
    state,
    {
      ...(running && { running }),
      nowMs: clock.now(),
      isFocused: vscode.window.state.focused,
      sawItRun,
    },
    t,
  );
}
