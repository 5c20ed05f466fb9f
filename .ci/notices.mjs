// Writes the licences of all packages in the bundles; esbuild's metafiles list what the bundles contain.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `metafiles`: those of all bundles. A package without a licence is a mistake. */
export function writeNotices(metafiles, root) {
  const outputs = metafiles.flatMap(one => Object.values(one.outputs));
  const folders = new Set(outputs.flatMap(({ inputs }) => Object.keys(inputs).flatMap(folderOf)));
  const packages = [...folders].map(folder => readPackage(root, folder)).sort(byName);
  const list = packages.map(({ name, version, license }) => `- ${name} ${version} (${license})`);
  const texts = packages.map(
    ({ name, version, license, text }) =>
      `${'='.repeat(80)}\n${name} ${version} ` + `(${license})\n${'='.repeat(80)}\n\n${text}\n`,
  );
  return `Backstop contains these packages, each under its own licence:\n\n${list.join('\n')}\n\n${texts.join('\n')}`;
}

/** `node_modules/@scope/name/lib/x.js` -> `node_modules/@scope/name`; nothing for our own files. */
function folderOf(input) {
  const at = input.lastIndexOf('node_modules/');
  if (at < 0) return [];
  const parts = input.slice(at + 'node_modules/'.length).split('/');
  return [input.slice(0, at) + join('node_modules', ...parts.slice(0, parts[0].startsWith('@') ? 2 : 1))];
}

function readPackage(root, folder) {
  const path = join(root, folder.replace(/^[a-z ]+:/, ''));
  const { name, version, license, licenses, author } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  const named = license?.type ?? license ?? licenses?.map(one => one.type).join(' OR ');
  const files = readdirSync(path)
    .filter(file => /^(licen[cs]e|copying|notice|thirdpartynotices?)/i.test(file))
    .sort();
  const shipped = files.map(file => readFileSync(join(path, file), 'utf8').trim()).join('\n\n');
  const text = shipped || findInReadme(path) || writeMit(root, named, author);
  if (!named || !text) throw new Error(`${name} ${version} is in a bundle and has no licence that can be handed on.`);
  return { name, version, license: named, text };
}

/** Some packages name a licence without shipping its text: for MIT, our own text with their author is used. */
function writeMit(root, license, author) {
  const holder = author?.name ?? author;
  if (license !== 'MIT' || !holder) return undefined;
  const text = readFileSync(join(root, 'LICENSE'), 'utf8').trim();
  return (
    '(The package names this licence and ships no text of ' +
    `it.)\n\n${text.replace(/^Copyright .*$/m, `Copyright (c) ${holder}`)}`
  );
}

/** Some packages have the full licence as the last part of their README. */
function findInReadme(path) {
  const file = readdirSync(path).find(name => /^readme/i.test(name));
  const readme = file ? readFileSync(join(path, file), 'utf8') : '';
  const part = readme.split(/^#*[ \t]*licen[cs]e[ \t]*\n[-=]*\n/im).at(-1);
  return part !== readme && /permission|redistribution/i.test(part) ? part.trim() : undefined;
}

function byName(one, other) {
  return one.name < other.name ? -1 : one.name > other.name ? 1 : one.version < other.version ? -1 : 1;
}

/** Names and versions, for the test that compares them with the bundles. */
export function packagesOf(notices) {
  return [...notices.matchAll(/^- (\S+) (\S+) \(/gm)].map(([, name, version]) => `${name} ${version}`);
}

export const noticesFile = 'THIRD-PARTY-NOTICES.txt';
