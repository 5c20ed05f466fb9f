// The guardian as a process: whoever is killed, the environment comes into the state that its pipeline says, and a
// living owner is left alone.
import assert from 'node:assert/strict';
import { spawn, execFileSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { historyFile } from '../../src/adapters/store/home.ts';
import type { History } from '../../src/model/history.ts';
import { openOrThrow, temporaryFolder } from '../unit/adapters/store/historyFixture.ts';

const program = join(import.meta.dirname, '../../dist/cli.js');
const nodes = ['p1', 'p2', 'p3'];

interface Machine {
  readonly home: string;
  readonly folder: string;
  call(...words: string[]): string;
  start(...words: string[]): ChildProcess;
  fleet(): readonly string[];
  read<T>(what: (history: History) => T): T;
}

function machine(context: TestContext, unattended: string): Machine {
  const [home, folder] = [temporaryFolder(context), temporaryFolder(context)];
  mkdirSync(join(folder, '.backstop/pipelines'), { recursive: true });
  mkdirSync(join(folder, 'fleet'));
  for (const node of nodes) writeFileSync(join(folder, 'fleet', node), '1.0\n');
  const each = 'for n in $(echo "$BACKSTOP_NODES" | tr , " "); do';
  writeFileSync(
    join(folder, '.backstop/pipelines/shop.yaml'),
    `version: 1
service: shop
unattended: ${unattended}
environments:
  production: { nodes: [${nodes.join(', ')}] }
hooks:
  deploy: { command: '${each} echo "$BACKSTOP_VERSION" > fleet/$n; done', shell: true }
  check: { command: '${each} test "$(cat fleet/$n)" = "$BACKSTOP_VERSION" || exit 1; done', shell: true }
stages:
  - stage: Production
    environment: production
    canary:
      deploy: deploy
      rollback: deploy
      check: check
      phases:
        - { nodes: 1, settle: 10m, verify: false }
        - { nodes: 100%, verify: false }
`,
  );
  const env = { ...process.env, BACKSTOP_HOME: home, BACKSTOP_USER: 'maria', NODE_TEST_CONTEXT: undefined };
  const self: Machine = {
    home,
    folder,
    call: (...words) => execFileSync(process.execPath, [program, ...words], { cwd: folder, env, encoding: 'utf8' }),
    start(...words) {
      const child = spawn(process.execPath, [program, ...words], { cwd: folder, env, stdio: 'ignore' });
      context.after(() => child.kill('SIGKILL'));
      return child;
    },
    fleet: () => nodes.map(node => readFileSync(join(folder, 'fleet', node), 'utf8').trim()),
    read(what) {
      const history = openOrThrow(historyFile(home));
      try {
        return what(history);
      } finally {
        history.close();
      }
    },
  };
  return self;
}

/** Polls real processes: at most a minute. */
async function until(what: string, holds: () => boolean): Promise<void> {
  for (const end = performance.now() + 60_000; !holds();) {
    if (performance.now() > end) assert.fail(`It never came to this: ${what}.`);
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}

async function startCanary(at: Machine): Promise<ChildProcess> {
  at.call('adopt', '--environment', 'production', '--version', '1.0');
  const owner = at.start('run', '--version', '2.0');
  await until('the canary runs 2.0 and is guarded', () => {
    if (!existsSync(historyFile(at.home))) return false;
    return at.read(({ runs, guard, events }) => {
      const [run] = runs({ limit: 1 });
      const deployed = run && events(run.id).some(event => event.type === 'nodes-changed' && event.release !== null);
      return deployed === true && guard(run!.id) !== undefined;
    });
  });
  assert.deepEqual(at.fleet(), ['2.0', '1.0', '1.0']);
  return owner;
}

const outcomeOf = (at: Machine): string | undefined => at.read(({ runs }) => runs({ limit: 1 })[0]?.outcome);

for (const { act, fleet, outcome } of [
  { act: 'rollback', fleet: ['1.0', '1.0', '1.0'], outcome: 'rolled-back' },
  { act: 'hold', fleet: ['2.0', '1.0', '1.0'], outcome: 'held' },
] as const)
  test(`an owner that is killed and not missed: ${act}`, { timeout: 120_000 }, async context => {
    const at = machine(context, `{ after: 3s, do: ${act} }`);
    const owner = await startCanary(at);
    // Longer than the time that it would give a dead one.
    await new Promise(resolve => setTimeout(resolve, 4_000));
    assert.deepEqual(at.fleet(), ['2.0', '1.0', '1.0'], 'nobody touches the run of a living owner');
    assert.match(at.call('doctor'), new RegExp(`Guarded: #1, ${act} once no process has run it for 3\\.0 s`));
    owner.kill('SIGKILL');
    await until(
      'the guardian says when it acts',
      () => /guarded until/.test(at.call('runs')) || outcomeOf(at) === outcome,
    );
    await until('the run has ended', () => outcomeOf(at) !== undefined);
    assert.equal(outcomeOf(at), outcome);
    assert.deepEqual(at.fleet(), fleet);
    await until('the guardian has ended', () =>
      /Ended: ended/.test(
        readFileSync(join(at.home, 'guards', `${at.read(({ runs }) => runs({ limit: 1 })[0]!.id)}.log`), 'utf8'),
      ),
    );
  });

test('a guardian that was switched off leaves the run to whoever comes back', { timeout: 120_000 }, async context => {
  const at = machine(context, '{ after: 2s, do: rollback }');
  const owner = await startCanary(at);
  assert.match(at.call('guard', 'last', '--off'), /Run #1 is no longer guarded/);
  const log = join(at.home, 'guards', `${at.read(({ runs }) => runs({ limit: 1 })[0]!.id)}.log`);
  await until('the guardian has ended', () => /Ended: guarded/.test(readFileSync(log, 'utf8')));
  owner.kill('SIGKILL');
  await new Promise(resolve => setTimeout(resolve, 4_000));
  assert.deepEqual(at.fleet(), ['2.0', '1.0', '1.0']);
  assert.match(at.call('runs'), /interrupted {2}/);
});
