// Converts a problem into a diagnostic that the editor underlines, with the value found and the values allowed.
import * as vscode from 'vscode';
import type { Problem } from '../../../model/problem.ts';
import { rangeIn } from '../document/documentTrees.ts';
import { problemRange } from './problemRange.ts';
import type { Translate } from '../texts.ts';

export function diagnosticOf(problem: Problem, document: vscode.TextDocument, t: Translate): vscode.Diagnostic {
  const { severity, code, message, found, allowed } = problem;
  const details = [
    message,
    ...(found === undefined ? [] : [t('Found: {0}.', found)]),
    ...(allowed?.length ? [t('Allowed: {0}.', allowed.join(', '))] : []),
  ];
  const range = rangeIn(document, problemRange(problem, document.getText()));
  const diagnostic = new vscode.Diagnostic(
    range,
    details.join(' '),
    severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning,
  );
  diagnostic.source = 'Backstop';
  diagnostic.code = code;
  if (code === 'unused-hook') diagnostic.tags = [vscode.DiagnosticTag.Unnecessary];
  return diagnostic;
}
