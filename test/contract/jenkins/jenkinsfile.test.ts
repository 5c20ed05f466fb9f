// The Jenkinsfile that ships does on an agent what it says: its shell parts are run as Jenkins would run them, with the
// real command line.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { openHistory } from '../../../src/adapters/store/history.ts';
import { historyFile } from '../../../src/adapters/store/home.ts';
import { commands } from '../../../src/terminal/screen/terminal.ts';
import { root } from '../demoServers.ts';

const text = readFileSync(join(root, 'media', 'Jenkinsfile'), 'utf8');
/** As Groovy reads them: check, run, take up after a stop, report. */
const [check, run, takeUp, report, ...others] = [
  ...text.matchAll(/\bsh(?: |\(returnStatus: true, script: )('''|')([\s\S]*?)\1/g),
].map(([, , script = '']) => script.replaceAll('\\\\', '\\'));

test('every command and option in it exists, and its shell is plain sh', () => {
  assert.deepEqual(others, []);
  const used = [...text.matchAll(/\$BACKSTOP ([a-z-]+)([^\n;&|]*)/g)];
  assert.deepEqual([...new Set(used.map(([, name]) => name))].sort(), [
    'cancel',
    'plan',
    'report',
    'resume',
    'run',
    'validate',
  ]);
  for (const [, name = '', rest = ''] of used) {
    const command = commands.find(one => one.name === name);
    // It is written for a report that this version may not have yet.
    if (!command && name === 'report') continue;
    assert.ok(command, name);
    for (const [, option = ''] of rest.matchAll(/--([a-z]+)/g))
      assert.ok(Object.hasOwn(command.options, option), `${name} --${option}`);
  }
  for (const script of [check, run, takeUp, report])
    assert.equal(spawnSync('sh', ['-n'], { input: script! }).status, 0, script);
});

function setAgent(context: TestContext, hook: string) {
  const folder = mkdtempSync(join(tmpdir(), 'backstop agent-'));
  context.after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const workspace = join(folder, 'workspace'),
    home = join(folder, 'home');
  mkdirSync(join(workspace, '.backstop', 'pipelines'), { recursive: true });
  writeFileSync(
    join(workspace, '.backstop', 'pipelines', 'shop.yaml'),
    [
      'version: 1',
      'service: shop',
      'environments: { production: { nodes: [web-1] } }',
      `hooks: { deploy: { command: ${JSON.stringify(hook)}, shell: true } }`,
      'stages: [{ stage: Production, environment: production, steps: [deploy], onFailure: stop }]',
    ].join('\n'),
  );
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    BACKSTOP: `${process.execPath} ${join(root, 'dist', 'cli.js')}`,
    BACKSTOP_HOME: home,
    BACKSTOP_USER: 'jenkins',
    PIPELINE: 'shop',
    VERSION: '1.0; touch hacked',
    APPROVE: 'false',
  };
  const start = (script: string) =>
    spawn('sh', ['-xe', '-c', script], { cwd: workspace, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const outcomeOf = (): string | undefined => {
    const opened = openHistory(historyFile(home));
    assert.ok(opened.ok);
    const outcome = opened.value.runs({ limit: 1 })[0]?.outcome;
    opened.value.close();
    return outcome;
  };
  return {
    workspace,
    outcomeOf,
    start,
    finish: (script: string): Promise<number | null> =>
      new Promise(resolve => {
        start(script).on('close', resolve);
      }),
  };
}

test('a run that is promoted leaves its events and its report; no parameter is read as shell', async context => {
  const agent = setAgent(context, 'true');
  assert.deepEqual([await agent.finish(check!), await agent.finish(run!)], [0, 0]);
  assert.equal(agent.outcomeOf(), 'promoted');
  const last = readFileSync(join(agent.workspace, 'backstop-events.jsonl'), 'utf8').trimEnd().split('\n').at(-1)!;
  assert.equal((JSON.parse(last) as { outcome: string }).outcome, 'promoted');
  assert.ok(!existsSync(join(agent.workspace, 'hacked')));
  if (!commands.some(({ name }) => name === 'report')) return;
  assert.equal(await agent.finish(report!), 0);
  assert.match(readFileSync(join(agent.workspace, 'backstop-report.html'), 'utf8'), /^<!doctype html>/i);
});

test('a run that fails gives its exit status to the build', async context => {
  assert.equal(await setAgent(context, 'exit 7').finish(run!), 1);
});

test('a build that is stopped takes the run up once more and ends it, and its hook', async context => {
  const agent = setAgent(context, 'echo $$ > started; exec sleep 600');
  const build = agent.start(run!);
  const gone = new Promise(resolve => {
    build.on('close', resolve);
  });
  for (let tries = 0; tries < 300 && !existsSync(join(agent.workspace, 'started')); tries++)
    await new Promise(resolve => setTimeout(resolve, 50));
  process.kill(-build.pid!, 'SIGTERM');
  await gone;
  assert.equal(agent.outcomeOf(), undefined);
  assert.equal(await agent.finish(takeUp!), 0);
  assert.equal(agent.outcomeOf(), 'cancelled');
  assert.ok(
    !existsSync(`/proc/${readFileSync(join(agent.workspace, 'started'), 'utf8').trim()}`),
    'the hook was told to end',
  );
});
