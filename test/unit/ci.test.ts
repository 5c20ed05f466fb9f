// The reporter that counts the tests of a build: every outcome by name, suites left out, files that never ran included.
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
// @ts-expect-error -- a script without types
import * as script from '../../.ci/reporter.mjs';

type Report = (events: AsyncIterable<unknown>) => AsyncIterable<string>;
const report = (script as { readonly default: Report }).default;

async function linesOf(events: readonly unknown[]): Promise<readonly unknown[]> {
  const lines: unknown[] = [];
  for await (const line of report(Readable.from(events))) lines.push(JSON.parse(line));
  return lines;
}

test('each test is reported once with its outcome; a suite is not, and what a failed file leaves is', async () => {
  const file = 'a.test.ts';
  const reported = await linesOf([
    { type: 'test:start', data: { name: 'passes', file } },
    { type: 'test:pass', data: { name: 'passes', file, details: { type: 'test' } } },
    { type: 'test:fail', data: { name: 'fails', file, details: { type: 'test' } } },
    { type: 'test:pass', data: { name: 'skipped', file, skip: 'Chromium is not installed', details: {} } },
    { type: 'test:pass', data: { name: 'not on this platform', file, skip: true, details: {} } },
    { type: 'test:fail', data: { name: 'to do', file, todo: true, details: {} } },
    { type: 'test:fail', data: { name: 'a suite', file, details: { type: 'suite' } } },
    { type: 'test:fail', data: { name: 'b.test.ts', file: 'b.test.ts', details: {} } },
    { type: 'test:diagnostic', data: { message: 'tests 6' } },
  ]);
  assert.deepEqual(reported, [
    { name: 'passes', file, outcome: 'passed' },
    { name: 'fails', file, outcome: 'failed' },
    { name: 'skipped', file, outcome: 'skipped', reason: 'Chromium is not installed' },
    { name: 'not on this platform', file, outcome: 'skipped', reason: '' },
    { name: 'to do', file, outcome: 'todo' },
    { name: 'b.test.ts', file: 'b.test.ts', outcome: 'failed' },
  ]);
});
