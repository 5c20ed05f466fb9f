// Outline, go to definition, references, rename and hover in the editor.
import * as vscode from 'vscode';
import { commands } from '../../contributions.ts';
import type { DocumentTrees } from './document/documentTrees.ts';
import { locationIn, markdown, rangeIn, workspaceEdit } from './document/documentTrees.ts';
import { hoverAt } from './hover.ts';
import { findDefinitions, findReferences, findRenameRange, renameName } from './navigation.ts';
import type { Schema } from './document/schema.ts';
import type { OutlineSymbol } from './symbols.ts';
import { outlineOf } from './symbols.ts';
import type { Translate } from './texts.ts';

export function createHoverProvider(trees: DocumentTrees, schema: Schema, t: Translate): vscode.HoverProvider {
  return {
    provideHover(document, position) {
      const hover = hoverAt(trees.treeOf(document), document.offsetAt(position), schema, t);
      return (
        hover &&
        new vscode.Hover([markdown(hover.content), linkTo(hover.documentation, t)], rangeIn(document, hover.range))
      );
    },
  };
}

/** A separate Markdown string, because only this link may run a command: the rest of the hover quotes the file. */
function linkTo(documentation: string, t: Translate): vscode.MarkdownString {
  const target = encodeURIComponent(JSON.stringify([documentation]));
  const link = new vscode.MarkdownString(`[${t('Documentation')}](command:${commands.openDocumentation}?${target})`);
  link.isTrusted = { enabledCommands: [commands.openDocumentation] };
  return link;
}

const symbolKinds: Readonly<Record<OutlineSymbol['kind'], vscode.SymbolKind>> = {
  section: vscode.SymbolKind.Module,
  hook: vscode.SymbolKind.Function,
  environment: vscode.SymbolKind.Namespace,
  connection: vscode.SymbolKind.Interface,
  healthSource: vscode.SymbolKind.Field,
  input: vscode.SymbolKind.Variable,
  stage: vscode.SymbolKind.Event,
  group: vscode.SymbolKind.Array,
  value: vscode.SymbolKind.Property,
};

export function createSymbolProvider(trees: DocumentTrees, t: Translate): vscode.DocumentSymbolProvider {
  return {
    provideDocumentSymbols: document => outlineOf(trees.treeOf(document), t).map(symbol => symbolIn(document, symbol)),
  };
}

function symbolIn(
  document: vscode.TextDocument,
  { name, detail, kind, range, selection, children }: OutlineSymbol,
): vscode.DocumentSymbol {
  const symbol = new vscode.DocumentSymbol(
    name,
    detail,
    symbolKinds[kind],
    rangeIn(document, range),
    rangeIn(document, selection),
  );
  symbol.children = children.map(child => symbolIn(document, child));
  return symbol;
}

export function createDefinitionProvider(trees: DocumentTrees): vscode.DefinitionProvider {
  return {
    provideDefinition: (document, position) =>
      findDefinitions(trees.treeOf(document), document.offsetAt(position)).map(one => locationIn(document, one.range)),
  };
}

export function createReferenceProvider(trees: DocumentTrees): vscode.ReferenceProvider {
  return {
    provideReferences: (document, position, { includeDeclaration }) =>
      findReferences(trees.treeOf(document), document.offsetAt(position), includeDeclaration).map(range =>
        locationIn(document, range),
      ),
  };
}

export function createRenameProvider(trees: DocumentTrees, schema: Schema, t: Translate): vscode.RenameProvider {
  return {
    /** VS Code shows the message of an error that is thrown here; its API has no other way. */
    prepareRename(document, position) {
      const found = findRenameRange(trees.treeOf(document), document.offsetAt(position));
      if (!found) throw new Error(t('There is no pipeline name here.'));
      return { range: rangeIn(document, found.range), placeholder: found.name };
    },
    provideRenameEdits(document, position, newName) {
      const renamed = renameName(trees.treeOf(document), document.offsetAt(position), newName, schema, t);
      if ('refusal' in renamed) throw new Error(renamed.refusal);
      return workspaceEdit(document, renamed.edits);
    },
  };
}
