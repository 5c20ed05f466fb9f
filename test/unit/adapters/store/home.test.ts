// The store lies where the platform wants state to lie, or where the person says.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import {
  backstopHome,
  createHome,
  historyFile,
  hookFolder,
  pruneRunFolders,
} from '../../../../src/adapters/store/home.ts';
import { createIds, systemClock } from '../../../../src/adapters/time.ts';
import { temporaryFolder } from './historyFixture.ts';

test('BACKSTOP_HOME wins; else the folder is the one of the platform', () => {
  assert.deepEqual(
    [
      backstopHome({ BACKSTOP_HOME: '/somewhere', XDG_STATE_HOME: '/state' }, 'linux', '/home/ann'),
      backstopHome({ BACKSTOP_HOME: 'relative' }, 'linux', '/home/ann'),
      backstopHome({ XDG_STATE_HOME: '/state' }, 'linux', '/home/ann'),
      backstopHome({ XDG_STATE_HOME: 'not/absolute' }, 'linux', '/home/ann'),
      backstopHome({ BACKSTOP_HOME: '' }, 'linux', '/home/ann'),
      backstopHome({}, 'darwin', '/Users/ann'),
      backstopHome({ LOCALAPPDATA: 'C:\\Users\\ann\\AppData\\Local' }, 'win32', 'C:\\Users\\ann'),
      backstopHome({}, 'win32', 'C:\\Users\\ann'),
    ],
    [
      '/somewhere',
      resolve('relative'),
      '/state/backstop',
      '/home/ann/.local/state/backstop',
      '/home/ann/.local/state/backstop',
      '/Users/ann/Library/Application Support/Backstop',
      'C:\\Users\\ann\\AppData\\Local\\Backstop',
      'C:\\Users\\ann\\AppData\\Local\\Backstop',
    ],
  );
});

test(
  'the folder is made for its owner alone, and what lies in it has fixed places',
  { skip: process.platform === 'win32' },
  context => {
    const home = join(temporaryFolder(context), 'deep', 'home');
    assert.deepEqual(createHome(home), { ok: true, value: home });
    assert.equal(statSync(home).mode & 0o777, 0o700);
    assert.equal(historyFile(home), join(home, 'history.db'));
    assert.match(
      hookFolder(home, '20261123-140200-k3f9', 'Prod/1/deploy/up/n1#1').slice(home.length),
      /^\/hooks\/20261123-140200-k3f9\/[0-9a-f]{32}$/,
    );
    assert.match(hookFolder(home, '../../etc', 'key').slice(home.length), /^\/hooks\/[0-9a-f]{64}\/[0-9a-f]{32}$/);
  },
);

test('a folder that cannot be made is a failure with a hint', context => {
  const file = join(temporaryFolder(context), 'file');
  writeFileSync(file, '');
  const created = createHome(join(file, 'home'));
  assert(!created.ok);
  assert.match(created.failure.hint!, /BACKSTOP_HOME/);
});

test('run ids sort by time and differ within a second', () => {
  const ids = createIds({
    now: () => Date.UTC(2026, 10, 23, 14, 2, 0, 999),
    monotonicMs: () => 0,
    sleep: async () => {},
  });
  const some = Array.from({ length: 20 }, () => ids.nextRunId());
  assert(
    some.every(id => /^20261123-140200-[0-9a-z]{4}$/.test(id)),
    some.join(),
  );
  assert(new Set(some).size > 15);
});

test('sleep ends at once when the signal aborts or has aborted, and waits as long as asked otherwise', async () => {
  const controller = new AbortController();
  const sleeping = systemClock.sleep(2 ** 40, controller.signal);
  controller.abort();
  await sleeping;
  await systemClock.sleep(2 ** 40, controller.signal);
  const before = performance.now();
  await systemClock.sleep(20);
  assert(performance.now() - before >= 19);
});

test('folders of old runs are removed, those of newer ones and everything else is kept', async context => {
  const home = temporaryFolder(context);
  for (const folder of ['hooks/old', 'hooks/new', 'configurations/old'])
    mkdirSync(join(home, folder), { recursive: true });
  writeFileSync(join(home, 'hooks/old/output.log'), 'x');
  writeFileSync(join(home, 'history.db'), 'x');
  for (const folder of ['hooks/old', 'configurations/old']) utimesSync(join(home, folder), 1, 1);
  await pruneRunFolders(home, 1_000_000);
  assert.deepEqual(
    ['hooks/old', 'configurations/old', 'hooks/new', 'history.db'].map(name => existsSync(join(home, name))),
    [false, false, true, true],
  );
  await pruneRunFolders(join(home, 'not there'), 1_000_000);
});
