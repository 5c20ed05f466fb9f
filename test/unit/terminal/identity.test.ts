// Who acts: the variable first, then git, then the login name.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { findIdentity } from '../../../src/terminal/identity.ts';

suite('identity', () => {
  test('BACKSTOP_USER wins, without control characters', async () => {
    assert.deepEqual(await findIdentity({ BACKSTOP_USER: ' Maria\u001b[31m ' }, tmpdir()), {
      name: 'Maria',
      via: 'cli',
    });
  });
  test("git's user.name comes next", async context => {
    const home = mkdtempSync(join(tmpdir(), 'backstop-identity-'));
    context.after(() => rmSync(home, { recursive: true, force: true }));
    writeFileSync(join(home, 'gitconfig'), '[user]\n\tname = Jonas Ö\n');
    const { name } = await findIdentity(
      { PATH: process.env['PATH'], GIT_CONFIG_GLOBAL: join(home, 'gitconfig'), GIT_CONFIG_NOSYSTEM: '1', HOME: home },
      home,
    );
    assert.ok(name === 'Jonas Ö' || name === userInfo().username, name);
  });
  test('without git the login name stands', async () => {
    assert.deepEqual(await findIdentity({ PATH: '/nowhere' }, tmpdir()), { name: userInfo().username, via: 'cli' });
  });
});
