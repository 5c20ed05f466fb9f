// What is shipped says whose it is: every package of a bundle with its licence in full.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
// @ts-expect-error: the script of the build is plain JavaScript.
import * as script from '../../.ci/notices.mjs';
import { temporaryFolder } from './adapters/store/historyFixture.ts';

interface Notices {
  writeNotices(metafiles: readonly object[], root: string): string;
  packagesOf(notices: string): readonly string[];
  readonly noticesFile: string;
}
const { writeNotices, packagesOf, noticesFile } = script as Notices;
const root = join(import.meta.dirname, '../..');

function metafileOf(...inputs: string[]): object {
  return { outputs: { 'dist/x.js': { inputs: Object.fromEntries(inputs.map(input => [input, {}])) } } };
}

test('each package of a bundle is named once, with its version and the text of its licence', () => {
  const notices = writeNotices(
    [
      metafileOf('src/cli.ts', 'node_modules/lit/index.js', 'node_modules/lit/html.js'),
      metafileOf(
        'node_modules/lit/index.js',
        'node_modules/@microsoft/fast-element/dist/esm/index.js',
        'node_modules/agent-base/dist/src/index.js',
      ),
    ],
    root,
  );
  assert.deepEqual(
    packagesOf(notices).map(one => one.split(' ')[0]),
    ['@microsoft/fast-element', 'agent-base', 'lit'],
  );
  for (const text of [
    'Redistribution and use in source and binary forms', // lit, BSD-3-Clause, a file of its own
    'Copyright (c) Microsoft', // fast-element ships no text
    'Nathan Rajlich', // agent-base, in its README
  ])
    assert.ok(notices.includes(text), text);
});

test('a package without a licence fails the build by name', context => {
  const folder = temporaryFolder(context);
  mkdirSync(join(folder, 'node_modules/nobodys'), { recursive: true });
  writeFileSync(join(folder, 'node_modules/nobodys/package.json'), '{"name":"nobodys","version":"1.0.0"}');
  assert.throws(
    () => writeNotices([metafileOf('node_modules/nobodys/a.js')], folder),
    /nobodys 1\.0\.0 is in a bundle and has no licence/,
  );
});

test('the VSIX takes notices and SBOM along, and packing writes both', () => {
  const ignore = readFileSync(join(root, '.vscodeignore'), 'utf8').split('\n');
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  assert.ok(ignore.includes(`!dist/${noticesFile}`) && ignore.includes('!dist/sbom.cdx.json'));
  assert.match(
    scripts['package']!,
    /run -s build && npm sbom .*--sbom-format cyclonedx > dist\/sbom\.cdx\.json && vsce package/,
  );
});

test(
  'what the source maps of the built bundles name is in the notices',
  { skip: !existsSync(join(root, 'dist', noticesFile)) },
  () => {
    const named = new Set(
      packagesOf(readFileSync(join(root, 'dist', noticesFile), 'utf8')).map(one => one.split(' ')[0]),
    );
    const maps = readdirSync(join(root, 'dist')).filter(name => name.endsWith('.map'));
    assert.ok(maps.length > 5);
    for (const map of maps) {
      const { sources } = JSON.parse(readFileSync(join(root, 'dist', map), 'utf8')) as { sources: readonly string[] };
      for (const source of sources) {
        const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/.exec(source)?.[1];
        if (name !== undefined) assert.ok(named.has(name), `${name} in ${map}`);
      }
    }
  },
);
