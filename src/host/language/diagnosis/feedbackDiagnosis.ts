// Problems of the feedback file in the editor, shown a moment after the last key press and found by the engine's
// parser.
import * as vscode from 'vscode';
import type { Problem } from '../../../model/problem.ts';
import { diagnosticOf } from './diagnostic.ts';
import { createPauses } from './pauses.ts';
import type { Translate } from '../texts.ts';

const pauseMs = 150;
const selector: vscode.DocumentFilter = { scheme: 'file', pattern: '**/.backstop/feedback.yaml' };

export function createFeedbackDiagnosis(
  parse: (text: string, file: string) => { readonly problems: readonly Problem[] },
  t: Translate,
): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('backstop feedback');
  const pauses = createPauses(pauseMs);
  const isFeedback = (document: vscode.TextDocument): boolean => vscode.languages.match(selector, document) > 0;
  function check(document: vscode.TextDocument): void {
    if (document.isClosed || !isFeedback(document)) return;
    collection.set(
      document.uri,
      parse(document.getText(), vscode.workspace.asRelativePath(document.uri)).problems.map(problem =>
        diagnosticOf(problem, document, t),
      ),
    );
  }
  const subscriptions = vscode.Disposable.from(
    collection,
    pauses,
    vscode.workspace.onDidOpenTextDocument(check),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (isFeedback(document)) pauses.soon(document.uri.toString(), () => check(document));
    }),
    vscode.workspace.onDidCloseTextDocument(document => {
      pauses.stop(document.uri.toString());
    }),
    vscode.workspace.onDidDeleteFiles(({ files }) => {
      for (const file of files) collection.delete(file);
    }),
  );
  for (const document of vscode.workspace.textDocuments) check(document);
  return subscriptions;
}
