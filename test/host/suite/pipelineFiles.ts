// The problems of a pipeline file while it is broken and after it is fixed.
import assert from 'node:assert/strict';
import { suite, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import { eventually } from './eventually.ts';
import { pipelineFile } from './extension.ts';

export function pipelineFileSuite(): void {
  suite('Pipeline files', () => {
    const file = pipelineFile('broken');
    suiteTeardown(async () => {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await vscode.workspace.fs.delete(file);
    });
    test('a mistake is marked where it stands, and the mark goes when it is mended', async () => {
      await vscode.workspace.fs.writeFile(
        file,
        Buffer.from('version: 1\nname: broken\nservice: broken\nstages:\n  - stage: One\n    steps: [deplyo]\n'),
      );
      const document = await vscode.workspace.openTextDocument(file);
      await vscode.window.showTextDocument(document);
      const ours = (): readonly vscode.Diagnostic[] =>
        vscode.languages.getDiagnostics(file).filter(one => one.source?.toLowerCase() === 'backstop');
      const marks = await eventually('a mark', () => ours().length > 0 && ours());
      const unknownHook = marks.find(mark => document.getText(mark.range).includes('deplyo'));
      assert.ok(
        unknownHook,
        marks.map(mark => `${mark.range.start.line}:${mark.range.start.character} ${mark.message}`).join('\n'),
      );
      const edit = new vscode.WorkspaceEdit();
      edit.replace(file, new vscode.Range(0, 0, document.lineCount, 0), mended);
      await vscode.workspace.applyEdit(edit);
      await eventually('the marks to go', () => ours().length === 0);
      await document.save();
    });
  });
}

const mended = `version: 1
name: broken
service: broken
artifact:
  version: {}
environments:
  one: { nodes: [a] }
hooks:
  deploy: { command: [echo, deployed] }
stages:
  - stage: One
    environment: one
    steps: [deploy]
`;
