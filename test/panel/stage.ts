// The built panel in a browser, on a page with the host's policy: what it shows, and every complaint of the browser.
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { panelPage } from '../../src/protocol/panelPage.ts';
import type { PageLanguage } from '../../src/protocol/words/pageLanguage.ts';
import type { ToPanel } from '../../src/protocol/runPanel.ts';
import { themeOf, type ThemeName } from './themes.ts';

export interface Stage {
  /** The address of the panel's page. */
  readonly origin: string;
  open(options: { readonly width: number; readonly theme: ThemeName; readonly message?: ToPanel }): Promise<OpenPanel>;
  close(): Promise<void>;
}
export interface OpenPanel {
  readonly page: Page;
  /** Errors, warnings and violations of the content security policy, so far. */
  readonly complaints: readonly string[];
  show(message: ToPanel): Promise<void>;
  sent(): Promise<readonly unknown[]>;
  /** Processor time that the page's own thread has used so far. */
  cpuMs(): Promise<number>;
  close(): Promise<void>;
}

const script = readFileSync(join(import.meta.dirname, '../../dist/panel.js'));
/** VS Code writes its own styles before the page's policy; the panel may add none. */
const editorStyle = `<style>
body {
  margin: 0;
  padding: 0 20px;
  background: var(--vscode-editor-background);
  color: var(--vscode-foreground);
}
</style>`;
const document = (origin: string, language: PageLanguage | undefined): string =>
  panelPage({
    title: 'Backstop run',
    nonce: 'n',
    policy: [`font-src ${origin}`],
    language,
    script: { from: '/panel.js' },
  }).replace('<head>', `<head>${editorStyle}`);

/** A page that contains the panel as a frame. */
const editor = `<!DOCTYPE html>
<html lang="en">
<title>Editor</title>
<style>
body { margin: 0; }
iframe { display: block; border: 0; width: 100vw; height: 100vh; }
</style>
<body></body>
</html>`;

/** `language`: the words in its page, as the host writes them if the editor is not English. */
export async function createStage(browser: Browser, language?: PageLanguage): Promise<Stage> {
  const server = createServer(({ url, headers }, response) => {
    const [type, body] =
      url === '/panel.js'
        ? ['text/javascript', script]
        : ['text/html; charset=utf-8', url === '/editor' ? editor : document(`http://${headers.host ?? ''}`, language)];
    response
      .writeHead(url === '/favicon.ico' ? 204 : 200, { 'content-type': type })
      .end(url === '/favicon.ico' ? undefined : body);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    async open({ width, theme, message }) {
      const page = await browser.newPage({ viewport: { width, height: 1200 } });
      const complaints: string[] = [];
      page.on('console', message => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
      });
      page.on('pageerror', error => complaints.push(String(error)));
      page.on('dialog', dialog => {
        complaints.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      const cpuMs = await watchProcessor(page);
      await page.addInitScript(actAsHost, themeOf(theme));
      await page.goto(origin);
      const panel: OpenPanel = {
        page,
        complaints,
        cpuMs,
        close: () => page.close(),
        show: async shown => {
          await page.evaluate(one => {
            window.postMessage(one, '*');
          }, shown);
          await settle(page);
        },
        sent: () => page.evaluate(() => (window as unknown as { sent: unknown[] }).sent),
      };
      if (message) await panel.show(message);
      return panel;
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export async function watchProcessor(page: Page): Promise<() => Promise<number>> {
  const protocol = await page.context().newCDPSession(page);
  await protocol.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () =>
    1000 *
    ((await protocol.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN);
}

/** Runs in the page before its own script: the theme is set before the panel, as in the editor. */
export function actAsHost({ bodyClass, variables }: ReturnType<typeof themeOf>): void {
  const sent: unknown[] = [];
  const kept = (): unknown => JSON.parse(sessionStorage.getItem('kept') ?? 'null') ?? undefined;
  Object.assign(window, {
    sent,
    acquireVsCodeApi: () => ({
      postMessage: (message: unknown) => {
        sent.push(message);
        dispatchEvent(new Event('sent'));
      },
      getState: kept,
      setState: (state: unknown) => {
        sessionStorage.setItem('kept', JSON.stringify(state));
      },
    }),
  });
  addEventListener('securitypolicyviolation', event =>
    console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
  );
  globalThis.document.addEventListener(
    'readystatechange',
    () => {
      for (const [name, value] of Object.entries(variables))
        globalThis.document.documentElement.style.setProperty(name, value);
      globalThis.document.body.className = bodyClass;
    },
    { once: true },
  );
}

/** Resolves when the message is drawn and the chart, which measures itself, has its size. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise(resolve => {
        requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      }),
  );
}
