// Ten thousand damaged pipeline files: none may throw, each gives a pipeline or problems that lie within the text.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parsePipeline } from '../../../src/definition/parsePipeline.ts';
import type { Problem } from '../../../src/model/problem.ts';
import { layOutRun } from '../../../src/plan/layOut.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/pipelines');
const originals = ['complete.yaml', 'minimal.yaml', 'canary.yaml'].map(name =>
  readFileSync(join(fixtures, name), 'utf8'),
);
const fragments = [
  '"',
  "'",
  '[',
  ']',
  '{',
  '}',
  ': ',
  '- ',
  '? ',
  '\t',
  '\n',
  '\r',
  '\u0000',
  '\ufeff',
  '&a ',
  '*a',
  '<<: *deploy',
  '!!set ',
  '|',
  '>',
  '---\n',
  '...\n',
  '#',
  '%YAML 1.1\n',
  '@',
  '`',
  '__proto__: x',
  'constructor',
  '0x1F',
  '.inf',
  '1e999',
  '-0',
  'null',
  '~',
  'yes',
  '😀',
  '\ud800',
  '\u2028',
  '100%',
  '-5%',
  '1h',
  '999999999d',
  'stages',
  'inputs.',
  '&&',
  '(',
  '\\',
  'NRAK-AAAAAAAAAAAAAAAAAA',
  'x'.repeat(2_000),
  '['.repeat(70),
  '- '.repeat(70),
];

/** Mulberry32: the same files on every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function damage(text: string, random: () => number): string {
  const at = Math.floor(random() * (text.length + 1));
  const lines = text.split('\n');
  const line = Math.floor(random() * lines.length);
  const other = Math.floor(random() * lines.length);
  const tokens = text.match(/[\w.%-]+|[^\w\s]|\s+/g) ?? [];
  const token = Math.floor(random() * tokens.length);
  const fragment = fragments[Math.floor(random() * fragments.length)] ?? '';
  switch (Math.floor(random() * 10)) {
    case 0:
      return text.slice(0, at) + String.fromCharCode(Math.floor(random() * 256)) + text.slice(at + 1);
    case 1:
      return text.slice(0, at) + text.slice(at + 1 + Math.floor(random() * 20));
    case 2:
      return text.slice(0, at) + fragment + text.slice(at);
    case 3:
      return text.slice(0, at);
    case 4:
      return lines.toSpliced(line, 1).join('\n');
    case 5:
      return lines.toSpliced(line, 0, lines[other] ?? '').join('\n');
    case 6:
      return lines
        .toSpliced(
          line,
          1,
          `${' '.repeat(Math.floor(random() * 4))}${(lines[line] ?? '').slice(Math.floor(random() * 3))}`,
        )
        .join('\n');
    case 7:
      return tokens.toSpliced(token, 1, tokens[Math.floor(random() * tokens.length)] ?? '').join('');
    case 8:
      return tokens.toSpliced(token, 1, fragment).join('');
    default:
      return tokens.toSpliced(token, 1).join('');
  }
}

function assertWithin(problem: Problem, lines: readonly string[]): void {
  assert.ok(problem.line >= 1 && problem.endLine <= lines.length && problem.line <= problem.endLine);
  assert.ok(problem.column >= 1 && problem.column <= (lines[problem.line - 1]?.length ?? 0) + 1);
  assert.ok(problem.endColumn >= 1 && problem.endColumn <= (lines[problem.endLine - 1]?.length ?? 0) + 1);
  assert.ok(problem.line < problem.endLine || problem.column <= problem.endColumn);
  assert.match(problem.code, /^[a-z0-9]+(-[a-z0-9]+)*$/);
  assert.ok(problem.message.length > 10 && problem.message.length < 500);
  assert.ok((problem.found?.length ?? 0) <= 80);
}

test('10,000 mutated files give a pipeline or located problems, and never throw', () => {
  const random = seeded(20_260_101);
  const tally = { pipelines: 0, refused: 0 };
  for (let round = 0; round < 10_000; round++) {
    let text = originals[round % 8 === 0 ? 0 : 1 + (round % 2)] ?? '';
    for (let times = 1 + Math.floor(random() * 3); times > 0; times--) text = damage(text, random);
    try {
      const { pipeline, problems } = parsePipeline(text, 'fuzzed.yaml');
      const lines = text.replace(/^\ufeff/, '').split('\n');
      for (const problem of problems) assertWithin(problem, lines);
      assert.equal(
        pipeline === undefined,
        problems.some(problem => problem.severity === 'error'),
      );
      if (pipeline) layOutRun(pipeline);
      tally[pipeline ? 'pipelines' : 'refused']++;
    } catch (error) {
      assert.fail(`round ${round}: ${String(error)}\n${text}`);
    }
  }
  assert.ok(tally.pipelines > 500 && tally.refused > 5_000, JSON.stringify(tally));
});
