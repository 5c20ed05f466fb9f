// A run in a few lines of Markdown: what a reader of a chat or a ticket needs, with every foreign character as text.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSummary } from '../../../src/protocol/report/runSummary.ts';
import { snapshotRun } from '../../../src/protocol/snapshot/snapshot.ts';
import { runLink, parseLink } from '../../../src/host/workspace/links.ts';
import { logsCheck, metricChecks, steadyRise, withEvidence } from '../../panel/fixtures.ts';
import { oldRelease, rolledBackStory, startMs } from '../terminal/stories.ts';

const events = withEvidence(rolledBackStory, 'Production/1/verify', steadyRise, evidence => [
  logsCheck('fail', evidence, 4),
  ...metricChecks('pass', startMs + 684_200),
]);

test('a summary says the verdict, the facts, what failed, the new log events, and where to open the run', () => {
  const snapshot = snapshotRun('run', events, startMs + 720_000, { number: 128, working: oldRelease });
  assert.ok(snapshot);
  const lines = runSummary(snapshot, runLink('vscode', 'backstop.backstop', '01J')).split('\n');
  assert.match(lines[0] ?? '', /^\*\*storefront\\: 4 new exceptions on 2 canary nodes/);
  assert.ok(
    lines.some(line => /^- quality \\\(Sumo Logic\\\) failed\\: 4 new exceptions/.test(line)),
    lines.join('\n'),
  );
  assert.ok(lines.includes('- Passed\\: 4 checks'));
  assert.deepEqual(
    lines.filter(line => /^- [A-D] /.test(line)).map(line => line.slice(2, 12)),
    ['A Inventor', 'B NullPoin', 'C SQLSynta', 'D Completi'],
  );
  assert.equal(lines.at(-2), '[Open Run](vscode://backstop.backstop/run/01J)');
});

test('a template with Markdown and line breaks stays one line of text', () => {
  const snapshot = snapshotRun('run', events, startMs + 720_000);
  const [first] = snapshot?.clusters.shown ?? [];
  assert.ok(snapshot && first);
  const hostile = { ...first, template: '](javascript:x) **b** <img>\n# head' };
  const text = runSummary({ ...snapshot, clusters: { shown: [hostile], hidden: 0 } }, 'vscode://x/run/1');
  const line = text.split('\n').find(one => one.startsWith('- A '));
  assert.equal(line?.startsWith('- A \\]\\(javascript\\:x\\) \\*\\*b\\*\\* \\<img\\>'), true, line);
  assert.ok(line?.includes('\\# head'), line);
});

test('the copied address is one that the editor opens', () => {
  const { pathname } = new URL(runLink('vscode', 'backstop.backstop', '01JABC-x'));
  assert.deepEqual(parseLink(pathname), { kind: 'run', run: '01JABC-x' });
});
