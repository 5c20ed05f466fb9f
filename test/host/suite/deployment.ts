// From the command to the end of a run: deploying, approving, rejecting, cancelling, and missing permissions.
import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { commands } from '../../../src/contributions.ts';
import { eventually } from './eventually.ts';
import { folder, hookStarts } from './extension.ts';
import { withPerson } from './person.ts';
import { eventsOf, newRun, outcomeOf, runIds, stateOf, waiting } from './store.ts';

export function deploymentSuite(): void {
  suite('Deployment', () => {
    test('asks for a version it accepts, shows what will happen, runs to its end and is in the history', async () => {
      let asked: readonly string[] = [];
      const runId = await newRun(async () => {
        asked = await deploy('tiny', '1.2.3');
      });
      assert.ok(
        asked.some(question => question.includes('Deploy tiny 1.2.3')),
        asked.join('\n'),
      );
      const question = await waiting(runId);
      await vscode.commands.executeCommand(commands.approve, { runId, question, confirmed: true });
      assert.equal(await outcomeOf(runId), 'promoted');
      assert.deepEqual(
        hookStarts().filter(line => line.startsWith(runId)),
        [`${runId} Build work`, `${runId} Finish work`],
      );
      assert.equal(stateOf(runId)?.by.name, 'maria');
      assert.ok(
        eventsOf(runId).some(
          event => event.type === 'answered' && event.answer.type === 'approve' && event.answer.by.via === 'editor',
        ),
      );
    });
    test('ends as rejected when someone rejects it, and the next stage never starts', async () => {
      const runId = await newRun(() => deploy('tiny', '1.2.4'));
      const question = await waiting(runId);
      await withPerson({ typed: () => 'Not today', button: 'Reject' }, async () => {
        await vscode.commands.executeCommand(commands.reject, { runId, question, confirmed: true });
      });
      assert.equal(await outcomeOf(runId), 'rejected');
      assert.deepEqual(
        hookStarts().filter(line => line.startsWith(runId)),
        [`${runId} Build work`],
      );
    });
    test('ends a running hook when it is cancelled', async () => {
      const runId = await newRun(() => deploy('patient', '1.0.0'));
      await eventually('the hook', () => hookStarts().includes(`${runId} Wait wait`));
      const asked = await withPerson({ button: 'Cancel Run' }, async () => {
        await vscode.commands.executeCommand(commands.cancelRun, { runId });
      });
      assert.equal(asked.length, 1);
      assert.equal(await outcomeOf(runId), 'cancelled');
      assert.equal(stateOf(runId)?.cancelledBy?.name, 'maria');
    });
    test('is not approved by the one who started it where the pipeline forbids that', async () => {
      const runId = await newRun(() => deploy('strict', '1.0.0'));
      const question = await waiting(runId);
      await vscode.commands.executeCommand(commands.approve, { runId, question, confirmed: true });
      await eventually('the refusal', () => stateOf(runId)?.questions[0]?.answers[0]?.refused);
      assert.equal(stateOf(runId)?.outcome, undefined);
      await withPerson({ button: 'Cancel Run' }, async () => {
        await vscode.commands.executeCommand(commands.cancelRun, { runId });
      });
      assert.equal(await outcomeOf(runId), 'cancelled');
    });
    test('starts nothing when the person leaves the dialogue', async () => {
      const before = runIds();
      await withPerson({ typed: () => 'no version at all' }, async () => {
        // A version that the pipeline rejects keeps the input open: the command does not end, and nothing begins.
        const going = vscode.commands.executeCommand(commands.deploy, targetOf('tiny'));
        await Promise.race([
          going,
          new Promise(resolve => {
            setTimeout(resolve, 500);
          }),
        ]);
      });
      assert.deepEqual(runIds(), before);
    });
  });
}

export function targetOf(pipeline: string): object {
  return { folder: folder().uri.fsPath, file: `.backstop/pipelines/${pipeline}.yaml` };
}

export function deploy(pipeline: string, version: string): Promise<readonly string[]> {
  return withPerson({ typed: () => version }, async () => {
    await vscode.commands.executeCommand(commands.deploy, targetOf(pipeline));
  });
}
