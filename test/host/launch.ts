// Runs the in-host suite in an installed VS Code, displayed in a hidden browser, and returns its report.
import { existsSync, mkdtempSync, readFileSync, rmSync, mkdirSync } from 'node:fs';
import { constants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openBrowser, openWindow } from '../editor/browser.ts';
import { extensionDevelopmentPath, extensionTestsPath } from '../editor/buildSuite.ts';
import type { Edition } from '../editor/editions.ts';
import { installEditor } from '../editor/install.ts';
import { startServer } from '../editor/server.ts';
import type { SuiteReport } from './suite/run.ts';

export interface LaunchOptions {
  readonly edition: Edition;
  readonly mode: 'suite' | 'activation' | 'demo';
  /** New extension hosts, one after another. */
  readonly hosts?: number;
  readonly longestMs: number;
  /** Servers, fleet and browser run with lower priority than the editor: elsewhere they have machines of their own. */
  readonly editorFirst?: boolean;
  /** Creates the folder to open, inside the given one, and returns further environment variables for the host. */
  readonly prepare: (
    folder: string,
  ) => Promise<{ readonly workspace: string; readonly environment?: Readonly<Record<string, string>> }>;
}

export async function runInHost({
  edition,
  mode,
  hosts = 1,
  longestMs,
  editorFirst = false,
  prepare,
}: LaunchOptions): Promise<readonly SuiteReport[]> {
  const installed = await installEditor(edition);
  const home = mkdtempSync(join(tmpdir(), 'backstop-host-'));
  const file = join(home, 'report.jsonl');
  if (editorFirst) setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  try {
    const { workspace, environment } = await prepare(home);
    mkdirSync(workspace, { recursive: true });
    const server = await startServer({
      installed,
      home,
      environment: {
        BACKSTOP_HOME: join(home, 'backstop'),
        BACKSTOP_USER: 'maria',
        ...environment,
        BACKSTOP_TEST_MODE: mode,
        BACKSTOP_TEST_REPORT: file,
      },
    });
    if (editorFirst) preferProgram(server.program.pid);
    try {
      const browser = await openBrowser();
      try {
        for (let host = 1; host <= hosts; host++) {
          const page = await openWindow({
            browser,
            server,
            folder: workspace,
            develop: { extension: extensionDevelopmentPath, tests: extensionTestsPath },
          });
          await reported(file, host, longestMs);
          await page.close();
        }
      } finally {
        await browser.close();
      }
    } finally {
      await server.close();
    }
    return readReports(file);
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Programs started earlier inherit the lower priority of this process; only some users may raise it again. */
function preferProgram(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_NORMAL);
  } catch (error) {
    process.stderr.write(`The editor has no priority over what runs beside it: ${(error as Error).message}\n`);
  }
}

function readReports(file: string): readonly SuiteReport[] {
  return existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter(line => line !== '')
        .map(line => JSON.parse(line) as SuiteReport)
    : [];
}

async function reported(file: string, count: number, longestMs: number): Promise<void> {
  const deadline = Date.now() + longestMs;
  while (readReports(file).length < count) {
    if (Date.now() > deadline)
      throw new Error(`The suite in the extension host wrote no report in ${longestMs / 1000} s.`);
    await wait(100);
  }
}
