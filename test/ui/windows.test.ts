// Windows and terminals of one machine share their runs: what one runs, another shows and can approve.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { browserMissing } from '../editor/browser.ts';
import { inSession } from '../editor/session.ts';
import { photographer, type Workbench } from '../editor/workbench.ts';
import { writeSuiteWorkspace } from '../host/workspace.ts';
import { stepsOf } from './steps.ts';
import { until } from './until.ts';

const options = { skip: browserMissing ?? false, timeout: 240_000 };
const program = join(import.meta.dirname, '..', '..', 'dist', 'cli.js');

test(
  'two windows and a terminal know of each other: one runs, another shows and approves it, none runs it twice',
  options,
  async t => {
    await inSession({}, async session => {
      const folder = join(session.home, 'workspace');
      writeSuiteWorkspace(folder, process.execPath);
      const environment = { ...process.env, BACKSTOP_HOME: join(session.home, 'backstop'), BACKSTOP_USER: 'sara' };
      const cli = (...words: readonly string[]): string =>
        execFileSync(process.execPath, [program, ...words], { cwd: folder, encoding: 'utf8', env: environment });
      const runs = (): readonly { readonly number: number; readonly version: string; readonly outcome?: string }[] =>
        JSON.parse(cli('runs', '--json'));
      const first = await session.window(folder);
      const step = stepsOf(t, async () => {
        t.diagnostic(JSON.stringify([await first.notifications(), await first.rows('Runs').allTextContents()]));
        await photographer('windows')(first, 'failure');
      });
      await step('a run that one window starts waits in both', async () => {
        await deploy(first, 'tiny', '1.0.0');
        await first.notification('May it go on?').waitFor({ timeout: 60_000 });
      });
      const second = await session.window(folder);
      await step('the other window shows it and approves it', async () => {
        await second.openBackstop();
        await second.row('Runs', /waiting for you/).waitFor();
        const asked = second.notification('May it go on?');
        await asked.getByRole('button', { name: 'Approve' }).click();
        await first.row('Runs', /1\.0\.0.*not verified/).waitFor();
        await second.notification('May it go on?').waitFor({ state: 'hidden' });
      });
      await step('a run of the window is seen and approved from the terminal', async () => {
        await deploy(first, 'tiny', '1.0.1');
        await first.row('Runs', /1\.0\.1.*waiting for you/).waitFor();
        assert.match(cli('runs'), /1\.0\.1/);
        cli('approve', 'last');
        await first.row('Runs', /1\.0\.1.*not verified/).waitFor();
        await first.notification('May it go on?').waitFor({ state: 'hidden' });
      });
      await step('of three runs in one environment one runs, and the others wait', async () => {
        await deploy(first, 'patient', '2.0.0');
        await until('the first hook', () => starts(folder).length === 1);
        await deploy(second, 'patient', '2.0.1');
        await second.row('Pipelines', 'waiting for its environment').waitFor();
        const third = spawn(process.execPath, [program, 'run', 'patient', '--version', '2.0.2'], {
          cwd: folder,
          env: environment,
          stdio: 'ignore',
        });
        const ended = new Promise<void>(resolve => {
          third.once('close', () => resolve());
        });
        await until("the terminal's run", () => /2\.0\.2/.test(cli('runs')));
        assert.equal(starts(folder).length, 1);
        for (const version of ['2.0.2', '2.0.1', '2.0.0'])
          cli('cancel', String(runs().find(run => run.version === version)?.number));
        await ended;
        await until('the end of all', () => runs().every(run => run.outcome !== undefined));
        assert.equal(starts(folder).length, 1);
      });
    });

    function starts(folder: string): readonly string[] {
      const file = join(folder, 'hook-starts.txt');
      return existsSync(file)
        ? readFileSync(file, 'utf8')
            .split('\n')
            .filter(line => line.endsWith('Wait wait'))
        : [];
    }

    async function deploy(window: Workbench, pipeline: 'tiny' | 'patient', version: string): Promise<void> {
      await window.openBackstop();
      await window.row('Pipelines', pipeline).waitFor();
      await window.run('Backstop: Deploy…');
      await window.prompt('.backstop/pipelines/tiny.yaml').waitFor();
      await window.page.locator('.quick-input-widget input[type="text"]').first().fill(pipeline);
      await window
        .prompt(`.backstop/pipelines/${pipeline === 'tiny' ? 'patient' : 'tiny'}.yaml`)
        .waitFor({ state: 'hidden' });
      await window.page.keyboard.press('Enter');
      await window.answer('Version', version);
      await window.prompt(`Deploy ${pipeline} ${version}`).getByText(`Deploy ${pipeline} ${version}`).first().click();
      await window.row('Runs', version).waitFor();
    }
  },
);
