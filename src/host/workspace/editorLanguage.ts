// The editor's language for every sentence that is not the host's own: where the extension has no translation for it,
// all is English, numbers too.
import * as vscode from 'vscode';
import type { PageLanguage } from '../../protocol/words/pageLanguage.ts';
import { speak } from '../../protocol/words/translate.ts';

/** Each bundle of the extension has sentences of its own and must call it. */
export function speakAsEditor(): void {
  speak(vscode.l10n.t, editorLanguage()?.locale);
}

/** Undefined: English. */
export function editorLanguage(): PageLanguage | undefined {
  const words = vscode.l10n.bundle;
  return words && { locale: vscode.env.language, words };
}
