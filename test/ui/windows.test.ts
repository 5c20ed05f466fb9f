// Windows and terminals on one machine know of each other: what one runs, another shows and may approve.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { browserMissing } from '../editor/browser.ts';
import { inSession } from '../editor/session.ts';
import { photographer, type Workbench } from '../editor/workbench.ts';
import { writeSuiteWorkspace } from '../host/workspace.ts';
import { stepsOf } from './steps.ts';

const options = { skip: browserMissing ?? false, timeout: 180_000 };

test('two windows and a terminal know of each other: one runs, another shows and approves it, none runs it twice', options, async t => {
  await inSession({}, async session => {
    const folder = join(session.home, 'workspace');
    writeSuiteWorkspace(folder, process.execPath);
    const cli = (...words: readonly string[]): string => execFileSync(process.execPath, [join(import.meta.dirname, '..', '..', 'dist', 'cli.js'), ...words], {
      cwd: folder, encoding: 'utf8', env: { ...process.env, BACKSTOP_HOME: join(session.home, 'backstop'), BACKSTOP_USER: 'sara' },
    });
    const first = await session.window(folder);
    const step = stepsOf(t, () => photographer('windows')(first, 'failure'));
    await step('a run that one window starts waits in both', async () => {
      await deployTiny(first, '1.0.0');
      await first.notification('May it go on?').waitFor();
    });
    const second = await session.window(folder);
    await step('the other window shows it and approves it', async () => {
      await second.openBackstop();
      await second.row('Runs', /waits/).waitFor();
      const asked = second.notification('May it go on?');
      await asked.getByRole('button', { name: 'Approve' }).click();
      await first.row('Runs', /promoted|passed|1\.0\.0/).waitFor();
      await second.notification('May it go on?').waitFor({ state: 'hidden' });
    });
    await step('a run of the window is seen and approved from the terminal', async () => {
      await deployTiny(first, '1.0.1');
      await first.notification('May it go on?').waitFor();
      assert.match(cli('runs'), /1\.0\.1/);
      cli('approve', 'last');
      await first.notification('May it go on?').waitFor({ state: 'hidden' });
    });
  });

  async function deployTiny(window: Workbench, version: string): Promise<void> {
    await window.openBackstop();
    await window.row('Pipelines', 'tiny').waitFor();
    await window.run('Backstop: Deploy...');
    await window.prompt('.backstop/pipelines/tiny.yaml').waitFor();
    await window.page.locator('.quick-input-widget input[type="text"]').first().fill('tiny');
    await window.prompt('.backstop/pipelines/patient.yaml').waitFor({ state: 'hidden' });
    await window.page.keyboard.press('Enter');
    await window.answer('Version', version);
    await window.prompt(`Deploy tiny ${version}`).waitFor();
    await window.page.keyboard.press('Enter');
  }
});
