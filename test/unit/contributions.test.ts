// The ids in contributions.ts, package.json, the translations and the code are the same.
import assert from 'node:assert/strict';
import { globSync, existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { commands, contextKeys, runPanelType, settings, views } from '../../src/contributions.ts';
import { definitions } from '../../src/vendors/definitions.ts';

interface MenuItem {
  readonly command: string;
  readonly when?: string;
  readonly group?: string;
}
interface Manifest {
  readonly icon: string;
  readonly l10n: string;
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly category: string;
      readonly icon?: string;
      readonly enablement?: string;
    }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly icon: string }[]>>;
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string; readonly when?: string }[];
    readonly menus: Readonly<Record<string, readonly MenuItem[]>>;
    readonly keybindings: readonly MenuItem[];
    readonly configuration: {
      readonly properties: Readonly<
        Record<string, { readonly default?: unknown; readonly markdownDescription?: string; readonly scope?: string }>
      >;
    };
    readonly walkthroughs: readonly {
      readonly steps: readonly {
        readonly description: string;
        readonly media: { readonly svg?: string; readonly image?: string };
      }[];
    }[];
  };
}

const root = new URL('../../', import.meta.url);
const readJson = (file: string): unknown => JSON.parse(readFileSync(new URL(file, root), 'utf8'));
const manifest = readJson('package.json') as Manifest;
const { contributes } = manifest;
const translations = globSync('package.nls*.json', { cwd: root.pathname });
const commandIds = Object.values(commands) as string[];

test('every command is contributed, and every contributed command exists', () => {
  assert.deepEqual(contributes.commands.map(({ command }) => command).sort(), [...commandIds].sort());
});

test('every command has the category and an icon', () => {
  for (const { command, category, icon } of contributes.commands) {
    assert.equal(category, 'Backstop', command);
    assert.match(icon ?? '', /^\$\([a-z-]+\)$/, command);
  }
});

test('a command that executes is only enabled in a trusted workspace', () => {
  const executing: string[] = [
    commands.deploy,
    commands.deployLastBuild,
    commands.deployEarlier,
    commands.dryRun,
    commands.approve,
    commands.reject,
    commands.rollBack,
    commands.cancelRun,
    commands.holdCanary,
    commands.promoteCanary,
    commands.skipVerification,
    commands.retryVerification,
    commands.acceptRelease,
    commands.runAgain,
    commands.testConnections,
    commands.openDemo,
  ];
  for (const id of executing)
    assert.equal(contributes.commands.find(one => one.command === id)?.enablement, 'isWorkspaceTrusted', id);
});

test('every view is contributed in one container', () => {
  assert.deepEqual(Object.keys(contributes.views), [views.container]);
  assert.deepEqual(
    contributes.views[views.container]?.map(({ id }) => id).sort(),
    [views.pipelines, views.runs, views.environments].sort(),
  );
});

test('every setting is contributed with a default and a description', () => {
  const { properties } = contributes.configuration;
  assert.deepEqual(Object.keys(properties).sort(), Object.values(settings).sort());
  for (const [name, { default: value, markdownDescription }] of Object.entries(properties)) {
    assert.notEqual(value, undefined, name);
    assert.match(markdownDescription ?? '', /^%.+%$/, name);
  }
});

test('a workspace cannot say who the person is', () => {
  assert.equal(contributes.configuration.properties[settings.userName]?.scope, 'machine');
});

test('menus, key bindings, welcome views and walkthrough call only commands that exist', () => {
  for (const item of [...Object.values(contributes.menus).flat(), ...contributes.keybindings])
    assert.ok(commandIds.includes(item.command), item.command);
  const texts = readJson('package.nls.json') as Record<string, string>;
  for (const [key, text] of Object.entries(texts)) {
    for (const [, id] of text.matchAll(/\(command:([\w.]+)\)/g))
      if (id!.startsWith('backstop.')) assert.ok(commandIds.includes(id!), `${key}: ${id}`);
  }
});

test('conditions name only views and context keys that exist', () => {
  const known: string[] = [...Object.values(views), ...Object.values(contextKeys), runPanelType];
  const conditions = [
    ...Object.values(contributes.menus)
      .flat()
      .map(({ when = '' }) => when),
    ...contributes.keybindings.map(({ when = '' }) => when),
    ...contributes.viewsWelcome.map(({ when = '' }) => when),
  ];
  for (const when of conditions)
    for (const [id] of when.matchAll(/\bbackstop\.[A-Za-z]+/g)) assert.ok(known.includes(id), when);
  for (const { view } of contributes.viewsWelcome) assert.ok(known.includes(view), view);
});

test('every context key is used by some condition', () => {
  const text = JSON.stringify(contributes);
  for (const key of Object.values(contextKeys)) assert.ok(text.includes(key), key);
});

test('every text of the manifest stands in every translation, and no more', () => {
  const used = [...new Set([...JSON.stringify(manifest).matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key))].sort();
  assert.ok(translations.length >= 2, 'there is a translation');
  for (const file of translations) assert.deepEqual(Object.keys(readJson(file) as object).sort(), used, file);
});

test('every picture that the manifest names exists', () => {
  const files = [
    manifest.icon,
    ...Object.values(contributes.views)
      .flat()
      .map(({ icon }) => icon),
    ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.svg ?? media.image ?? '')),
  ];
  for (const file of files) assert.ok(existsSync(new URL(file, root)), file);
});

const sources = globSync(['src/host/**/*.ts', 'src/extension.ts', 'src/protocol/**/*.ts', 'webview/**/*.ts'], {
  cwd: root.pathname,
});
const literal = String.raw`(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")`;
const translated = new RegExp(String.raw`(?<![\w$])t\(\s*(${literal}(?:\s*\+\s*${literal})*)`, 'g');
/** A long sentence is several literals joined by `+`. */
const joinLiterals = (literals: string): string =>
  [...literals.matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g)]
    .map(([, single, double]) => (single ?? double ?? '').replaceAll("\\'", "'").replaceAll('\\n', '\n'))
    .join('');
const said = new Map(
  sources.flatMap(file =>
    [...readFileSync(new URL(file, root), 'utf8').matchAll(translated)].map(
      ([, literals = '']) => [joinLiterals(literals), file] as const,
    ),
  ),
);
// The vendors' definitions bring what is asked for their credentials.
for (const { kind, credential } of definitions)
  if (credential) said.set(credential.prompt, `the definition of ${kind}`);

test('every sentence that goes through l10n stands in every bundle, and no more', () => {
  const bundles = globSync('bundle.l10n*.json', { cwd: new URL(manifest.l10n, root).pathname });
  assert.ok(bundles.length >= 2, 'there is a translation');
  for (const file of bundles) {
    const bundle = readJson(`${manifest.l10n}/${file}`) as Record<string, string>;
    assert.deepEqual(
      [...said.keys()].filter(text => !Object.hasOwn(bundle, text)).map(text => `${said.get(text)}: ${text}`),
      [],
      `missing in ${file}`,
    );
    assert.deepEqual(
      Object.keys(bundle).filter(text => !said.has(text)),
      [],
      `not used, in ${file}`,
    );
  }
});

test('the English bundle repeats each sentence, so that no second wording of it exists', () => {
  const bundle = readJson(`${manifest.l10n}/bundle.l10n.json`) as Record<string, string>;
  assert.deepEqual(
    Object.entries(bundle).filter(([text, english]) => text !== english),
    [],
  );
});

test('a translation keeps the places of its sentence', () => {
  const placesOf = (text: string): string[] => (text.match(/\{\d+\}/g) ?? []).sort();
  for (const file of globSync('bundle.l10n.*.json', { cwd: new URL(manifest.l10n, root).pathname })) {
    for (const [text, translated] of Object.entries(readJson(`${manifest.l10n}/${file}`) as Record<string, string>)) {
      assert.deepEqual(placesOf(translated), placesOf(text), text);
      assert.notEqual(translated.trim(), '', text);
    }
  }
});
