// Backstop in a VS Code that is set to German: what a person reads of Backstop is German, from the welcome to the
// panel, and nothing fails because of it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { FrameLocator } from 'playwright-core';
import { browserMissing } from '../editor/browser.ts';
import { inSession } from '../editor/session.ts';
import { photographer } from '../editor/workbench.ts';
import { writeSuiteWorkspace } from '../host/workspace.ts';
import type { Words } from '../../src/protocol/words/translate.ts';
import { stepsOf } from './steps.ts';

const root = join(import.meta.dirname, '..', '..');
const wordsIn = (file: string): Words => JSON.parse(readFileSync(join(root, file), 'utf8')) as Words;
const german = wordsIn('media/l10n/bundle.l10n.de.json'),
  manifest = wordsIn('package.nls.de.json');

test('in a German VS Code Backstop speaks German', { skip: browserMissing ?? false, timeout: 180_000 }, async t => {
  await inSession({ locale: 'de' }, async session => {
    const shoot = photographer('german'),
      folder = join(session.home, 'shop');
    writeSuiteWorkspace(folder, process.execPath);
    let window = await session.window();
    const step = stepsOf(t, () => shoot(window, 'failure'));
    const panel = (): FrameLocator => window.page.frameLocator('iframe.webview').frameLocator('iframe#active-frame');
    const word = (english: string): string => {
      const said = german[english];
      assert.ok(said !== undefined && said !== english, `${english} is translated`);
      return said;
    };

    await step('the welcome of an empty window and the views', async () => {
      await window.openBackstop();
      const [welcome = ''] = (manifest['welcome.noFolder'] ?? '').split('\n');
      await window.page.getByText(welcome).waitFor();
      for (const view of ['views.runs', 'views.environments'])
        await window.page.locator(`.pane-header[aria-label^="${manifest[view]}"]`).waitFor();
      await shoot(window, 'empty');
    });
    await step('the commands in the palette', async () => {
      const offered = await window.offered('Backstop: ');
      assert.ok(offered.includes(`Backstop: ${manifest['commands.openDemo']}`), offered.join(', '));
    });
    await step('the panel of a pipeline without a run', async () => {
      window = await session.window(folder);
      await window.openBackstop();
      await window.row('Pipelines', 'tiny').waitFor();
      await window.run(`Backstop: ${manifest['commands.openRun']}`);
      await window
        .prompt(manifest['commands.openRun'] ?? '')
        .getByText('tiny.yaml')
        .click();
      await panel().getByText(word('No run yet')).waitFor();
      await shoot(window, 'no-run');
    });
  });
});
