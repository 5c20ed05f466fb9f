// Every command in the manifest is registered, and every registered command is in the manifest.
import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { commands } from '../../../src/contributions.ts';
import { eventually } from './eventually.ts';
import { extension } from './extension.ts';

export function commandsSuite(): void {
  suite('Commands', () => {
    test('all that the manifest contributes are registered', async () => {
      await extension().activate();
      const contributed = (
        extension().packageJSON as { contributes: { commands: { command: string }[] } }
      ).contributes.commands.map(one => one.command);
      const registered = new Set(await vscode.commands.getCommands(true));
      assert.deepEqual(
        contributed.filter(command => !registered.has(command)),
        [],
      );
      assert.deepEqual(
        Object.values(commands).filter(command => !registered.has(command)),
        [],
      );
    });

    test('Open Documentation shows a page of the extension', async () => {
      await vscode.commands.executeCommand(commands.openDocumentation, 'pipeline-file.md#stages');
      const tab = await eventually('the page', () =>
        vscode.window.tabGroups.all
          .flatMap(group => group.tabs)
          .find(({ label }) => label.includes('pipeline-file.md')),
      );
      await vscode.window.tabGroups.close(tab);
    });
  });
}
