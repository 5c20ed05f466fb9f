// The entry point in VS Code: compose plus the host. The engine and the language features are bundles of their own,
// loaded when something needs them.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { Credentials } from './model/outside.ts';
import { environmentCredentials } from './vendors/transport/credentials.ts';
import { systemClock } from './adapters/time.ts';
import { speakAsEditor } from './host/workspace/editorLanguage.ts';
import type { EngineSource } from './host/runs/engines.ts';
import { yieldToEventLoop } from './host/yieldToEventLoop.ts';
import type { Secrets } from './host/asking/secrets.ts';
import { startHost, type Host } from './host/startHost.ts';
import { fail, succeed } from './model/failure.ts';

let host: Host | undefined;

export function activate(context: vscode.ExtensionContext): void {
  speakAsEditor();
  const output = vscode.window.createOutputChannel('Backstop', { log: true });
  context.subscriptions.push(output);
  const log = { debug: (message: string) => output.debug(message), warn: (message: string) => output.warn(message) };
  const environment = environmentCredentials(process.env);
  host = startHost({
    context,
    log,
    clock: systemClock,
    load: secrets => loadEngine(secrets, context, log),
    async loadLanguage(lastResults) {
      await loadLibraries(context);
      const [{ registerLanguageFeatures }, { parse, parseFeedback, vendors }, schema] = await Promise.all([
        import('./host/language/register.ts'),
        import('./compose.ts'),
        readFile(context.asAbsolutePath('media/pipeline.schema.json'), 'utf8'),
      ]);
      return registerLanguageFeatures({
        parse,
        parseFeedback,
        vendors,
        lastResults,
        schema: JSON.parse(schema) as object,
      });
    },
    hasEnvironmentCredential: name => environment.get(name).ok,
  });
}

let librariesLoaded: Promise<void> | undefined;

/** Each in its own task, since all at once would block the editor's thread for too long. */
function loadLibraries(context: vscode.ExtensionContext): Promise<void> {
  const load = createRequire(join(context.extensionPath, 'dist', 'extension.cjs'));
  return (librariesLoaded ??= (async () => {
    for (const library of ['yaml', 'zod', 'axios']) {
      load(`./${library}.cjs`);
      await yieldToEventLoop();
    }
    const { parse } = await import('./compose.ts');
    await yieldToEventLoop();
    // Parsing the first file would otherwise take the parser's initialisation time in one piece.
    parse('version: 1\nservice: none\nstages: []\n', 'none.yaml');
    await yieldToEventLoop();
  })());
}

async function loadEngine(
  secrets: Secrets,
  context: vscode.ExtensionContext,
  log: { debug(message: string): void; warn(message: string): void },
): Promise<EngineSource> {
  await loadLibraries(context);
  const { composeDiagnosis, composeEngine, composeStarter, parse, shortPatienceMs, vendors } =
    await import('./compose.ts');
  const environment = environmentCredentials(process.env);
  const credentialsOf = (folder: string): Credentials => ({
    get(name) {
      const stored = secrets.get(folder, name);
      if (stored !== undefined) return succeed(stored);
      const fromEnvironment = environment.get(name);
      return fromEnvironment.ok
        ? fromEnvironment
        : fail('unauthorized', vscode.l10n.t('The credential "{0}" is not set.', name), {
            hint: vscode.l10n.t('Set it with: Backstop: Set Credentials…'),
          });
    },
  });
  return {
    parse,
    vendors,
    starter: folder => composeStarter(process.env, credentialsOf(folder)),
    diagnose: () => composeDiagnosis(process.env, secrets.values()),
    compose: folder =>
      composeEngine({
        folder,
        env: process.env,
        bundles: join(context.extensionPath, 'dist'),
        log,
        patienceMs: shortPatienceMs,
        secrets: () => secrets.values(),
        credentials: credentialsOf(folder),
      }),
  };
}

export async function deactivate(): Promise<void> {
  await host?.close();
}
