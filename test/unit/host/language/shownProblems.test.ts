// Which problems are left to the YAML extension, which knows the schema and nothing else.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parsePipeline } from '../../../../src/definition/parsePipeline.ts';
import { problemsToShow } from '../../../../src/host/language/diagnosis/shownProblems.ts';
import { fixture, readTree, schema } from './cursor.ts';

function codesOf(text: string, yamlExtensionChecks: boolean): readonly string[] {
  const { problems } = parsePipeline(text, 'a.yaml');
  return problemsToShow(problems, readTree(text), schema, yamlExtensionChecks).map(problem => problem.code);
}
const broken = (name: string): string => fixture(`broken/${name}.yaml`);

describe('beside the YAML extension', () => {
  test('what the schema says is left to it', () => {
    for (const name of [
      'unknown-keys',
      'bad-choice',
      'wrong-types',
      'version-as-text',
      'bad-names',
      'missing-colon',
      'tab-indentation',
      'duplicate-key',
      'phases-missing',
      'no-stages',
    ]) {
      assert.deepEqual(
        codesOf(broken(name), true).filter(code => code !== 'unused-hook'),
        [],
        name,
      );
      assert.notDeepEqual(codesOf(broken(name), false), [], name);
    }
  });
  test('the rules across fields stay', () => {
    for (const [name, codes] of [
      ['unknown-hook', ['unknown-hook']],
      ['condition-cycle', ['condition-cycle']],
      ['timeout-too-short', ['timeout-too-short']],
      ['phases-over-all', ['phase-out-of-range']],
      ['secret-in-url', ['url-with-credentials']],
      ['hook-of-no-kind', ['missing-kind']],
    ] as const)
      assert.ok(
        codes.every(code => codesOf(broken(name), true).includes(code)),
        name,
      );
  });
  test('of one code, what the schema knows is left and the rest stays', () => {
    const stage = (inner: string): string =>
      `version: 1\nservice: a\nenvironments: { d: { nodes: [n] } }\nhooks: { h: { command: ` +
      `[h] } }\nstages:\n  - { stage: A, ${inner} }\n`;
    assert.deepEqual(
      codesOf(stage('environment: d, steps: []'), true).filter(code => code === 'out-of-range'),
      [],
    );
    assert.deepEqual(codesOf(stage('environment: d, steps: [h], timeout: 90d'), true), ['out-of-range']);
    assert.deepEqual(codesOf(stage('steps: [h]'), true), ['missing-key']);
    assert.deepEqual(
      codesOf(stage('approval: {}'), true).filter(code => code === 'missing-key'),
      [],
    );
  });
});

test('without it every problem is shown', () => {
  const { problems } = parsePipeline(broken('wrong-types'), 'a.yaml');
  assert.equal(problemsToShow(problems, readTree(broken('wrong-types')), schema, false), problems);
});
