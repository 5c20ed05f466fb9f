// Reloads the window and kills the extension host during a run: the run ends as usual, and no hook is started twice.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { backstopHome, historyFile } from '../../src/adapters/store/home.ts';
import { openHistory } from '../../src/adapters/store/history.ts';
import type { RunEvent } from '../../src/model/runs/runEvents.ts';
import { changeNumber, goodVersion, newVersion } from '../../src/demo/story/workspace.ts';
import { browserMissing } from '../editor/browser.ts';
import { startDemoWorld, type DemoWorld } from '../editor/demoWorld.ts';
import { inSession } from '../editor/session.ts';
import { photographer } from '../editor/workbench.ts';
import { until } from './until.ts';
import { stepsOf } from './steps.ts';

test(
  'a run survives reloads of the window and the death of the extension host',
  {
    skip: browserMissing ?? (process.platform === 'win32' && "the hooks' wrapper is a shell script"),
    timeout: 300_000,
  },
  async t => {
    let world: DemoWorld | undefined,
      starts = '';
    await inSession(
      {
        async prepare(home) {
          starts = join(home, 'hook-starts.txt');
          world = await startDemoWorld(home, { hookProgram: writeWrapper(home, starts) });
          // The current release was recorded before the run, with its check hooks.
          rmSync(starts, { force: true });
          return world;
        },
      },
      async session => {
        assert.ok(world);
        const window = await session.window(world.workspace);
        const step = stepsOf(t, () => photographer('reload')(window, 'failure'));
        const events = (): readonly RunEvent[] => readEvents(world!.environment);
        const has = (fits: (event: RunEvent) => boolean) => () => events().some(fits);

        await step('while a hook runs', async () => {
          await window.openBackstop();
          await window.row('Pipelines', 'storefront').waitFor();
          await window.run('Backstop: Deploy…');
          await window.answer('change', changeNumber);
          await window.answer('Version', newVersion);
          await window.prompt(`Deploy storefront ${newVersion}`).waitFor();
          await window.page.keyboard.press('Enter');
          await until(
            'a hook',
            has(event => event.type === 'hook-intended'),
          );
          await window.reload();
        });
        await step('between stages', async () => {
          await until(
            'a stage that is done',
            has(event => event.type === 'stage-finished'),
          );
          await window.reload();
        });
        await step(
          'while a hook runs, by killing the extension host as the hooks of a group are being started',
          async () => {
            await until(
              'a hook of the second group',
              has(event => event.type === 'hook-intended' && event.call.stage === 'Edu'),
            );
            process.kill(extensionHostOf(session.server.program.pid!), 'SIGKILL');
            await window.reload();
          },
        );
        await step('while it waits for an approval', async () => {
          await until(
            'the question',
            has(event => event.type === 'asked'),
            60_000,
          );
          await window.reload();
          const asked = window.notification('May this release of the storefront go to production?');
          await asked.waitFor({ timeout: 60_000 });
          await asked.getByRole('button', { name: 'Approve' }).click();
        });
        await step('while the canary is verified', async () => {
          await until(
            'a look',
            has(event => event.type === 'looked'),
            60_000,
          );
          await window.reload();
        });
        await step('while it rolls back', async () => {
          await until(
            'the rollback',
            has(event => event.type === 'rollback-started'),
            90_000,
          );
          await window.reload();
          await until(
            'the end',
            has(event => event.type === 'run-finished'),
            90_000,
          );
        });
        await step('it ended as it would have, and each hook was started once', async () => {
          const end = events().findLast(event => event.type === 'run-finished');
          assert.equal(end?.type === 'run-finished' && end.outcome, 'rolled-back');
          const lines = readFileSync(starts, 'utf8').trim().split('\n');
          const twice = lines.filter((line, index) => lines.indexOf(line) !== index);
          assert.deepEqual(twice, []);
          assert.equal(
            lines.length,
            new Set(events().flatMap(event => (event.type === 'hook-intended' ? [event.call.key] : []))).size,
          );
          assert.deepEqual([...new Set((await world!.nodes('production')).map(node => node.version))], [goodVersion]);
        });
      },
    );
  },
);

/** Runs a command and records its call; slowly in two stages, so that a reload and a kill fall into a hook. */
function writeWrapper(home: string, starts: string): string {
  const file = join(home, 'hook.sh');
  writeFileSync(
    file,
    `#!/bin/sh\necho "$BACKSTOP_STAGE $BACKSTOP_PHASE $BACKSTOP_PURPOSE $BACKSTOP_NODES $BACKSTOP_VERSION ` +
      `$BACKSTOP_ATTEMPT" >> '${starts}'\ncase "$BACKSTOP_STAGE" in Dev|Edu) sleep 4;; ` +
      `esac\nexec '${process.execPath}' "$@"\n`,
  );
  chmodSync(file, 0o755);
  return file;
}

function readEvents(environment: Readonly<Record<string, string>>): readonly RunEvent[] {
  const opened = openHistory(historyFile(backstopHome(environment, process.platform)));
  if (!opened.ok) throw new Error(opened.failure.message);
  const [run] = opened.value.runs({ limit: 1 });
  const events = run ? opened.value.events(run.id) : [];
  opened.value.close();
  return events;
}

/** The latest extension host below the server; a process that it has just forked has its name for a moment. */
function extensionHostOf(server: number): number {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map(line => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter(row => row !== null)
    .map(([, pid, parent, words]) => ({ pid: Number(pid), parent: Number(parent), words: words ?? '' }));
  const below = (parent: number): readonly number[] =>
    rows
      .filter(row => row.parent === parent)
      .flatMap(({ pid, words }) => (words.includes('--type=extensionHost') ? [pid] : below(pid)));
  const found = below(server).at(-1);
  if (found === undefined) throw new Error('no extension host runs below the server');
  return found;
}
