// Quick fixes in the editor, also for problems that the YAML extension underlines.
import * as vscode from 'vscode';
import type { DocumentTrees } from '../document/documentTrees.ts';
import { rangeIn, workspaceEdit } from '../document/documentTrees.ts';
import type { PipelineDiagnosis } from '../diagnosis/pipelineDiagnosis.ts';
import { problemRange } from '../diagnosis/problemRange.ts';
import { fixesOf } from './quickFixes.ts';
import type { FixParts } from './quickFix.ts';

export function createFixProvider(
  trees: DocumentTrees,
  diagnosis: Pick<PipelineDiagnosis, 'problemsOf'>,
  parts: FixParts,
): vscode.CodeActionProvider {
  return {
    async provideCodeActions(document, wanted, { diagnostics }, token) {
      const problems = await diagnosis.problemsOf(document);
      if (token.isCancellationRequested) return [];
      const tree = trees.treeOf(document);
      return problems.flatMap(problem => {
        const range = rangeIn(document, problemRange(problem, tree.text));
        if (!range.intersection(wanted)) return [];
        return fixesOf(problem, tree, parts).map(({ title, edits, preferred }) => {
          const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
          action.edit = workspaceEdit(document, edits);
          action.isPreferred = preferred;
          action.diagnostics = diagnostics.filter(
            one => one.range.isEqual(range) && (one.code === problem.code || one.source !== 'Backstop'),
          );
          return action;
        });
      });
    },
  };
}
