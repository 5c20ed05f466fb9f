// The syntax tree of each open document, parsed once per version, and conversions from offsets to positions.
import * as vscode from 'vscode';
import type { PipelineTree, TreeReader } from './pipelineTree.ts';
import { createTreeReader } from './pipelineTree.ts';
import type { TextRange } from './syntaxNodes.ts';
import type { TextEdit } from '../texts.ts';

export interface DocumentTrees {
  treeOf(document: vscode.TextDocument): PipelineTree;
  readerOf(document: vscode.TextDocument): TreeReader;
}

interface Known {
  readonly read: TreeReader;
  version: number;
  tree: PipelineTree;
}

export function createDocumentTrees(): DocumentTrees {
  const known = new WeakMap<vscode.TextDocument, Known>();
  function current(document: vscode.TextDocument): Known {
    const before = known.get(document);
    if (before?.version === document.version) return before;
    const read = before?.read ?? createTreeReader();
    const next = { read, version: document.version, tree: read(document.getText()) };
    known.set(document, next);
    return next;
  }
  return { treeOf: document => current(document).tree, readerOf: document => current(document).read };
}

export function rangeIn(document: vscode.TextDocument, { start, end }: TextRange): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

export function locationIn(document: vscode.TextDocument, range: TextRange): vscode.Location {
  return new vscode.Location(document.uri, rangeIn(document, range));
}

export function workspaceEdit(document: vscode.TextDocument, edits: readonly TextEdit[]): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  for (const { range, text } of edits) edit.replace(document.uri, rangeIn(document, range), text);
  return edit;
}

/** Content of a pipeline file is shown as untrusted text: it never becomes a link that runs a command. */
export function markdown(text: string): vscode.MarkdownString {
  const content = new vscode.MarkdownString(text);
  content.isTrusted = false;
  content.supportHtml = false;
  return content;
}
