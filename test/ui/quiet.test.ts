// What Backstop does not do: notify when everything is down, or act in an untrusted folder.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { writeDemoWorkspace } from '../../src/demo/story/workspace.ts';
import { browserMissing } from '../editor/browser.ts';
import { inSession } from '../editor/session.ts';
import { photographer } from '../editor/workbench.ts';
import { writeSuiteWorkspace } from '../host/workspace.ts';
import { stepsOf } from './steps.ts';

const options = { skip: browserMissing ?? false, timeout: 180_000 };
/** Long enough for a notification at the start. */
const quietMs = 4000;
const ownCommands = new RegExp(
  `^Backstop: (${[
    'Deploy',
    'Dry Run',
    'Approve',
    'Reject',
    'Roll Back',
    'Cancel',
    'Hold',
    'Promote',
    'Skip',
    'Verify Again',
    'Accept',
    'Run Again',
    'Test Connections',
    'Open Demo',
  ].join('|')})`,
);
const down = 'http://127.0.0.1:9';

test('starting VS Code with every server down and no credentials shows no pop-up', options, async () => {
  await inSession({}, async session => {
    const folder = join(session.home, 'storefront');
    writeDemoWorkspace(
      folder,
      {
        newRelic: { url: down, accountId: 1, apiKey: '', entityGuid: 'MXxBUE18QVBQTElDQVRJT058MQ' },
        sumoLogic: { endpoint: `${down}/api`, accessId: '', accessKey: '' },
        jenkins: { url: down, user: '', token: '', job: '' },
        fleet: { url: down },
      },
      { configuration: 'old', nodePath: process.execPath, demoPath: 'nowhere.js' },
    );
    const window = await session.window(folder);
    await window.openBackstop();
    await window.row('Pipelines', 'storefront').waitFor();
    await window.page.getByText('Set Credentials').first().waitFor();
    await wait(quietMs);
    assert.deepEqual(await window.notifications(), []);
    await photographer('quiet')(window, 'all-down');
  });
});

/** Called by id, as another extension or a key binding would. */
const executing = [
  'deploy',
  'deployLastBuild',
  'deployEarlier',
  'dryRun',
  'approve',
  'reject',
  'rollBack',
  'cancelRun',
  'holdCanary',
  'promoteCanary',
  'runAgain',
  'testConnections',
].map(name => `backstop.${name}`);

test(
  'in an untrusted workspace no command that executes is offered, and one called by its id only says why not',
  options,
  async t => {
    const called = new Map(executing.map((command, index) => [`F${index + 1}`, command]));
    await inSession(
      {
        workspaceTrust: true,
        keybindings: [...called].map(([key, command]) => ({ key: `ctrl+alt+${key.toLowerCase()}`, command })),
      },
      async session => {
        const folder = join(session.home, 'workspace');
        writeSuiteWorkspace(folder, process.execPath);
        const window = await session.window(folder);
        const shoot = photographer('untrusted');
        const step = stepsOf(t, () => shoot(window, 'failure'));
        await step('the view says what is the matter', async () => {
          await window.openBackstop();
          await window.row('Pipelines', 'tiny').waitFor();
          await window.page.getByText('Manage Workspace Trust').first().waitFor();
          await shoot(window, 'view');
        });
        await step('the palette has none of them', async () => {
          const offered = await window.offered('Backstop: ');
          assert.deepEqual(
            offered.filter(title => ownCommands.test(title)),
            [],
          );
          assert.ok(
            offered.some(title => title.startsWith('Backstop: ')),
            offered.join(', '),
          );
        });
        await step('called by id they say why, and nothing runs', async () => {
          for (const [key, command] of called) {
            await window.page.keyboard.press(`Control+Alt+${key}`);
            const said = window.notification('not trusted');
            await said.waitFor().catch((error: unknown) => {
              throw new Error(`${command} said nothing`, { cause: error });
            });
            await said.hover();
            await said.locator('.codicon-notifications-clear').click();
            await said.waitFor({ state: 'hidden' });
          }
          await shoot(window, 'refused');
          assert.equal(existsSync(join(folder, 'hook-starts.txt')), false);
        });
      },
    );
  },
);
