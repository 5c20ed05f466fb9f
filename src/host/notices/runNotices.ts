// Shows notifications about runs when they change, and handles their buttons.
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
import { isCurrent, noticesOf, staleSentence, type Notice, type NoticeAction } from './notices.ts';
import { createNotify, type Notify } from './notify.ts';
import { t } from '../../protocol/words/translate.ts';

const commandOf: Readonly<Record<NoticeAction, string>> = {
  approve: commands.approve,
  reject: commands.reject,
  rollBack: commands.rollBack,
  continue: commands.promoteCanary,
  verifyAgain: commands.retryVerification,
  evidence: commands.openRun,
  logs: commands.showLogs,
  open: commands.openRun,
};

/** These actions change nothing, so they are never too late. */
const looks: ReadonlySet<NoticeAction> = new Set(['evidence', 'logs', 'open']);

export function createRunNotify(feed: RunFeed): Notify {
  const notify = createNotify({
    stateOf: runId => feed.state(runId),
    act: async (action, notice) => {
      const { runId, question } = notice;
      feed.poke();
      const state = feed.state(runId);
      if (!looks.has(action) && !isCurrent(notice, state)) {
        if (await notify.suggest(staleSentence(notice, state, t), t('Open Run')))
          await vscode.commands.executeCommand(commands.openRun, { runId });
        return;
      }
      await vscode.commands.executeCommand(commandOf[action], {
        runId,
        ...(question !== undefined && { question }),
        confirmed: action !== 'open',
      });
    },
  });
  return notify;
}

export interface NoticesOptions {
  readonly pipelines: WorkspacePipelines;
  readonly history: () => History | undefined;
  readonly clock: Clock;
}

/** The notices for a run. `sawItRun`: this window has seen the run in progress. */
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
