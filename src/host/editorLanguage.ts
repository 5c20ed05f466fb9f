// The editor's language for every sentence that is not the host's own: where the extension has no translation for it, all is English, numbers too.
import * as vscode from 'vscode';
import { speak } from '../protocol/translate.ts';

/** Each bundle of the extension has sentences of its own and must call it. */
export function speakAsEditor(): void {
  speak(vscode.l10n.t, vscode.l10n.bundle === undefined ? 'en' : vscode.env.language);
}
