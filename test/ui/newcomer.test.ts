// The first minutes of somebody who has the VSIX and nothing else: by clicks alone, from its installation to a canary
// that was rolled back, and the reason read. The time of each click is reported.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { browserMissing } from '../editor/browser.ts';
import { inSession } from '../editor/session.ts';
import { photographer, type Workbench } from '../editor/workbench.ts';
import { newVersion } from '../../src/demo/story/workspace.ts';

/** Clicks from the icon of Backstop to the rollback, the answer to the editor's question about trust included. */
const mostClicks = 7;

/** While VS Code starts, the menu opens without its later entries: then it is opened again. */
async function installFromFile(page: Page): Promise<void> {
  const entry = page.locator('.monaco-menu [aria-label="Install from VSIX..."]');
  for (let tries = 0; tries < 20 && !(await entry.isVisible()); tries++) {
    await page.keyboard.press('Escape');
    await page.locator('.part.sidebar [aria-label="Views and More Actions..."]').click();
    await entry.waitFor({ timeout: 2_000 }).catch(() => undefined);
  }
  await entry.click();
}

/** Once the dialog has read the home folder, it writes that over what was typed: then the path is typed again. */
async function chooseFile({ page, prompt }: Workbench, path: string): Promise<void> {
  const dialog = prompt('');
  await dialog.waitFor();
  for (let tries = 0; tries < 10 && (await dialog.isVisible()); tries++) {
    await dialog.locator('input[type="text"]').first().fill(path);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden', timeout: 3_000 }).catch(() => undefined);
  }
  await dialog.waitFor({ state: 'hidden' });
}

test(
  'a newcomer installs the VSIX, opens the demo and sees a canary rolled back, and what to click next is always there',
  { skip: browserMissing ?? false, timeout: 240_000 },
  async t => {
    const settings = { 'security.workspace.trust.startupPrompt': 'always', 'workbench.startupEditor': 'welcomePage' };
    await inSession({ isNew: true, workspaceTrust: true, settings }, async ({ vsix, window: open }) => {
      const shoot = photographer('newcomer'),
        window = await open(),
        { page } = window;
      const beganMs = performance.now(),
        clicks: string[] = [];
      const tell = (what: string): void =>
        t.diagnostic(`${((performance.now() - beganMs) / 1000).toFixed(1)} s: ${what}`);
      const click = async (name: string, target: Locator, timeout = 60_000): Promise<void> => {
        await target.waitFor({ timeout });
        await target.click();
        clicks.push(name);
        tell(`click ${clicks.length}, ${name}`);
      };
      const panel = (): FrameLocator => page.frameLocator('iframe.webview').frameLocator('iframe#active-frame');
      try {
        await page.locator('.activitybar a[aria-label^="Extensions"]').click();
        await installFromFile(page);
        await chooseFile(window, vsix);
        tell('the VSIX is chosen');
        await click('Backstop', page.locator('.activitybar a[aria-label^="Backstop"]'));
        await shoot(window, 'installed');
        await click('open the demo workspace', page.getByText('open the demo workspace').first());
        await page.waitForURL(/folder=/, { timeout: 60_000 });
        await click('Yes, I trust', page.locator('.monaco-dialog-box').getByText(/^Yes, I trust/));
        const guide = page.locator('.gettingStartedContainer');
        await guide.getByText('Deploy 2.14.0').first().waitFor({ timeout: 60_000 });
        await shoot(window, 'guide');
        await click('Deploy', guide.getByRole('button', { name: 'Deploy', exact: true }).first());
        await click(
          'Deploy storefront',
          window.prompt(`Deploy storefront ${newVersion}`).getByText(`Deploy storefront ${newVersion}`).first(),
        );
        await shoot(window, 'deploying');
        const asked = window.notification('May this release of the storefront go to production?');
        await click('Approve', asked.getByRole('button', { name: 'Approve' }));
        const told = window.notification(/rolled back/i);
        await told.waitFor({ timeout: 90_000 });
        tell('the rollback is told');
        await shoot(window, 'rolled-back');
        await click('Show Evidence', told.getByRole('button', { name: 'Show Evidence' }));
        await panel()
          .locator('backstop-verdict')
          .getByText(/4 new exceptions/)
          .first()
          .waitFor();
        tell('the reason is on the screen');
        await shoot(window, 'reason');
        assert.ok(clicks.length <= mostClicks, clicks.join(', '));
      } catch (error) {
        await shoot(window, 'failure');
        throw error;
      }
    });
  },
);
