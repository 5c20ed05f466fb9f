// Sets the editor's language for sentences outside the host. Without a translation, everything is English, including
// numbers.
import * as vscode from 'vscode';
import type { PageLanguage } from '../../protocol/words/pageLanguage.ts';
import { speak } from '../../protocol/words/translate.ts';

/** Each bundle of the extension has its own copy of the sentences and must call this. */
export function speakAsEditor(): void {
  speak(vscode.l10n.t, editorLanguage()?.locale);
}

/** Undefined for English. */
export function editorLanguage(): PageLanguage | undefined {
  const words = vscode.l10n.bundle;
  return words && { locale: vscode.env.language, words };
}
