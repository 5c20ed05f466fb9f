// The only status bar item: shows what is most important now and opens it.
import * as vscode from 'vscode';
import { commands } from '../../contributions.ts';
import type { RunState } from '../../model/runs/runState.ts';
import { statusText } from './statusText.ts';
import { t } from '../../protocol/words/translate.ts';

export interface StatusItem extends vscode.Disposable {
  readonly show: (states: readonly RunState[]) => void;
}

export function createStatusItem(): StatusItem {
  const item = vscode.window.createStatusBarItem('backstop.status', vscode.StatusBarAlignment.Left, 5);
  item.name = 'Backstop';
  let expiring: NodeJS.Timeout | undefined;
  function show(states: readonly RunState[]): void {
    clearTimeout(expiring);
    const text = statusText(states, Date.now(), t);
    if (!text) {
      item.hide();
      return;
    }
    if (text.untilMs !== undefined) expiring = setTimeout(() => show(states), text.untilMs - Date.now());
    item.backgroundColor = text.isWaiting ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    item.text = text.text;
    item.tooltip = text.tooltip;
    item.accessibilityInformation = { label: text.spoken };
    item.command = {
      command: commands.openRun,
      title: t('Open Run'),
      arguments: [{ runId: text.runId }],
    };
    item.show();
  }
  return {
    show,
    dispose() {
      clearTimeout(expiring);
      item.dispose();
    },
  };
}
