// The repository of a folder is read from Git's own files, in whichever way the folder came to be one.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { findRepository } from '../../../../src/adapters/files/repository.ts';

function newFolder(context: TestContext): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'backstop-repository-')));
  context.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function writeConfig(folder: string, ...lines: readonly string[]): void {
  mkdirSync(join(folder, '.git'), { recursive: true });
  writeFileSync(join(folder, '.git', 'config'), `${lines.join('\n')}\n`);
}

test('a folder within a clone has the name of its remote, without the credentials of its address', context => {
  const folder = newFolder(context);
  writeConfig(
    folder,
    '[core]',
    '\tbare = false',
    '[remote "fork"]',
    '\turl = git@git.example:maria/shop.git',
    '[remote "origin"]',
    '\turl = https://maria:s3cret@git.example/team/shop.git',
    '[branch "main"]',
    '\tremote = origin',
  );
  mkdirSync(join(folder, 'deploy', 'files'), { recursive: true });
  assert.equal(findRepository(join(folder, 'deploy', 'files')).name, 'git.example/team/shop');
});

test('without an origin the first remote counts, and without a remote the folder', context => {
  const folder = newFolder(context);
  assert.deepEqual(findRepository(folder), { name: folder, folder });
  writeConfig(folder, '[core]', 'bare = false');
  assert.deepEqual(findRepository(folder), { name: folder, folder });
  writeConfig(folder, '[remote "upstream"]', 'url = "ssh://git@git.example/team/shop"');
  assert.deepEqual(findRepository(folder), { name: 'git.example/team/shop', folder });
});

test('a worktree belongs to the repository that it was made from', context => {
  const folder = newFolder(context);
  writeConfig(folder, '[remote "origin"]', 'url = git@git.example:team/shop.git');
  const own = join(folder, '.git', 'worktrees', 'fix');
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, 'commondir'), '../..\n');
  const worktree = newFolder(context);
  writeFileSync(join(worktree, '.git'), `gitdir: ${own}\n`);
  assert.equal(findRepository(worktree).name, 'git.example/team/shop');
});

test('a folder that is not there, and files of Git that are none, lead to the folder', context => {
  const folder = newFolder(context);
  writeFileSync(join(folder, '.git'), 'gitdir: nowhere\n');
  assert.deepEqual(findRepository(folder), { name: folder, folder });
  assert.equal(findRepository(join(folder, 'gone')).name, join(folder, 'gone'));
});
