// Open Demo Workspace: a shop on simulated nodes, with local servers that act as its vendors, ready to deploy.
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Failure, Result } from '../../model/failure.ts';
import { fail, succeed } from '../../model/failure.ts';
import { demoProgram, type DemoProgram, type DemoWorkspace } from '../workspace/demoProgram.ts';
import type { HostServices } from '../hostServices.ts';
import { t } from '../../protocol/words/translate.ts';

export async function openDemo(services: HostServices): Promise<void> {
  if (!services.mayAct()) return;
  const home = join(services.context.globalStorageUri.fsPath, 'demo');
  const folder = join(home, 'storefront');
  const program = demoProgram(services.context.asAbsolutePath('dist/demo.js'), home);
  const failure = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: t('Preparing the Backstop demo') },
    () => prepare(services, program, folder),
  );
  if (failure) {
    services.notify.fail(failure);
    return;
  }
  await vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(folder), {
    forceReuseWindow: vscode.workspace.workspaceFolders === undefined,
  });
}

async function prepare(services: HostServices, program: DemoProgram, folder: string): Promise<Failure | undefined> {
  const started = await program.startServers();
  if (!started.ok) return started.failure;
  const old = await program.writeWorkspace(folder, 'old');
  if (!old.ok) return old.failure;
  for (const [name, value] of Object.entries(old.value.credentials)) await services.secrets.set(name, value, folder);
  const adopted = await adoptOld(services, folder, old.value);
  if (!adopted.ok) return adopted.failure;
  const fresh = await program.writeWorkspace(folder, 'new');
  if (!fresh.ok) return fresh.failure;
  const { file, newVersion, inputs } = fresh.value;
  await services.remembered.keep(folder, file, { version: newVersion, inputs, isPrepared: true });
  return undefined;
}

/** Records the current release as working, so that a rollback has a target. */
async function adoptOld(
  { engines, person }: HostServices,
  folder: string,
  { file, goodVersion }: DemoWorkspace,
): Promise<Result<void>> {
  const engine = await engines.open(folder);
  if (!engine.ok) return engine;
  const text = await vscode.workspace.fs.readFile(vscode.Uri.file(join(folder, file)));
  const { pipeline, problems } = await engines.parse(new TextDecoder().decode(text), file);
  if (!pipeline) return fail('invalid', t('The demo’s pipeline has problems: {0}', problems[0]?.message ?? ''));
  const by = await person();
  for (const environment of Object.keys(pipeline.environments)) {
    const adopted = await engine.value.adopt({ pipeline, environment, version: goodVersion, by });
    if (!adopted.ok) return adopted;
  }
  return succeed(undefined);
}
