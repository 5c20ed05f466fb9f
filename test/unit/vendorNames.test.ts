// Outside its folder no vendor is named, so that the next one needs no edit there: in no code, no sentence and no
// comment.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { definitions } from '../../src/vendors/definitions.ts';
import { vendorPorts } from '../../src/vendors/ports.ts';

const root = new URL('../../', import.meta.url);
/**
 * The demo stands for the vendors, and a first pipeline is written from the files of theirs that a repository has;
 * whatever else has a reason to name one is listed here with it.
 */
const mayName =
  /^src\/(?:(?:vendors|demo|definition\/starter)\/|model\/starter\.ts|terminal\/commands\/initCommand\.ts)/;

/**
 * What a vendor's parts, products and languages are called, beside what the definitions themselves say. What is read on
 * this machine, without a connection, is called by a common word.
 */
const words = [
  ...definitions.filter(({ connection }) => connection).flatMap(({ kind, title }) => [kind, title]),
  'new[-_ ]?relic',
  'nrql',
  'nerd[-_ ]?graph',
  'NRAK',
  'NRAL',
  'sumo(?!f\\b)', // not sumOf
  'jenkins',
];
const vendorName = new RegExp(words.join('|'), 'i');

test('no vendor is named outside its folder, the demo and the starter of a pipeline', () => {
  const files = globSync(['src/**/*.ts', 'webview/**/*.ts'], { cwd: root.pathname }).filter(
    file => !mayName.test(file),
  );
  assert.ok(files.length > 200, `${files.length} files`);
  assert.deepEqual(
    files.flatMap(file =>
      readFileSync(new URL(file, root), 'utf8')
        .split('\n')
        .flatMap((line, index) => (vendorName.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
    ),
    [],
  );
});

test('what the vendors share, and what finds one by its name, names none either', () => {
  const registries = ['decoders.decode.ts', 'definitions.ts', 'ports.ts'].map(file => `src/vendors/${file}`);
  const files = globSync(['src/vendors/*.ts', 'src/vendors/transport/**/*.ts'], { cwd: root.pathname });
  assert.deepEqual(
    files.filter(file => !registries.includes(file) && vendorName.test(readFileSync(new URL(file, root), 'utf8'))),
    [],
  );
});

test('the registries name the same vendors, with an I/O for each part that a file may name', () => {
  assert.deepEqual(Object.keys(vendorPorts).sort(), definitions.map(({ kind }) => kind).sort());
  for (const { kind, source, artifact, hook } of definitions) {
    const ports = vendorPorts[kind]!;
    assert.deepEqual(
      [ports.source, ports.artifacts, ports.hook].map(port => port !== undefined),
      [source, artifact, hook].map(part => part !== undefined),
      kind,
    );
  }
});

test('a form of a key is found wherever it stands, in one text after the other', () => {
  for (const { kind, credential } of definitions)
    for (const form of credential?.forms ?? []) assert.match(form.flags, /g/, `${kind}: ${form.source}`);
});
