// `npm run demo:editor`: the demo in a real VS Code in a browser tab, ready to deploy; everything ends with Ctrl-C.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isScenarioName, scenarioNames } from '../../src/demo/story/scenarios.ts';
import { changeNumber, newVersion, pipelinePath } from '../../src/demo/story/workspace.ts';
import { createFileMemory } from '../../src/host/stored/fileMemory.ts';
import { rememberDeployments, rememberedFile } from '../../src/host/stored/remembered.ts';
import { startDemoWorld } from './demoWorld.ts';
import { newest } from './editions.ts';
import { installEditor } from './install.ts';
import { packExtension } from './pack.ts';
import { globalStorageOf, installExtension, startServer } from './server.ts';

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', default: 'quality-regression' },
    port: { type: 'string' },
    'no-open': { type: 'boolean', default: false },
  },
});
if (!isScenarioName(values.scenario))
  throw new Error(`There is no scenario "${values.scenario}": ${scenarioNames.join(', ')}.`);

const guide = `1. Click Deploy in the Runs view.
2. Click the first line, "Deploy storefront ${newVersion}"; below it stands what will happen.
3. Click Approve in the notification. The canary fails its verification and is rolled back by itself.`;
const home = mkdtempSync(join(tmpdir(), 'backstop-editor-'));
const ended = new Promise<void>(resolve => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
});
const closing: (() => Promise<void>)[] = [];
try {
  const installed = await installEditor(newest);
  const world = await startDemoWorld(home, { scenario: values.scenario });
  closing.push(() => world.close());
  await installExtension(installed, home, await packExtension(home));
  await rememberDeployments(createFileMemory(join(globalStorageOf(home), rememberedFile))).keep(
    world.workspace,
    pipelinePath,
    { version: newVersion, inputs: { change: changeNumber }, isPrepared: true },
  );
  const server = await startServer({
    installed,
    home,
    environment: world.environment,
    settings: { 'backstop.userName': 'you' },
    ...(values.port !== undefined && { port: Number(values.port) }),
  });
  closing.push(() => server.close());
  const url = `${server.url}/?folder=${encodeURIComponent(world.workspace)}`;
  process.stdout.write(
    `\nThe demo is open in VS Code ${newest.vscode}: ${url}\n\n${guide}\nCtrl-C ends it and removes everything ` +
      `it made.\n`,
  );
  if (!values['no-open']) openTab(url);
  await ended;
} finally {
  for (const close of closing.reverse()) await close();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
}

/** Where there is no browser to open, the address above is enough. */
function openTab(url: string): void {
  const command = { darwin: 'open', win32: 'explorer' }[process.platform as string] ?? 'xdg-open';
  spawn(command, [url], { stdio: 'ignore', detached: true })
    .once('error', () => undefined)
    .unref();
}
