// The only file that interrupts the user: shows one notification at a time, and the results of commands.
import * as vscode from 'vscode';
import { settings } from '../../contributions.ts';
import { describeFailure, type Failure } from '../../model/failure.ts';
import type { RunState } from '../../model/runs/runState.ts';
import { plainLine } from '../../protocol/words/plainText.ts';
import { isCurrent, type Notice, type NoticeAction, type NoticeKind } from './notices.ts';
import { t } from '../../protocol/words/translate.ts';

export interface Notify {
  /** Shows each key once, one notice after another; drops a notice that is no longer current. */
  offer(notices: readonly Notice[]): void;
  /** Reports the failure of a command that the user started. */
  fail(failure: Failure): void;
  say(text: string): void;
  /** Offers an action. Resolves with true if the user chooses it. */
  suggest(text: string, action: string): Promise<boolean>;
  /** Asks for confirmation before anything is done. */
  confirm(text: string, detail: string, action: string): Promise<boolean>;
}

export interface NotifyOptions {
  readonly stateOf: (runId: string) => RunState | undefined;
  readonly act: (action: NoticeAction, notice: Notice) => Promise<void>;
}

/** A notification that the editor has hidden still counts as shown. After this time, the next one may appear. */
const patienceMs = 20_000;
const pollMs = 500;

const settingOf: Readonly<Record<NoticeKind, string>> = {
  approval: settings.notifyApproval,
  decision: settings.notifyDecision,
  held: settings.notifyHeld,
  rolledBack: settings.notifyRolledBack,
  runFailed: settings.notifyRunFailed,
  runFinished: settings.notifyRunFinished,
};

export function createNotify({ stateOf, act }: NotifyOptions): Notify {
  const seen = new Set<string>();
  const queue: Notice[] = [];
  let isBusy = false;

  async function showAll(): Promise<void> {
    if (isBusy) return;
    isBusy = true;
    try {
      for (let notice = queue.shift(); notice; notice = queue.shift()) {
        if (isCurrent(notice, stateOf(notice.runId))) await Promise.race([show(notice), overtaken(notice)]);
      }
    } finally {
      isBusy = false;
    }
  }
  async function show(notice: Notice): Promise<void> {
    const words = actionWords();
    const display = {
      info: vscode.window.showInformationMessage,
      warning: vscode.window.showWarningMessage,
      error: vscode.window.showErrorMessage,
    }[notice.severity];
    const titles = notice.actions.map(action => words[action]);
    const chosen = await display(notice.text, ...titles);
    const action = notice.actions[titles.indexOf(chosen ?? '')];
    if (action) await act(action, notice);
  }
  async function overtaken(notice: Notice): Promise<void> {
    for (let waitedMs = 0; waitedMs < patienceMs && isCurrent(notice, stateOf(notice.runId)); waitedMs += pollMs) {
      await new Promise(resolve => {
        setTimeout(resolve, pollMs);
      });
    }
  }
  return {
    offer(notices) {
      for (const notice of notices) {
        if (seen.has(notice.key)) continue;
        seen.add(notice.key);
        if (vscode.workspace.getConfiguration().get<boolean>(settingOf[notice.kind], true)) queue.push(notice);
      }
      void showAll();
    },
    fail(failure) {
      void vscode.window.showErrorMessage(plainLine(describeFailure(failure), 1000));
    },
    say(text) {
      void vscode.window.showInformationMessage(text);
    },
    async suggest(text, action) {
      return (await vscode.window.showInformationMessage(text, action)) === action;
    },
    async confirm(text, detail, action) {
      return (await vscode.window.showWarningMessage(text, { modal: true, detail }, action)) === action;
    },
  };
}

function actionWords(): Readonly<Record<NoticeAction, string>> {
  return {
    approve: t('Approve'),
    reject: t('Reject'),
    rollBack: t('Roll Back'),
    continue: t('Promote'),
    verifyAgain: t('Verify Again'),
    evidence: t('Show Evidence'),
    logs: t('Show Logs'),
    open: t('Open Run'),
  };
}
