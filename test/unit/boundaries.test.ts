// Every import boundary of the house refuses what it must, with its sentence, and lets pass what it may.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';
// @ts-expect-error: the lint configuration is plain JavaScript.
import { boundaries } from '../../eslint.config.mjs';

interface Boundary {
  readonly files: string[];
  readonly ignores?: string[];
  readonly patterns: object[];
}

function lint(file: string, source: string): readonly string[] {
  const config = (boundaries as Boundary[]).map(({ files, ignores = [], patterns }) => ({
    files,
    ignores,
    languageOptions: { parser: tseslint.parser as Linter.Parser },
    rules: { 'no-restricted-imports': ['error', { patterns }] as Linter.RuleEntry },
  }));
  return new Linter()
    .verify(`import { it } from '${source}';\nexport const kept = it;\n`, config, { filename: file })
    .map(({ message }) => message);
}

const refused: readonly (readonly [file: string, source: string, sentence: RegExp])[] = [
  ['src/model/a.ts', '../run/ownership/journal.ts', /it imports nothing/],
  ['src/model/a.ts', 'node:fs', /Pure folders do no I\/O/],
  ['src/run/a.ts', '../verify/loop.ts', /it may import src\/model\/ alone/],
  ['src/verify/logs/a.ts', '../../vendors/transport/http.ts', /it may import src\/model\/ alone/],
  ['src/decide/a.ts', 'vscode', /Only src\/host\/ and src\/extension\.ts may import vscode/],
  ['src/definition/a.ts', 'axios', /Pure folders do no I\/O/],
  ['src/plan/a.ts', '../engine.ts', /it may import src\/model\/ alone/],
  ['src/engine.ts', './vendors/transport/http.ts', /introduced by compose\.ts/],
  ['src/vendors/newRelic/newRelic.ts', '../../run/ownership/journal.ts', /never a phase or a host/],
  ['src/vendors/newRelic/newRelic.ts', 'axios', /Only http\.ts knows axios/],
  ['src/vendors/transport/http.ts', 'vscode', /Only src\/host\//],
  [
    'src/vendors/sumoLogic/messages.decode.ts',
    '../transport/http.ts',
    /it may import src\/model\/ and other decoders only/,
  ],
  ['src/worker.ts', './engine.ts', /worker\.ts wires verify to the decoders/],
  ['src/supervisor.ts', './model/failure.ts', /it may import node:\* only/],
  ['src/host/a.ts', '../vendors/transport/http.ts', /constructor parameters/],
  ['src/terminal/a.ts', '../engine.ts', /gets the engine and history as parameters/],
  ['src/protocol/a.ts', 'node:path', /Pure folders do no I\/O/],
  ['src/demo/a.ts', '../engine.ts', /so that the engine cannot know it/],
  ['src/compose.ts', './terminal/terminal.ts', /hosts and terminals come after it/],
  ['src/cli.ts', './demo/fleet.ts', /no host, no demo/],
  ['webview/a.ts', '../src/run/ownership/journal.ts', /A webview knows src\/protocol\//],
  ['webview/a.ts', '@vscode/webview-ui-toolkit', /Only controls\.ts knows the UI toolkit/],
];
for (const [file, source, sentence] of refused) {
  test(`${file} may not import ${source}`, () => {
    assert.match(lint(file, source).join('\n'), sentence);
  });
}

const allowed: readonly (readonly [file: string, source: string])[] = [
  ['src/run/a.ts', '../model/plan.ts'],
  ['src/run/a.ts', '../model/engine.ts'],
  ['src/run/a.ts', './journal.ts'],
  ['src/definition/a.ts', 'yaml'],
  ['src/engine.ts', './verify/loop.ts'],
  ['src/vendors/transport/http.ts', 'axios'],
  ['src/adapters/hooks/hooks.ts', 'node:fs'],
  ['src/vendors/sumoLogic/messages.decode.ts', '../transport/json.decode.ts'],
  ['src/worker.ts', './vendors/decoders.decode.ts'],
  ['src/host/a.ts', 'vscode'],
  ['src/host/a.ts', '../protocol/sentences.ts'],
  ['src/demo/a.ts', 'node:http'],
  ['webview/a.ts', '../src/protocol/runPanel.ts'],
  ['webview/controls.ts', '@vscode/webview-ui-toolkit'],
];
for (const [file, source] of allowed) {
  test(`${file} may import ${source}`, () => {
    assert.deepEqual(lint(file, source), []);
  });
}
