// Holds every document to the repository: links lead somewhere, files that are named exist, generated parts are up to
// date, and the package has what it needs.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { commands as editorCommands, settings } from '../../src/contributions.ts';
import { documentationOf } from '../../src/host/language/documentation.ts';
import { fillBlocks } from '../../src/reference/blocks.ts';
import { documentsWithReference, writeReference } from '../../src/reference/documents.ts';
import { commands } from '../../src/terminal/screen/terminal.ts';
import { anchorsOf, documentPaths, linksOf, read, root, withoutBlocks } from './documentSet.ts';

const vsce = join(root, 'node_modules/@vscode/vsce/vsce');
const texts = JSON.parse(read('package.nls.json')) as Readonly<Record<string, string>>;

/** Words that the table in CONTRIBUTING.md replaces. "Goes on hold" is an agreed one. */
const dialect = new RegExp(
  [
    /\bby itself\b/,
    /\btak(?:es?|en) up\b/,
    /\bbrought back\b/,
    /\bbrings? back\b/,
    /\bgo(?:es|ing)? on\b(?! hold)/,
    /\bheed(?:s|ed)?\b/,
    /\bbears?\b/,
    /\bproven?\b/,
    /\bproof\b(?!`)/,
    /\b(?:next|each|every|first|two|a|last) looks?\b(?!-| (?:at|like|for|up))/,
    /(?<!percent )\bsigns?\b/,
    /\b(?:some|no|any)body\b/,
    /\bunder way\b/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'i',
);
/** The page that lists the words to avoid. */
const contributors: ReadonlySet<string> = new Set(['.github/CONTRIBUTING.md']);

test('the documents are where readers look for them', () => {
  for (const path of ['README.md', 'CHANGELOG.md', 'src/README.md', 'test/README.md', '.github/CONTRIBUTING.md'])
    assert.ok(documentPaths.includes(path), path);
  assert.ok(documentPaths.filter(path => path.startsWith('media/docs/')).length >= 7);
});

for (const path of documentsWithReference) {
  test(`the generated parts of ${path} are what npm run docs writes`, () => {
    assert.equal(read(path), writeReference(read(path), read));
  });
}

test('a generated part that is wrong, unknown or never ends is found', () => {
  const page = '<!-- generated: keys environments.* -->\nwrong\n<!-- end of generated text -->\nkept\n';
  const written = writeReference(page, read);
  assert.match(written, /\| `whenBusy` \|/);
  assert.match(written, /\nkept\n$/);
  assert.doesNotMatch(written, /wrong/);
  assert.throws(() => writeReference(page.replace('environments', 'nothing'), read), /nothing/);
  assert.throws(() => fillBlocks('<!-- generated: commands -->\n', () => ''), /Nothing ends/);
});

for (const path of documentPaths) {
  const text = read(path);
  test(`links of ${path} lead somewhere`, () => {
    const broken = linksOf(text)
      .map(({ target }) => target)
      .filter(target => !/^https?:\/\//.test(target))
      .filter(target => {
        const [file = '', anchor] = target.split('#');
        const linked = file === '' ? path : normalize(join(dirname(path), file));
        return (
          !existsSync(join(root, linked)) ||
          (anchor !== undefined && !anchorsOf(read(linked)).has(anchor)) ||
          // Pages of the package cannot lead to files that are not in it.
          (path.startsWith('media/') && !/^(?:media\/(?:docs|recipes)\/|README\.md$)/.test(linked))
        );
      });
    assert.deepEqual(broken, []);
  });

  test(`pictures of ${path} are described; pages of the package have none`, () => {
    const pictures = linksOf(text).filter(({ isPicture }) => isPicture);
    assert.deepEqual(
      pictures.filter(({ words }) => words.length < 20 || path.startsWith('media/')),
      [],
    );
  });

  test(`files, commands and settings that ${path} names exist`, () => {
    // Recipes and the README also name files of the reader's own repository.
    const own = /^(?:scripts|config|\.backstop|artifacts|dist|target)\//;
    const words = [...withoutBlocks(text).matchAll(/`([^`\n]+)`/g)].map(([, word = '']) => word);
    const files = words.filter(word => /^[\w.-]+(?:\/[\w.-]+)+\.(?:ts|md|json|mjs|yaml|png)$/.test(word));
    assert.deepEqual(
      files.filter(
        file =>
          !own.test(file) &&
          !file.includes('NAME') &&
          ![file, join(dirname(path), file), join('src', file)].some(one => existsSync(join(root, one))),
      ),
      [],
    );
    const known = [...Object.values(settings), ...Object.values(editorCommands)] as string[];
    assert.deepEqual(
      words.filter(word => /^backstop\.[a-z]\w*(?:\.\w+)*$/.test(word) && !known.includes(word)),
      [],
    );
    const titles = Object.entries(texts).flatMap(([key, title]) => (key.startsWith('commands.') ? [title] : []));
    assert.deepEqual(
      [...text.matchAll(/\*\*Backstop: ([^*]+)\*\*/g)]
        .map(([, title = '']) => title)
        .filter(one => !titles.includes(one)),
      [],
    );
  });
}

test('hovers lead to sections that exist', () => {
  const paths = [
    ...[
      'artifact',
      'inputs',
      'configuration',
      'connections',
      'environments',
      'hooks',
      'healthSources',
      'stages',
      'unattended',
      'name',
    ].map(key => [key]),
    ...['when', 'approval', 'canary', 'verification'].map(key => ['stages', 0, key]),
  ];
  const targets = paths.map(documentationOf);
  const anchors = anchorsOf(read('media/docs/pipeline-file.md'));
  for (const target of targets) {
    const [page, section = ''] = target.split('#');
    assert.equal(page, 'pipeline-file.md');
    assert.ok(anchors.has(section), target);
  }
  assert.equal(new Set(targets).size, paths.length);
  assert.equal(documentationOf(['stages', 2, 'parallel', 0, 'canary', 'phases']), 'pipeline-file.md#canaries');
});

test("the package has the bundles, the documentation, the extension's page, and nothing else", async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [vsce, 'ls', '--no-dependencies', '--readme-path', 'media/extension-page.md'],
    { cwd: root },
  );
  const files = stdout.trim().split('\n');
  // Whoever has packaged the extension before has its bill of materials.
  const outside = files.filter(file => !/^(?:dist\/(?:\w+\.c?js|sbom\.cdx\.json)|media\/.+)$/.test(file)).sort();
  assert.deepEqual(outside, [
    'CHANGELOG.md',
    'LICENSE',
    'dist/THIRD-PARTY-NOTICES.txt',
    'package.json',
    'package.nls.de.json',
    'package.nls.json',
  ]);
  assert.deepEqual(
    files
      .filter(file => file.startsWith('media/') && !/^media\/(?:l10n|recipes|walkthrough|snippets)\//.test(file))
      .sort(),
    [
      'media/Jenkinsfile',
      'media/container.svg',
      ...documentPaths.filter(path => path.startsWith('media/') && !path.startsWith('media/recipes/')),
      'media/icon.png',
      'media/pipeline.schema.json',
    ].sort(),
  );
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Readonly<Record<string, string>> };
  assert.match(scripts['package'] ?? '', /--readme-path media\/extension-page\.md/);
});

test('the page that introduces the extension fits on a screen or two', () => {
  assert.ok(read('media/extension-page.md').length < 3_000);
});

test('documents, help and the user interface use the agreed words', () => {
  const help = commands.flatMap(command => [
    command.summary,
    ...command.details,
    ...Object.values(command.options).map(({ text }) => text),
    ...Object.values(command.statuses),
  ]);
  const sentences = [
    ...documentPaths
      .filter(path => !contributors.has(path))
      .flatMap(path =>
        withoutBlocks(read(path))
          .replaceAll(/`[^`\n]*`/g, '`…`')
          .split('\n'),
      ),
    ...Object.values(texts),
    ...Object.keys(JSON.parse(read('media/l10n/bundle.l10n.json')) as object),
    ...help,
  ];
  assert.ok(sentences.length > 1_500);
  assert.deepEqual(
    sentences.filter(sentence => dialect.test(sentence)),
    [],
  );
  for (const sentence of ['Rolls back by itself in 5:00.', 'The run goes on.', 'It is proven.', 'Every sign counts.'])
    assert.match(sentence, dialect);
});
