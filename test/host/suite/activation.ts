// How the extension activates: automatically in a workspace with pipelines, and without a notification.
import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { eventually } from './eventually.ts';
import { extension } from './extension.ts';

export function activationSuite(): void {
  suite('Activation', () => {
    test('comes by itself in a folder with pipelines', async () => {
      await eventually('activation', () => extension().isActive);
    });
    test('declares that it runs where the workspace is', () => {
      assert.equal(extension().extensionKind, vscode.ExtensionKind.Workspace);
    });
  });
}
