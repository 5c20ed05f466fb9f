// Read-only documents of runs and releases: evidence, logs, plans and stored configuration, as the editor's own text
// documents.
import * as vscode from 'vscode';
import { documentScheme } from '../../contributions.ts';
import { t } from '../../protocol/words/translate.ts';

export interface Documents extends vscode.Disposable {
  /** `read` is called again whenever the document is refreshed. */
  show(
    path: string,
    read: () => Promise<string>,
    options?: { readonly line?: number; readonly language?: string },
  ): Promise<void>;
  /** Creates a document without showing it, for a comparison. */
  make(path: string, read: () => Promise<string>): vscode.Uri;
  /** Refreshes documents whose path begins with this. */
  refresh(prefix: string): void;
}

export function provideDocuments(): Documents {
  const readers = new Map<string, () => Promise<string>>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const registration = vscode.workspace.registerTextDocumentContentProvider(documentScheme, {
    onDidChange: changed.event,
    provideTextDocumentContent: uri =>
      readers.get(uri.path)?.() ??
      t('This document was created in an earlier session. Open it again from the Backstop views.'),
  });
  const closing = vscode.workspace.onDidCloseTextDocument(({ uri }) => {
    if (uri.scheme === documentScheme) readers.delete(uri.path);
  });
  function make(path: string, read: () => Promise<string>): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: documentScheme, path });
    readers.set(uri.path, read);
    return uri;
  }
  return {
    make,
    async show(path, read, { line, language } = {}) {
      const uri = make(path, read);
      changed.fire(uri);
      const opened = await vscode.workspace.openTextDocument(uri);
      const document =
        language === undefined || opened.languageId === language
          ? opened
          : await vscode.languages.setTextDocumentLanguage(opened, language);
      // Changing the language closes and reopens the document, which removes its reader.
      readers.set(uri.path, read);
      const selection = line === undefined ? undefined : new vscode.Range(line, 0, line, 0);
      const editor = await vscode.window.showTextDocument(document, { preview: true, ...(selection && { selection }) });
      if (selection) editor.revealRange(selection, vscode.TextEditorRevealType.InCenter);
    },
    refresh(prefix) {
      for (const path of readers.keys())
        if (path.startsWith(prefix)) changed.fire(vscode.Uri.from({ scheme: documentScheme, path }));
    },
    dispose() {
      vscode.Disposable.from(registration, closing, changed).dispose();
    },
  };
}
