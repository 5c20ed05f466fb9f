// `npm run test:host`: the in-host suite in the newest and in the oldest supported VS Code, each of its tests a test
// here.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { join } from 'node:path';
import { browserMissing } from '../editor/browser.ts';
import { buildSuite } from '../editor/buildSuite.ts';
import { editions } from '../editor/editions.ts';
import { runInHost } from './launch.ts';
import { startWatchedJenkins } from './watchedJenkins.ts';
import { writeSuiteWorkspace } from './workspace.ts';

const longestMs = 480_000;

before(buildSuite);

for (const edition of editions) {
  test(`in VS Code ${edition.vscode}`, { skip: browserMissing ?? false }, async t => {
    const jenkins = await startWatchedJenkins();
    t.after(() => jenkins.close());
    const [report] = await runInHost({
      edition,
      mode: 'suite',
      longestMs,
      prepare(home) {
        const workspace = join(home, 'workspace');
        writeSuiteWorkspace(workspace, process.execPath, jenkins.url);
        return Promise.resolve({ workspace, environment: jenkins.environment });
      },
    });
    assert.ok(report, 'there is no report');
    assert.ok(report.vscode.startsWith(`${edition.vscode}.`), `VS Code is ${report.vscode}`);
    assert.ok(report.tests.length > 0, 'no test ran');
    for (const { name, failure, durationMs } of report.tests) {
      await t.test(`${name} (${Math.round(durationMs)} ms)`, () => {
        if (failure !== undefined) assert.fail(failure);
      });
    }
  });
}
