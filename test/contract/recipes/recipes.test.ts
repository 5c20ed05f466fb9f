// Every shipped recipe is whole, and its scripts deploy, tell apart and roll back, as far as this machine allows.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parsePipeline } from '../../../src/definition/parsePipeline.ts';
import { read, root } from '../../unit/documentSet.ts';
import { setRecipe } from './stage.ts';

const skip = process.platform === 'win32' ? 'its scripts are for a POSIX shell' : false;
const pipelines = globSync('media/recipes/*/.backstop/pipelines/*.yaml', { cwd: root });
const recipeOf = (path: string): string => path.split('/')[2]!;

test('every recipe has a pipeline without a mistake, the files that it names, and a page', () => {
  assert.ok(pipelines.length >= 8);
  for (const path of pipelines) {
    const { pipeline, problems } = parsePipeline(read(path), '.backstop/pipelines/shop.yaml');
    assert.deepEqual(problems, [], path);
    const within = join(root, 'media/recipes', recipeOf(path));
    for (const [, script = ''] of read(path).matchAll(/\[(\.\/scripts\/[\w-]+\.sh)/g))
      assert.equal(statSync(join(within, script)).mode & 0o111, 0o111, script);
    assert.ok(pipeline);
    assert.match(readFileSync(join(within, 'README.md'), 'utf8'), /^# .{4,60}\n/);
    assert.ok(read('media/docs/recipes.md').includes(`(../recipes/${recipeOf(path)}/README.md)`), path);
  }
});

test('a shell reads every script of the recipes', { skip }, () => {
  const scripts = globSync('media/recipes/**/*.sh', { cwd: root });
  assert.ok(scripts.length >= 15);
  for (const script of scripts) execFileSync('/bin/sh', ['-n', join(root, script)]);
});

const [old, other] = ['{ "currency": "EUR" }', '{ "currency": "USD" }'];

for (const { recipe, standIn, nodes, canary } of [
  { recipe: 'kubernetes', standIn: 'kubectl', nodes: ['shop-canary', 'shop-stable'], canary: ['shop-canary'] },
  { recipe: 'argo-rollouts', standIn: 'kubectl', nodes: ['canary', 'stable'], canary: ['canary'] },
  { recipe: 'helm', standIn: 'helm', nodes: ['shop-1', 'shop-2', 'shop-3'], canary: ['shop-1'] },
  { recipe: 'ecs', standIn: 'aws', nodes: ['shop-1', 'shop-2', 'shop-3'], canary: ['shop-1'] },
])
  test(`${recipe}: a canary is deployed, checked, and rolled back with its configuration`, { skip }, async context => {
    const stage = setRecipe(context, recipe, { standIns: [standIn] });
    const expect = async (script: 'deploy' | 'check', status: number, ...call: CallWords): Promise<void> => {
      const [version, on, configuration, purpose = 'deploy'] = call;
      const answer = await stage.run(script, { version, nodes: on, configuration, purpose });
      assert.equal(answer.status, status, `${script} ${version}: ${answer.told}`);
    };
    await expect('deploy', 0, '1.8.0', nodes, old);
    await expect('check', 0, '1.8.0', nodes, old);
    await expect('deploy', 0, '1.9.0', canary, other);
    await expect('check', 0, '1.9.0', canary, other);
    await expect('check', 1, '1.9.0', canary, old);
    assert.deepEqual(told(stage.deployed()), { ...all(nodes, ['1.8.0', old]), ...all(canary, ['1.9.0', other]) });

    await expect('deploy', 0, '1.8.0', canary, old, 'rollback');
    await expect('check', 0, '1.8.0', canary, old);
    assert.deepEqual(told(stage.deployed()), all(nodes, ['1.8.0', old]));
    await expect('deploy', 1, '9.9.9', nodes, old);
  });

type CallWords = readonly [string, readonly string[], string, ('deploy' | 'rollback')?];
type Told = Readonly<Record<string, readonly [version: string, configuration: string]>>;

function all(nodes: readonly string[], release: readonly [string, string]): Told {
  return Object.fromEntries(nodes.map(node => [node, release]));
}

function told(deployed: ReturnType<ReturnType<typeof setRecipe>['deployed']>): Told {
  return Object.fromEntries(
    Object.entries(deployed).map(([node, { version, configuration }]) => [node, [version, configuration]]),
  );
}
