// One VS Code with the packaged extension in it, as a person would have it, and a browser; ends all of it together.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { openBrowser, openWindow } from './browser.ts';
import { newest } from './editions.ts';
import { installEditor } from './install.ts';
import { packExtension } from './pack.ts';
import { globalStorageOf, installExtension, startServer, type EditorServer, type ServerOptions } from './server.ts';
import { workbenchOf, type Workbench } from './workbench.ts';

export interface Session {
  readonly home: string;
  readonly server: EditorServer;
  readonly browser: Browser;
  /** The packaged extension. */
  readonly vsix: string;
  window(folder?: string): Promise<Workbench>;
}

type SessionOptions = Partial<Pick<ServerOptions, 'settings' | 'keybindings' | 'workspaceTrust' | 'locale'>> & {
  /**
   * Makes what the windows open, and says what the editor's environment needs; what it gives back is closed at the end.
   */
  readonly prepare?: (
    home: string,
  ) => Promise<{ readonly environment?: Readonly<Record<string, string>>; close?(): Promise<void> }>;
  /** The person installs it. */
  readonly isNew?: boolean;
};

/** The bundles must be built. */
export async function inSession(
  { prepare, isNew = false, ...options }: SessionOptions,
  work: (session: Session) => Promise<void>,
): Promise<void> {
  const installed = await installEditor(newest);
  const home = mkdtempSync(join(tmpdir(), 'backstop-ui-'));
  const closing: (() => Promise<void>)[] = [];
  try {
    const prepared = await prepare?.(home);
    if (prepared?.close) closing.push(() => prepared.close!());
    closing.push(() => {
      endDemoServers(home);
      return Promise.resolve();
    });
    const vsix = await packExtension(home);
    if (!isNew) await installExtension(installed, home, vsix);
    const server = await startServer({
      installed,
      home,
      environment: { BACKSTOP_HOME: join(home, 'backstop'), BACKSTOP_USER: 'maria', ...prepared?.environment },
      ...options,
    });
    closing.push(() => server.close());
    const browser = await openBrowser();
    closing.push(() => browser.close());
    await work({
      home,
      server,
      browser,
      vsix,
      window: async folder =>
        workbenchOf(await openWindow({ browser, server, ...(folder !== undefined && { folder }) })),
    });
  } finally {
    for (const close of closing.reverse()) await close();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Where the command "Open Demo Workspace" keeps its servers' addresses. */
export function demoServersFile(home: string): string {
  return join(globalStorageOf(home), 'demo', 'servers.json');
}

/** The demo's servers outlive the editor that started them: they are ended by the process id that they wrote. */
export function endDemoServers(home: string): void {
  const file = demoServersFile(home);
  if (!existsSync(file)) return;
  const { pid } = JSON.parse(readFileSync(file, 'utf8').split('\n')[0] ?? '{}') as { pid?: number };
  if (pid === undefined) throw new Error('the demo servers did not write their process id');
  try {
    process.kill(pid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
