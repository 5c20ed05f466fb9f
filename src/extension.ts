// The entry point in VS Code: compose plus the host. The engine is made when something first needs it.
import { join } from 'node:path';
import * as vscode from 'vscode';
import { composeEngine } from './compose.ts';
import { parsePipeline } from './definition/parsePipeline.ts';
import { registerCommands } from './host/commands.ts';
import { createPipelineDiagnostics } from './host/diagnostics.ts';
import type { Engine } from './model/engine.ts';
import { succeed, type Result } from './model/failure.ts';

let engine: Engine | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const output = vscode.window.createOutputChannel('Backstop', { log: true });
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? context.extensionPath;
  const openEngine = (): Result<Engine> => {
    if (engine) return succeed(engine);
    const composed = composeEngine({ folder, env: process.env, bundles: join(context.extensionPath, 'dist'), log: { debug: message => output.debug(message), warn: message => output.warn(message) } });
    if (composed.ok) engine = composed.value;
    return composed;
  };
  const diagnostics = createPipelineDiagnostics(parsePipeline);
  context.subscriptions.push(output, diagnostics, registerCommands({
    extensionUri: context.extensionUri, diagnostics,
    history() {
      const opened = openEngine();
      return opened.ok ? succeed(opened.value.history) : opened;
    },
  }));
}

export async function deactivate(): Promise<void> {
  await engine?.close();
}
