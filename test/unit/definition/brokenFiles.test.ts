// Broken pipeline files, each beside the problems it must give. `BACKSTOP_UPDATE_FIXTURES=1` rewrites them: read every
// change.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parsePipeline } from '../../../src/definition/parsePipeline.ts';
import { formatProblem } from '../../../src/model/problem.ts';

const folder = join(import.meta.dirname, '../../fixtures/pipelines/broken');
const names = readdirSync(folder)
  .filter(name => name.endsWith('.yaml'))
  .map(name => name.slice(0, -'.yaml'.length));

describe('a broken pipeline file gives every mistake once, at its place', () => {
  for (const name of names) {
    test(name, () => {
      const { pipeline, problems } = parsePipeline(readFileSync(join(folder, `${name}.yaml`), 'utf8'), `${name}.yaml`);
      const text = problems.map(problem => `${formatProblem(problem)} [${problem.code}]\n`).join('');
      const expected = join(folder, `${name}.expected.txt`);
      if (process.env['BACKSTOP_UPDATE_FIXTURES']) writeFileSync(expected, text);
      assert.equal(pipeline, undefined);
      assert.ok(problems.some(problem => problem.severity === 'error'));
      assert.equal(text, existsSync(expected) ? readFileSync(expected, 'utf8') : 'no expectation yet');
    });
  }

  test('there are at least fifty of them', () => {
    assert.ok(names.length >= 50, String(names.length));
  });
});
