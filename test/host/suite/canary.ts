// Commands for an inconclusive canary and for finished runs: each once, called as from the palette.
import { identityOf } from '../../../src/model/identity.ts';
import assert from 'node:assert/strict';
import { suite, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import { commands } from '../../../src/contributions.ts';
import { deploy, targetOf } from './deployment.ts';
import { eventually } from './eventually.ts';
import { folder, pipelineFile } from './extension.ts';
import { withPerson } from './person.ts';
import { eventsOf, newRun, outcomeOf, stateOf, waiting } from './store.ts';

const patienceMs = 150_000;

export function canarySuite(): void {
  suite('Canary', function () {
    this.timeout(patienceMs);
    suiteTeardown(async () => {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    });

    test('its credential is set, and the line for it is the only one that is asked', async () => {
      const asked = await withPerson({ typed: () => 'id:key', leaveAfterLines: 1 }, async () => {
        await vscode.commands.executeCommand(commands.setCredentials);
      });
      assert.deepEqual(asked.filter(question => question.includes('canary-logs: ')).length, 1, asked.join('\n'));
    });
    test('its dry run names hooks, nodes and queries', async () => {
      await withPerson({ typed: () => '1.0.0' }, async () => {
        await vscode.commands.executeCommand(commands.dryRun, targetOf('canary'));
      });
      await shown(/Dry run of canary/, /canary-1[\s\S]*_sourceCategory=canary/);
    });
    test('connections that cannot be reached say so', async () => {
      await vscode.commands.executeCommand(commands.testConnections, targetOf('canary'));
      await shown(/Connections of canary/, /127\.0\.0\.1/);
    });
    test('is held, verified again, and promoted with a reason that is kept', async () => {
      const runId = await heldRun('1.0.0');
      await vscode.commands.executeCommand(commands.holdCanary, { runId });
      await vscode.commands.executeCommand(commands.retryVerification, { runId });
      await eventually(
        'a new verification',
        () =>
          eventsOf(runId).filter(event => event.type === 'verification-started' && event.purpose === 'canary')
            .length === 2,
      );
      const asked = await withPerson({ typed: () => 'The log server is being moved' }, async () => {
        await vscode.commands.executeCommand(commands.skipVerification, { runId });
      });
      assert.equal(asked.length, 1);
      assert.equal(await outcomeOf(runId, patienceMs), 'promoted');
      const skipped = eventsOf(runId).find(event => event.type === 'verification-skipped');
      assert.deepEqual(skipped?.type === 'verification-skipped' && [skipped.by.name, skipped.why], [
        'maria',
        'The log server is being moved',
      ]);
    });
    test('is promoted by a person who answers its question', async () => {
      const runId = await heldRun('1.0.1');
      await promote(runId);
      assert.equal(await outcomeOf(runId, patienceMs), 'promoted');
    });
    test('is rolled back by a person, and run again from the stage that failed', async () => {
      const runId = await heldRun('1.0.2');
      await withPerson({ button: 'Roll Back' }, async () => {
        await vscode.commands.executeCommand(commands.rollBack, { runId });
      });
      assert.equal(await outcomeOf(runId, patienceMs), 'rolled-back');
      const again = await newRun(() =>
        withPerson({ button: 'Run Again' }, async () => {
          await vscode.commands.executeCommand(commands.runAgain, { runId });
        }),
      );
      assert.deepEqual(eventsOf(again).find(event => event.type === 'run-started')?.resumes, {
        runId,
        from: 'Production',
      });
      await withPerson({ button: 'Cancel Run' }, async () => {
        await vscode.commands.executeCommand(commands.cancelRun, { runId: again });
      });
      assert.equal(await outcomeOf(again, patienceMs), 'cancelled');
    });
    test('an earlier release is deployed again', async () => {
      const runId = await newRun(() =>
        withPerson({ button: 'Deploy' }, async () => {
          await vscode.commands.executeCommand(commands.deployEarlier, targetOf('canary'));
        }),
      );
      await outcomeOf(runId, patienceMs);
      assert.equal(stateOf(runId)?.service, 'canary');
    });
    test('logs, evidence, timeline and releases of a run can be looked at', async () => {
      const runId = await heldRun('1.0.3');
      await vscode.commands.executeCommand(commands.showLogs, { runId });
      await vscode.commands.executeCommand(commands.showEvidence, { runId });
      await shown(/Evidence of run/, /quality/);
      await vscode.commands.executeCommand(commands.openRun, { runId });
      await eventually('the panel', () =>
        tabs().some(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.includes('backstop.run')),
      );
      const saveTo = vscode.Uri.joinPath(folder().uri, 'exported.json');
      await withPerson({ saveTo }, async () => {
        await vscode.commands.executeCommand(commands.exportRun, { runId });
      });
      assert.match(
        Buffer.from(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder().uri, 'exported.md'))).toString(),
        /# Run/,
      );
      const exported = JSON.parse(Buffer.from(await vscode.workspace.fs.readFile(saveTo)).toString()) as {
        run: { id: string };
        events: readonly unknown[];
      };
      assert.equal(exported.run.id, runId);
      await withPerson({}, async () => {
        await vscode.commands.executeCommand(commands.compareReleases, {
          runId,
          service: identityOf(stateOf(runId)!),
        });
      });
      await eventually('the comparison', () => tabs().some(({ label }) => /canary: .* and 1\.0\.3/.test(label)));
      await promote(runId);
      assert.equal(await outcomeOf(runId, patienceMs), 'promoted');
    });
    test('a new pipeline is valid as it stands', async () => {
      const file = pipelineFile('fresh');
      await withPerson({ typed: () => 'fresh' }, async () => {
        await vscode.commands.executeCommand(commands.newPipeline);
      });
      await shown(/fresh\.yaml/, /service: fresh/);
      await vscode.commands.executeCommand(commands.validatePipelines);
      assert.deepEqual(
        vscode.languages
          .getDiagnostics(file)
          .filter(one => one.severity === vscode.DiagnosticSeverity.Error)
          .map(one => one.message),
        [],
      );
      const written = ['deploy.sh', 'check.sh'].map(name => vscode.Uri.joinPath(folder().uri, 'scripts', name));
      for (const one of [file, ...written]) await vscode.workspace.fs.delete(one);
    });
  });
}

/** A run whose canary is on hold because its logs cannot be read. */
async function heldRun(version: string): Promise<string> {
  const runId = await newRun(() => deploy('canary', version));
  await waiting(runId, patienceMs);
  return runId;
}

async function promote(runId: string): Promise<void> {
  await withPerson({ typed: () => 'Looked at it by hand' }, async () => {
    await vscode.commands.executeCommand(commands.promoteCanary, { runId });
  });
}

async function shown(name: RegExp, content: RegExp): Promise<void> {
  const editor = await eventually(`a document ${name.source}`, () =>
    vscode.window.visibleTextEditors.find(one => name.test(one.document.uri.path)),
  );
  assert.match(editor.document.getText(), content);
}

function tabs(): readonly vscode.Tab[] {
  return vscode.window.tabGroups.all.flatMap(group => group.tabs);
}
