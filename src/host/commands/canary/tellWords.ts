// The message if a run does not accept an instruction.
import * as vscode from 'vscode';

export function wordsOf(): { readonly notTaken: string; readonly refused: string } {
  return {
    notTaken: vscode.l10n.t(
      "Saved, but the run hasn't responded yet. The window or terminal that runs it may have closed.",
    ),
    refused: vscode.l10n.t('The run did not accept this:'),
  };
}
