// Starts an installed VS Code as a server on a free port, in fresh folders, and ends it by its own handle.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, openSync, closeSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { InstalledEditor } from './install.ts';
import { writeLanguagePack } from './languagePack.ts';

export interface ServerOptions {
  readonly installed: InstalledEditor;
  /** A folder of this server's own: user data, extensions and the server's log come into it. */
  readonly home: string;
  /** What the extension host finds in its environment, on top of this process's own without `BACKSTOP_`. */
  readonly environment: Readonly<Record<string, string>>;
  /** User settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly keybindings?: readonly { readonly key: string; readonly command: string; readonly args?: unknown }[];
  /** With Workspace Trust, folders are untrusted until someone trusts them; without, all are trusted. */
  readonly workspaceTrust?: boolean;
  /** The language that the editor tells its extensions; absent: English. */
  readonly locale?: string;
  readonly port?: number;
}

export interface EditorServer {
  readonly url: string;
  readonly port: number;
  readonly home: string;
  readonly program: ChildProcess;
  /** Resolves once the program is gone. */
  close(): Promise<void>;
}

const startMs = 30_000,
  endMs = 5000;

/** Nothing that distracts from what is tested: no welcome page, no chat, no questions of the editor's own. */
const calm = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'workbench.tips.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.untrustedFiles': 'open',
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'update.mode': 'none',
  'window.commandCenter': false,
  'window.autoDetectColorScheme': true,
  'window.autoDetectHighContrast': true,
};

export async function startServer({
  installed,
  home,
  environment,
  settings,
  keybindings = [],
  workspaceTrust = false,
  locale,
  port: wanted,
}: ServerOptions): Promise<EditorServer> {
  const user = join(home, 'data', 'User');
  mkdirSync(user, { recursive: true });
  writeFileSync(join(user, 'settings.json'), JSON.stringify({ ...calm, ...settings }, null, 2));
  writeFileSync(join(user, 'keybindings.json'), JSON.stringify(keybindings));
  if (locale !== undefined) writeLanguagePack(home, locale);
  const port = wanted ?? (await freePort());
  const logFile = join(home, 'server.log');
  const log = openSync(logFile, 'a');
  const program = spawn(
    installed.node,
    [
      installed.entry,
      '--auth',
      'none',
      '--bind-addr',
      `127.0.0.1:${port}`,
      ...folders(home),
      '--disable-telemetry',
      '--disable-update-check',
      ...(locale === undefined ? [] : ['--locale', locale]),
      ...(workspaceTrust ? [] : ['--disable-workspace-trust']),
    ],
    { cwd: home, env: environmentOf(environment), stdio: ['ignore', log, log] },
  );
  closeSync(log);
  const gone = new Promise<void>(resolve => {
    program.once('close', () => resolve()).once('error', () => resolve());
  });
  const url = `http://127.0.0.1:${port}`;
  const server: EditorServer = {
    url,
    port,
    home,
    program,
    async close() {
      program.kill();
      await Promise.race([
        gone,
        wait(endMs).then(() => {
          program.kill('SIGKILL');
        }),
      ]);
      await gone;
    },
  };
  try {
    await answering(`${url}/healthz`, program);
  } catch (error) {
    await server.close();
    throw new Error(
      `VS Code ${installed.edition.vscode} did not start: ` +
        `${(error as Error).message}\n${readFileSync(logFile, 'utf8').slice(-2000)}`,
    );
  }
  return server;
}

/** Installs a packaged extension the way a person does. */
export async function installExtension(installed: InstalledEditor, home: string, vsix: string): Promise<void> {
  mkdirSync(home, { recursive: true });
  const output: string[] = [];
  const program = spawn(installed.node, [installed.entry, '--install-extension', vsix, ...folders(home)], {
    cwd: home,
    env: environmentOf({}),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  });
  for (const stream of [program.stdout, program.stderr])
    stream.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  const status = await new Promise<number | null>((resolve, reject) => {
    program.once('close', resolve).once('error', reject);
  });
  if (status !== 0) throw new Error(`${vsix} could not be installed (${status}):\n${output.join('').slice(-2000)}`);
}

/** Where the extension keeps what holds for all workspaces. */
export function globalStorageOf(home: string): string {
  return join(home, 'data', 'User', 'globalStorage', 'backstop.backstop');
}

function folders(home: string): readonly string[] {
  return ['--user-data-dir', join(home, 'data'), '--extensions-dir', join(home, 'extensions')];
}

/** Nothing of an own Backstop, or an own VS Code, of the person at the keyboard is used. */
function environmentOf(added: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(BACKSTOP_|VSCODE_|NODE_TEST_CONTEXT$|NODE_OPTIONS$|npm_)/.test(name),
  );
  return { ...Object.fromEntries(kept), ...added };
}

async function answering(url: string, program: ChildProcess): Promise<void> {
  const deadline = Date.now() + startMs;
  while (Date.now() < deadline) {
    if (program.exitCode !== null) throw new Error(`it ended with ${program.exitCode}`);
    if (
      await fetch(url).then(
        answer => answer.ok,
        () => false,
      )
    )
      return;
    await wait(100);
  }
  throw new Error(`no answer from ${url} in ${startMs / 1000} s`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
      .once('error', reject)
      .listen(0, '127.0.0.1', () => {
        const address = probe.address();
        probe.close(() => {
          if (address && typeof address === 'object') resolve(address.port);
          else reject(new Error('no free port'));
        });
      });
  });
}
