// The demo as a user sees it: the packaged extension, a deployment from the palette, an approval, a rollback, the
// evidence.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { FrameLocator } from 'playwright-core';
import { browserMissing } from '../editor/browser.ts';
import { demoServersFile, inSession } from '../editor/session.ts';
import { stepsOf } from './steps.ts';
import { photographer } from '../editor/workbench.ts';
import type { DemoServers } from '../../src/demo/servers/demoServers.ts';
import { goodVersion, newVersion } from '../../src/demo/story/workspace.ts';

test(
  'a person deploys the demo from the palette, approves from the notification and sees the canary rolled back',
  { skip: browserMissing ?? false, timeout: 240_000 },
  async t => {
    await inSession({}, async session => {
      const shoot = photographer('story');
      const window = await session.window();
      const step = stepsOf(t, () => shoot(window, 'failure'));
      const panel = (): FrameLocator => window.page.frameLocator('iframe.webview').frameLocator('iframe#active-frame');

      await step('an empty window offers the demo', async () => {
        await window.openBackstop();
        await window.page.getByText('open the demo workspace').first().waitFor();
        await shoot(window, 'empty');
      });
      await step('the demo opens with its pipeline', async () => {
        await window.run('Backstop: Open Demo Workspace');
        await window.page.waitForURL(/folder=/, { timeout: 60_000 });
        await window.page.locator('.monaco-workbench').waitFor({ timeout: 40_000 });
        await window.openBackstop();
        await window.row('Pipelines', 'storefront').waitFor();
        await shoot(window, 'demo');
      });
      await step('a pipeline without a run is drawn as it would run', async () => {
        await window.run('Backstop: Open Run');
        await panel().locator('backstop-pipeline').getByText('Run Pipeline').waitFor();
        await shoot(window, 'no-run');
      });
      await step('Deploy shows what will happen before anything does', async () => {
        await window.run('Backstop: Deploy…');
        await window.prompt(`Deploy storefront ${newVersion}`).waitFor();
        await shoot(window, 'summary');
        await window.page.keyboard.press('Enter');
      });
      await step('the tree moves, and the panel of the pipeline follows its first run', async () => {
        await window.row('Pipelines', 'Dev').waitFor();
        await panel().locator('backstop-verdict').getByText('storefront').first().waitFor();
        await shoot(window, 'running');
        await window.row('Runs', newVersion).waitFor();
      });
      await step('a notification asks for the approval, and Approve on it is enough', async () => {
        const asked = window.notification('May this release of the storefront go to production?');
        await asked.waitFor({ timeout: 60_000 });
        await shoot(window, 'approval');
        await asked.getByRole('button', { name: 'Approve' }).click();
      });
      await step('the canary is verified', async () => {
        await window.row('Pipelines', 'Production').waitFor();
        await window.status().waitFor();
        await shoot(window, 'verifying');
      });
      await step('the failure and the rollback are told', async () => {
        const told = window.notification(/rolled back|brought back|back to/i);
        await told.waitFor({ timeout: 90_000 });
        await shoot(window, 'rolled-back');
        await told.getByRole('button', { name: 'Show Evidence' }).click();
      });
      await step('the run panel names the four new exceptions', async () => {
        await panel()
          .locator('backstop-verdict')
          .getByText(/4 new exceptions on/)
          .first()
          .waitFor();
        await panel().locator('backstop-clusters').getByText('DateTimeException').first().waitFor();
        await shoot(window, 'evidence');
      });
      await step('the same stands in a text that can be searched', async () => {
        await window.run('Backstop: Show Evidence as Text');
        await window.page.locator('.tab', { hasText: 'Evidence of run' }).waitFor();
        assert.match(await window.document(), /4 new exceptions on/);
        await shoot(window, 'text');
      });
      await step('the fleet agrees that the old release is back everywhere in production', async () => {
        const { fleet } = JSON.parse(
          readFileSync(demoServersFile(session.home), 'utf8').split('\n')[0] ?? '',
        ) as DemoServers;
        const nodes = (await (await fetch(`${fleet.url}/nodes?environment=production`)).json()) as readonly {
          version: string;
        }[];
        assert.deepEqual([...new Set(nodes.map(node => node.version))], [goodVersion]);
      });
    });
  },
);
