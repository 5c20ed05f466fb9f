// How the extension comes up: by itself where there are pipelines, and without a word.
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
