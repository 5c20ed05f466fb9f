// Plays the demo in this host, as a person would: deploys, approves, waits for the end.
import * as vscode from 'vscode';
import { commands } from '../../../src/contributions.ts';
import { changeNumber, newVersion } from '../../../src/demo/story/workspace.ts';
import { folder } from './extension.ts';
import { withPerson } from './person.ts';
import { newRun, outcomeOf, waiting } from './store.ts';

/** Returns the run's outcome. */
export async function deployDemo(): Promise<string> {
  const target = { folder: folder().uri.fsPath, file: '.backstop/pipelines/storefront.yaml' };
  const runId = await newRun(() =>
    withPerson({ typed: question => (question.includes('change') ? changeNumber : newVersion) }, async () => {
      await vscode.commands.executeCommand(commands.deploy, target);
    }),
  );
  const question = await waiting(runId, 60_000);
  await vscode.commands.executeCommand(commands.approve, { runId, question, confirmed: true });
  return await outcomeOf(runId, 90_000);
}
