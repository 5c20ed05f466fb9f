// Every import boundary of the house refuses what it must, with its sentence, and lets pass what it may.
import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { test } from 'node:test';
// @ts-expect-error: the lint configuration is plain JavaScript.
import { boundaries, refusalOf } from '../../eslint.config.mjs';

const root = new URL('../../', import.meta.url);
const refusal = refusalOf as (file: string, source: string) => string | undefined;

test('every row of the table names files that exist, and every file of ours has a row', () => {
  const files = globSync(['src/**/*.ts', 'webview/**/*.ts'], { cwd: root.pathname });
  for (const { files: pattern } of boundaries as readonly { readonly files: string }[])
    assert.ok(
      globSync(pattern.endsWith('/') ? `${pattern}**/*.ts` : pattern, { cwd: root.pathname }).length > 0,
      pattern,
    );
  for (const file of files.filter(one => one !== 'src/pure.d.ts'))
    assert.doesNotMatch(refusal(file, 'nothing') ?? '', /No row/, file);
});

test('an import is judged by where it leads, not by how it is written', () => {
  assert.equal(refusal('src/run/stages/a.ts', '../../run/ownership/journal.ts'), undefined);
  assert.match(refusal('src/run/stages/a.ts', '../../model/../verify/loop.ts') ?? '', /is a phase/);
});

const refused: readonly (readonly [file: string, source: string, sentence: RegExp])[] = [
  ['src/model/a.ts', '../run/ownership/journal.ts', /it imports nothing/],
  ['src/model/a.ts', 'zod', /it imports nothing/],
  ['src/model/a.ts', 'node:fs', /Pure folders do no I\/O/],
  ['src/run/a.ts', '../verify/loop.ts', /it may import src\/model\/ alone/],
  ['src/verify/logs/a.ts', '../../vendors/transport/http.ts', /it may import src\/model\/ alone/],
  ['src/decide/a.ts', 'vscode', /it may import src\/model\/ alone/],
  ['src/definition/a.ts', 'axios', /Pure folders do no I\/O/],
  ['src/plan/a.ts', '../engine.ts', /it may import src\/model\/ alone/],
  ['src/engine.ts', './vendors/transport/http.ts', /introduced by compose\.ts/],
  ['src/vendors/newRelic/metrics.ts', '../../run/ownership/journal.ts', /a phase or a host/],
  ['src/vendors/newRelic/metrics.ts', 'axios', /Only http\.ts knows axios/],
  ['src/vendors/transport/http.ts', 'vscode', /http\.ts alone knows axios/],
  ['src/vendors/newRelic/metrics.ts', '../sumoLogic/query.ts', /never another vendor/],
  ['src/vendors/jenkins/hook.ts', '../../adapters/time.ts', /never another vendor, an adapter/],
  ['src/vendors/jenkins/definition.ts', '../transport/http.ts', /A definition is pure/],
  ['src/vendors/healthSources.ts', '../adapters/time.ts', /never a phase or a host/],
  ['src/adapters/hooks/hooks.ts', '../../vendors/transport/http.ts', /never a vendor/],
  ['src/definition/a.ts', '../vendors/ports.ts', /the vendors' definitions alone/],
  ['src/host/a.ts', '../vendors/definitions.ts', /the contract of a vendor only/],
  ['src/nowhere.ts', './model/failure.ts', /No row/],
  ['src/vendors/sumoLogic/messages.decode.ts', '../transport/http.ts', /it may import src\/model\/, other decoders/],
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
    assert.match(refusal(file, source) ?? 'It may.', sentence);
  });
}

const allowed: readonly (readonly [file: string, source: string])[] = [
  ['src/run/a.ts', '../model/plan.ts'],
  ['src/run/a.ts', '../model/engine.ts'],
  ['src/run/a.ts', './journal.ts'],
  ['src/definition/a.ts', 'yaml'],
  ['src/definition/a.ts', '../vendors/definitions.ts'],
  ['src/host/a.ts', '../vendors/vendor.ts'],
  ['src/vendors/jenkins/definition.ts', './options.ts'],
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
    assert.equal(refusal(file, source), undefined);
  });
}
