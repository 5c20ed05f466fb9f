// Code lenses in the editor.
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { commands } from '../../contributions.ts';
import type { LastResults, Lens } from './codeLenses.ts';
import { lensesOf } from './codeLenses.ts';
import type { DocumentTrees } from './document/documentTrees.ts';
import { locationIn, rangeIn } from './document/documentTrees.ts';
import { fileTarget } from '../workspace/folders.ts';
import { pipelineSelector } from './diagnosis/pipelineDiagnosis.ts';
import type { Translate } from './texts.ts';

export interface LensProvider extends vscode.CodeLensProvider, vscode.Disposable {
  /** Call it after a stage has ended. */
  refresh(): void;
}

/** Lenses show ages in minutes, so they are updated every minute even if nothing else changes. */
const minuteMs = 60_000;

export function createLensProvider(trees: DocumentTrees, lastResults: LastResults, t: Translate): LensProvider {
  const changed = new vscode.EventEmitter<void>();
  const ticking = setInterval(() => {
    const isSeen = vscode.window.visibleTextEditors.some(
      ({ document }) => vscode.languages.match(pipelineSelector, document) > 0,
    );
    if (isSeen) changed.fire();
  }, minuteMs);
  return {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses(document) {
      const name = basename(document.uri.path).replace(/\.ya?ml$/, '');
      return lensesOf(trees.treeOf(document), name, lastResults, t, Date.now()).map(
        lens => new vscode.CodeLens(rangeIn(document, lens.range), commandOf(lens, document, t)),
      );
    },
    refresh() {
      changed.fire();
    },
    dispose() {
      clearInterval(ticking);
      changed.dispose();
    },
  };
}

function commandOf({ title, action }: Lens, document: vscode.TextDocument, t: Translate): vscode.Command {
  switch (action.kind) {
    case 'deploy':
      return { title, command: commands.deploy, arguments: [fileTarget(document.uri)] };
    case 'dryRun':
      return { title, command: commands.dryRun, arguments: [fileTarget(document.uri)] };
    case 'openRun':
      return { title, command: commands.openRun, arguments: [fileTarget(document.uri)] };
    case 'goTo':
      return {
        title,
        command: 'editor.action.goToLocations',
        arguments: [
          document.uri,
          document.positionAt(action.from.start),
          [locationIn(document, action.to)],
          'goto',
          t('The hook no longer exists.'),
        ],
      };
    default:
      return action satisfies never;
  }
}
