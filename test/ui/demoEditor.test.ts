// `npm run demo:editor` for a new user: one command, a browser tab, and three clicks to a canary that is rolled back.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { newVersion } from '../../src/demo/story/workspace.ts';
import { browserMissing, openBrowser } from '../editor/browser.ts';
import { photographer, workbenchOf } from '../editor/workbench.ts';

test(
  "from the demo's tab three clicks lead to a canary that was rolled back",
  { skip: browserMissing ?? false, timeout: 180_000 },
  async () => {
    const program = spawn(process.execPath, [join(import.meta.dirname, '..', 'editor', 'demo.ts'), '--no-open'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const gone = new Promise<void>(resolve => {
      program.once('close', () => resolve());
    });
    const browser = await openBrowser();
    try {
      const page = await (
        await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme: 'dark' })
      ).newPage();
      await page.goto(await addressFrom(program.stdout));
      const window = workbenchOf(page);
      const shoot = photographer('demo-editor');
      const deploy = page.getByRole('button', { name: 'Deploy', exact: true }).first();
      await deploy.waitFor({ timeout: 60_000 });
      await shoot(window, 'ready');
      await deploy.click();
      await window
        .prompt(`Deploy storefront ${newVersion}`)
        .getByText(`Deploy storefront ${newVersion}`)
        .first()
        .click();
      await window
        .notification('May this release of the storefront go to production?')
        .getByRole('button', { name: 'Approve' })
        .click({ timeout: 60_000 });
      const told = window.notification(/rolled back/i);
      await told.waitFor({ timeout: 90_000 });
      assert.match(await told.innerText(), /storefront/);
      await shoot(window, 'rolled-back');
    } finally {
      await browser.close();
      program.kill('SIGTERM');
      await gone;
    }
  },
);

async function addressFrom(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const [address] = /http:\S+/.exec(line) ?? [];
    if (address !== undefined) return address;
  }
  throw new Error('demo:editor ended without an address');
}
