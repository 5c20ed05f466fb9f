// What a person sees and does in the editor's window: the one place that knows how VS Code draws itself.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';

const patienceMs = 20_000;
const paletteMs = 5_000;

/** What the machine prefers, and the class that the workbench then has. */
const themes = {
  dark: { colorScheme: 'dark', forcedColors: 'none', drawn: 'vs-dark' },
  light: { colorScheme: 'light', forcedColors: 'none', drawn: 'vs' },
  contrast: { colorScheme: 'dark', forcedColors: 'active', drawn: 'hc-black' },
} as const;

export interface Workbench {
  readonly page: Page;
  /** Runs a command from the palette by its full title, as "Backstop: Deploy…". */
  run(title: string): Promise<void>;
  /** Titles of the commands that the palette offers for a text. */
  offered(text: string): Promise<readonly string[]>;
  openBackstop(): Promise<void>;
  /** A row of a tree that contains a text. */
  row(view: string, text: string | RegExp): Locator;
  rows(view: string): Locator;
  notification(text: string | RegExp): Locator;
  notifications(): Promise<readonly string[]>;
  /** Types a line that asks for something. */
  answer(question: string, text: string): Promise<void>;
  /** The list or line that asks something. */
  prompt(text: string | RegExp): Locator;
  status(): Locator;
  /** Text of the editor that is open. */
  document(): Promise<string>;
  reload(): Promise<void>;
}

export function workbenchOf(page: Page): Workbench {
  page.setDefaultTimeout(patienceMs);
  const palette = page.locator('.quick-input-widget');
  const paneOf = (view: string): Locator =>
    page.locator('.pane', { has: page.locator(`.pane-header[aria-label^="${view}"]`) });
  async function openPalette(text: string): Promise<void> {
    await page.keyboard.press('F1');
    await palette.locator('input[type="text"]').first().fill(`>${text}`);
  }
  return {
    page,
    async run(title) {
      const command = palette
        .locator('.monaco-list-row')
        .filter({ has: page.locator('.label-name', { hasText: exactly(title) }) })
        .first();
      // A window that is still starting can take the focus, which shuts the palette, and lists what it knows by then.
      for (let end = Date.now() + patienceMs; ;) {
        await openPalette(title);
        try {
          await command.click({ timeout: paletteMs });
          return;
        } catch (error) {
          if (Date.now() > end) throw error;
          await page.keyboard.press('Escape');
        }
      }
    },
    async offered(text) {
      await openPalette(text);
      await palette.locator('.monaco-list-row').first().waitFor();
      const titles = await palette.locator('.monaco-list-row .label-name').allTextContents();
      await page.keyboard.press('Escape');
      await palette.waitFor({ state: 'hidden' });
      return titles;
    },
    async openBackstop() {
      const tab = page.locator('.activitybar .action-item', { has: page.locator('a[aria-label^="Backstop"]') });
      await tab.waitFor();
      if (
        (await tab.getAttribute('aria-expanded')) !== 'true' &&
        (await tab.locator('a[aria-expanded="true"]').count()) === 0
      )
        await tab.click();
      await page.locator('.pane-header[aria-label^="Pipelines"]').waitFor();
    },
    row: (view, text) => paneOf(view).locator('.monaco-list-row', { hasText: text }).first(),
    rows: view => paneOf(view).locator('.monaco-list-row'),
    notification: text => page.locator('.notifications-toasts .notification-list-item', { hasText: text }).first(),
    notifications: () => page.locator('.notifications-toasts .notification-list-item').allTextContents(),
    async answer(question, text) {
      const asking = page.locator('.quick-input-widget:visible', { hasText: new RegExp(question, 'i') });
      await asking.waitFor();
      await asking.locator('input[type="text"]').first().fill(text);
      await page.keyboard.press('Enter');
      await asking.waitFor({ state: 'hidden' });
    },
    prompt: text => page.locator('.quick-input-widget:visible', { hasText: text }),
    status: () => page.locator('.statusbar-item[id^="backstop.backstop"]').first(),
    async document() {
      const lines = page.locator('.editor-instance .view-lines').first();
      await lines.waitFor();
      return (await lines.innerText()).replaceAll('\u00a0', ' ');
    },
    async reload() {
      await page.reload();
      await page.locator('.monaco-workbench').waitFor({ timeout: 40_000 });
    },
  };
}

function exactly(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
}

/** Pictures of one moment in three themes, in the git-ignored folder `.vscode-test/screenshots/`. */
export function photographer(story: string): (workbench: Workbench, moment: string) => Promise<void> {
  const folder = join(import.meta.dirname, '..', '..', '.vscode-test', 'screenshots', story);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  let number = 0;
  return async ({ page }, moment) => {
    number += 1;
    for (const [name, { drawn, ...preferred }] of Object.entries(themes)) {
      await page.emulateMedia(preferred);
      await page.locator(`.monaco-workbench.${drawn}`).waitFor();
      await page.screenshot({ path: join(folder, `${String(number).padStart(2, '0')}-${moment}-${name}.png`) });
    }
    await page.emulateMedia({ colorScheme: 'dark', forcedColors: 'none' });
  };
}
