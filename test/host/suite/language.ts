// The editor's features for a pipeline file, requested through VS Code itself.
import assert from 'node:assert/strict';
import { suite, suiteSetup, test } from 'mocha';
import * as vscode from 'vscode';
import { eventually } from './eventually.ts';
import { pipelineFile } from './extension.ts';

export function languageSuite(): void {
  suite('Language', () => {
    const file = pipelineFile('tiny');
    let document: vscode.TextDocument;
    suiteSetup(async () => {
      document = await vscode.workspace.openTextDocument(file);
      await vscode.window.showTextDocument(document);
    });
    const at = (text: string, plus = 0): vscode.Position =>
      document.positionAt(document.getText().indexOf(text) + plus);
    const ask = <T>(command: string, ...given: readonly unknown[]): Thenable<T> =>
      vscode.commands.executeCommand<T>(command, file, ...given);

    test('completes the keys of a stage', async () => {
      const offered = await eventually('completions', async () => {
        const list = await ask<vscode.CompletionList>(
          'vscode.executeCompletionItemProvider',
          at('    steps: [work]', 4),
        );
        const labels = list.items.map(item => (typeof item.label === 'string' ? item.label : item.label.label));
        return labels.includes('environment') || labels.includes('steps') ? labels : undefined;
      });
      assert.ok(
        offered.some(label => ['steps', 'timeout', 'onFailure', 'environment'].includes(label)),
        offered.join(', '),
      );
    });
    test('explains a key under the pointer', async () => {
      const hovers = await ask<vscode.Hover[]>('vscode.executeHoverProvider', at('environment: tiny-test', 2));
      assert.ok(hovers.length > 0);
    });
    test('goes from a step to its hook', async () => {
      const places = await ask<(vscode.Location | vscode.LocationLink)[]>(
        'vscode.executeDefinitionProvider',
        at('steps: [work]', 9),
      );
      const lines = places.map(
        place => ('targetRange' in place ? (place.targetSelectionRange ?? place.targetRange) : place.range).start.line,
      );
      assert.deepEqual(lines, [at('  work:', 2).line]);
    });
    test('lists the stages as symbols', async () => {
      const symbols = await ask<vscode.DocumentSymbol[]>('vscode.executeDocumentSymbolProvider');
      const names = (nodes: readonly vscode.DocumentSymbol[]): readonly string[] =>
        nodes.flatMap(node => [node.name, ...names(node.children)]);
      assert.deepEqual(
        ['Build', 'Approval', 'Finish'].filter(name => !names(symbols).includes(name)),
        [],
      );
    });
    test('offers to deploy above the pipeline', async () => {
      const lenses = await eventually('code lenses', async () => {
        const found = await ask<vscode.CodeLens[]>('vscode.executeCodeLensProvider', 50);
        return found.some(lens => lens.command) && found;
      });
      assert.ok(
        lenses.some(lens => lens.command?.command === 'backstop.deploy'),
        lenses.map(lens => lens.command?.title).join(', '),
      );
    });
  });
}
