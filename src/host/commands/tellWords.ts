// What a person reads when a run does not take up what it was told.
import * as vscode from 'vscode';

export function wordsOf(): { readonly notTaken: string; readonly refused: string } {
  return {
    notTaken: vscode.l10n.t(
      'It is recorded, but no process has taken it up yet. The window or terminal that runs it may be gone.',
    ),
    refused: vscode.l10n.t('The run took note, but it does not count:'),
  };
}
