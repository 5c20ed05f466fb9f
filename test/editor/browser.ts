// Opens Chromium, and in it a window of a running editor; an extension under development is named to the page on its
// way to the browser.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import type { EditorServer } from './server.ts';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A page that was changed on its way may otherwise not open its WebSocket.
  '--disable-features=LocalNetworkAccessChecks',
];
const programs = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Why tests that need a browser cannot run here; undefined where they can. */
export const browserMissing = findBrowser() === undefined ? 'Chromium is not installed' : undefined;

/** `BACKSTOP_TEST_BROWSER`, or the first Chromium or Chrome in PATH. */
export function findBrowser(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const places = (environment['PATH'] ?? '')
    .split(delimiter)
    .flatMap(folder => programs.map(name => join(folder, name)));
  return [environment['BACKSTOP_TEST_BROWSER'] ?? '', ...places].find(isProgram);
}

function isProgram(path: string): boolean {
  if (path === '') return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export async function openBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === undefined)
    throw new Error('Chromium is not installed: install it, or name a browser in BACKSTOP_TEST_BROWSER.');
  return await chromium.launch({ executablePath, args: flags });
}

export interface WindowOptions {
  readonly browser: Browser | BrowserContext;
  readonly server: EditorServer;
  /** Absent: an empty window. */
  readonly folder?: string;
  /** An extension under development and, for a test run, the module with `run()`. Absolute paths. */
  readonly develop?: { readonly extension: string; readonly tests?: string };
  readonly query?: Readonly<Record<string, string>>;
}

/** Resolves once the workbench is drawn. */
export async function openWindow({ browser, server, folder, develop, query = {} }: WindowOptions): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  if (develop) await nameExtension(page, server, develop);
  const words = new URLSearchParams({ ...query, ...(folder === undefined ? { ew: 'true' } : { folder }) });
  await page.goto(`${server.url}/?${words.toString()}`);
  await page.locator('.monaco-workbench').waitFor({ timeout: 40_000 });
  return page;
}

/**
 * The page carries its configuration in a meta element; the editor's own commands for developing write the same options
 * there.
 */
async function nameExtension(
  page: Page,
  server: EditorServer,
  { extension, tests }: NonNullable<WindowOptions['develop']>,
): Promise<void> {
  const remote = (path: string): object => ({ scheme: 'vscode-remote', authority: `127.0.0.1:${server.port}`, path });
  const options = {
    extensions: [remote(extension)],
    ...(tests !== undefined && { extensionTestsPath: remote(tests) }),
  };
  await page.route(
    url => url.pathname === '/',
    async route => {
      const response = await route.fetch();
      const html = await response.text();
      const settings = /(<meta id="vscode-workbench-web-configuration" data-settings=")([^"]*)"/.exec(html);
      if (!settings?.[1] || !settings[2]) throw new Error("the editor's page has no configuration");
      const configuration = JSON.parse(settings[2].replaceAll('&quot;', '"').replaceAll('&amp;', '&')) as {
        developmentOptions?: object;
      };
      const changed = JSON.stringify({
        ...configuration,
        developmentOptions: { ...configuration.developmentOptions, ...options },
      });
      await route.fulfill({
        response,
        body: html.replace(
          settings[0],
          () => `${settings[1]}${changed.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`,
        ),
      });
    },
  );
}
