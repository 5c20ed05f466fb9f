// Problems of pipeline files in the editor, from the same parser that the engine uses.
import * as vscode from 'vscode';
import type { Engine } from '../model/engine.ts';
import type { Problem } from '../model/problem.ts';

const pattern = '**/.backstop/pipelines/*.{yaml,yml}';

export interface PipelineDiagnostics extends vscode.Disposable {
  /** Checks every pipeline file of the workspace; answers how many there are and how many have errors. */
  validateAll(): Promise<{ readonly files: number; readonly broken: number }>;
}

export function createPipelineDiagnostics(parse: Engine['parse']): PipelineDiagnostics {
  const collection = vscode.languages.createDiagnosticCollection('backstop');
  const selector: vscode.DocumentFilter = { scheme: 'file', pattern };
  function validate(document: vscode.TextDocument): boolean {
    if (vscode.languages.match(selector, document) === 0) return true;
    const { problems } = parse(document.getText(), vscode.workspace.asRelativePath(document.uri));
    collection.set(document.uri, problems.map(toDiagnostic));
    return !problems.some(problem => problem.severity === 'error');
  }
  const subscriptions = [
    collection,
    vscode.workspace.onDidOpenTextDocument(validate),
    vscode.workspace.onDidChangeTextDocument(({ document }) => validate(document)),
    vscode.workspace.onDidDeleteFiles(({ files }) => { for (const file of files) collection.delete(file); }),
  ];
  for (const document of vscode.workspace.textDocuments) validate(document);
  return {
    async validateAll() {
      const files = await vscode.workspace.findFiles(pattern);
      const good = await Promise.all(files.map(async file => validate(await vscode.workspace.openTextDocument(file))));
      return { files: files.length, broken: good.filter(isGood => !isGood).length };
    },
    dispose() { for (const subscription of subscriptions) subscription.dispose(); },
  };
}

function toDiagnostic({ line, column, endLine, endColumn, severity, code, message, found, allowed }: Problem): vscode.Diagnostic {
  const range = new vscode.Range(line - 1, column - 1, endLine - 1, endColumn - 1);
  const details = [message, ...(found === undefined ? [] : [`Found: ${found}.`]), ...(allowed?.length ? [`Allowed: ${allowed.join(', ')}.`] : [])];
  const diagnostic = new vscode.Diagnostic(range, details.join(' '), severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning);
  diagnostic.source = 'Backstop';
  diagnostic.code = code;
  return diagnostic;
}
