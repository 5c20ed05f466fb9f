// What conditions say for one run.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseCondition } from '../../../src/definition/condition.ts';
import type { Condition } from '../../../src/model/pipeline.ts';
import type { StageOutcome } from '../../../src/model/runs/runEvents.ts';
import { dependsOnOutcomes, evaluateCondition } from '../../../src/plan/conditions.ts';

function read(text: string): Condition {
  const parsed = parseCondition(text);
  assert.ok('condition' in parsed, text);
  return parsed.condition;
}

const facts = {
  inputs: { region: 'eu', batch: 3, fast: false, empty: '', zero: 0, yes: true },
  version: '1.2.0',
  outcomes: new Map<string, StageOutcome>([
    ['Dev', 'passed'],
    ['Edu test', 'rolled-back'],
  ]),
};

describe('evaluateCondition', () => {
  const cases: readonly [string, boolean][] = [
    ["inputs.region == 'eu'", true],
    ["inputs.region != 'eu'", false],
    ['inputs.batch == 3', true],
    ["inputs.batch == '3'", false],
    ['inputs.fast', false],
    ['inputs.yes', true],
    ['inputs.empty', false],
    ['inputs.zero', false],
    ['!inputs.fast', true],
    ['inputs.missing', false],
    ['inputs.missing == inputs.alsoMissing', false],
    ["inputs.missing != 'x'", true],
    ['inputs.toString', false],
    ["version matches '1\\.2\\..*'", true],
    ["version matches '2'", false],
    ["version in ['1.1.0', '1.2.0']", true],
    ["stages.Dev.outcome == 'passed'", true],
    ["stages['Edu test'].outcome in ['passed', 'skipped']", false],
    ["stages.Later.outcome == 'passed'", false],
    ["stages.Later.outcome != 'passed'", true],
    ['inputs.fast && inputs.yes || inputs.yes', true],
    ['inputs.fast && (inputs.yes || inputs.yes)', false],
    ["!(inputs.region == 'eu')", false],
    ['true', true],
    ['false', false],
  ];
  for (const [text, expected] of cases)
    test(`${text} is ${String(expected)}`, () => {
      assert.equal(evaluateCondition(read(text), facts), expected);
    });
});

test('dependsOnOutcomes finds an outcome wherever it stands, and nothing else', () => {
  const depending = [
    "stages.A.outcome == 'passed'",
    "'passed' == stages.A.outcome",
    "!(inputs.x && stages.A.outcome in ['held'])",
    "true || stages.A.outcome matches 'p.*'",
  ];
  const free = ['inputs.a == version', 'true', "version matches 'x'", 'inputs.a in [1]'];
  assert.deepEqual(
    depending.map(text => dependsOnOutcomes(read(text))),
    depending.map(() => true),
  );
  assert.deepEqual(
    free.map(text => dependsOnOutcomes(read(text))),
    free.map(() => false),
  );
});
