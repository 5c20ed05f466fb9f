// Completion in the editor.
import * as vscode from 'vscode';
import type { CompletionParts } from './completion.ts';
import { completeAt } from './completion.ts';
import type { DocumentTrees } from '../document/documentTrees.ts';
import { markdown, rangeIn } from '../document/documentTrees.ts';
import type { Suggestion } from './suggestion.ts';

const kinds: Readonly<Record<Suggestion['kind'], vscode.CompletionItemKind>> = {
  key: vscode.CompletionItemKind.Property,
  value: vscode.CompletionItemKind.Value,
  name: vscode.CompletionItemKind.Reference,
  variable: vscode.CompletionItemKind.Variable,
  word: vscode.CompletionItemKind.Keyword,
  snippet: vscode.CompletionItemKind.Snippet,
};
export const completionTriggers: readonly string[] = [' ', '.', '{', '[', ',', "'", '"'];

export function createCompletionProvider(
  trees: DocumentTrees,
  parts: Omit<CompletionParts, 'read'>,
): vscode.CompletionItemProvider {
  return {
    provideCompletionItems(document, position) {
      return completeAt(document.getText(), document.offsetAt(position), {
        ...parts,
        read: trees.readerOf(document),
      }).map(one => itemOf(one, document, position));
    },
  };
}

function itemOf(
  { label, kind, insert, isSnippet, detail, documentation, replace, filter, rank, more }: Suggestion,
  document: vscode.TextDocument,
  position: vscode.Position,
): vscode.CompletionItem {
  const item = new vscode.CompletionItem(label, kinds[kind]);
  item.insertText = isSnippet ? new vscode.SnippetString(insert) : insert;
  const range = rangeIn(document, replace);
  if (range.isSingleLine && range.contains(position)) item.range = range;
  item.sortText = rank.toFixed(3).padStart(8, '0');
  if (filter !== undefined) item.filterText = filter;
  if (detail !== undefined) item.detail = detail;
  if (documentation) item.documentation = markdown(documentation);
  if (more) item.command = { command: 'editor.action.triggerSuggest', title: '' };
  return item;
}
