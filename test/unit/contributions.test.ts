// The ids in contributions.ts, package.json and package.nls.json are the same.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { commands } from '../../src/contributions.ts';

const read = (file: string): unknown => JSON.parse(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'));
const manifest = read('package.json') as { contributes: { commands: { command: string; title: string; category: string }[] } };
const texts = read('package.nls.json') as Record<string, string>;

test('every command is contributed, and every contributed command exists', () => {
  assert.deepEqual(manifest.contributes.commands.map(({ command }) => command).sort(), Object.values(commands).sort());
});

test('every text of the manifest stands in package.nls.json, and no more', () => {
  const used = [...JSON.stringify(manifest).matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key).sort();
  assert.deepEqual(used, Object.keys(texts).sort());
});

test('every command has a category', () => {
  for (const { command, category } of manifest.contributes.commands) assert.equal(category, 'Backstop', command);
});
