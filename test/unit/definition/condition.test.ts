// The grammar of `when:`: what it reads, where it says what is wrong, and that printing and reading agree.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseCondition } from '../../../src/definition/condition.ts';
import type { Condition, InputValue, Operand } from '../../../src/model/pipeline.ts';
import { formatCondition } from '../../../src/plan/conditions.ts';

function read(text: string): Condition {
  const parsed = parseCondition(text);
  assert.ok('condition' in parsed, 'mistake' in parsed ? parsed.mistake.message : '');
  return parsed.condition;
}

function mistakeIn(text: string): { at: string; message: string } {
  const parsed = parseCondition(text);
  assert.ok('mistake' in parsed, 'reads without a mistake');
  return { at: text.slice(parsed.mistake.start, parsed.mistake.end), message: parsed.mistake.message };
}

describe('parseCondition reads', () => {
  const same = [
    "inputs.region == 'eu'",
    "inputs['my input'] != 3",
    "version matches '1\\\\..*'",
    "stages.Dev.outcome in ['passed', 'skipped']",
    "stages['Edu & more'].outcome == 'passed'",
    '!inputs.fast',
    '!(inputs.a == 1) && inputs.b || inputs.c',
    '(inputs.a || inputs.b) && inputs.c',
    'inputs.a && (inputs.b && inputs.c)',
    'true',
    '!!inputs.a',
    "inputs.a == 'it\\'s'",
    "inputs.a in [-1.5, true, 'x']",
  ];
  for (const text of same)
    test(text, () => {
      assert.equal(formatCondition(read(text)), text);
    });

  test('double quotes and any spacing', () => {
    assert.equal(formatCondition(read('  inputs.a=="x"&&version!="y"\n')), "inputs.a == 'x' && version != 'y'");
  });

  test('`&&` before `||`, and both from the left', () => {
    assert.equal(
      formatCondition(read('inputs.a || inputs.b && inputs.c || inputs.d')),
      'inputs.a || inputs.b && inputs.c || inputs.d',
    );
    assert.deepEqual(read('inputs.a || inputs.b && inputs.c'), {
      op: 'or',
      left: { op: 'truthy', operand: { input: 'a' } },
      right: {
        op: 'and',
        left: { op: 'truthy', operand: { input: 'b' } },
        right: { op: 'truthy', operand: { input: 'c' } },
      },
    });
  });
});

describe('parseCondition underlines', () => {
  const cases: readonly [string, string, RegExp][] = [
    ['inputs.a = 1', '=', /two equals signs/],
    ['inputs.a & inputs.b', '&', /twice/],
    ['inputs.a == eu', 'eu', /quotes/],
    ['inputs.a > 1', '>', /equality only/],
    ["inputs.a == 'x", "'x", /closing/],
    ['(inputs.a', '', /not closed/],
    ['inputs.a)', ')', /left over/],
    ['inputs.a inputs.b', 'inputs', /expected here/],
    ["stages.Dev == 'passed'", '==', /stages\.NAME\.outcome/],
    ["stages.Dev.result == 'passed'", 'result', /only the outcome of a stage/],
    ['inputs.a in []', ']', /A list contains/],
    ['inputs.a in [inputs.b]', 'inputs', /A list contains/],
    ['inputs.a matches inputs.b', 'inputs', /in quotes/],
    ["version matches '('", "'('", /does not compile/],
    ['version', 'version', /compare it/],
    ["'text'", "'text'", /compare it/],
    ['!inputs.a == 1', '1', /parentheses/],
    ['', '', /ends where/],
    ['inputs.a == 1 ~', '~', /no meaning/],
    ['input.a', 'input', /Did you mean `inputs`/],
  ];
  for (const [text, at, message] of cases) {
    test(text || 'nothing', () => {
      const mistake = mistakeIn(text);
      assert.equal(mistake.at, at);
      assert.match(mistake.message, message);
    });
  }

  test('what is too long or too deep', () => {
    assert.match(mistakeIn(`inputs.${'a'.repeat(1_000)}`).message, /at most 1000 characters/);
    assert.match(mistakeIn(`${'('.repeat(40)}true${')'.repeat(40)}`).message, /nested at most 30/);
    assert.match(mistakeIn(`${'!'.repeat(40)}inputs.a`).message, /nested at most 30/);
  });
});

const literal: fc.Arbitrary<InputValue> = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.boolean(),
  fc.integer(),
  fc.double({ min: -1e6, max: 1e6, noNaN: true }).map(value => Number(value.toFixed(6)) + 0),
);
const name = fc.oneof(fc.constantFrom('a', 'region', 'dry-run'), fc.string({ minLength: 1, maxLength: 6 }));
const reference: fc.Arbitrary<Operand> = fc.oneof(
  name.map(input => ({ input })),
  fc.constant({ version: true as const }),
  name.map(stageOutcome => ({ stageOutcome })),
);
const operand: fc.Arbitrary<Operand> = fc.oneof(
  reference,
  literal.map(value => ({ literal: value })),
);
const { condition } = fc.letrec<{ condition: Condition }>(tie => ({
  condition: fc.oneof(
    { maxDepth: 4 },
    fc.record({ op: fc.constantFrom('equals' as const, 'differs' as const), left: operand, right: operand }),
    fc.record({
      op: fc.constant('in' as const),
      left: operand,
      values: fc.array(literal, { minLength: 1, maxLength: 4 }),
    }),
    fc.record({
      op: fc.constant('matches' as const),
      left: operand,
      pattern: fc.constantFrom('1\\..*', "it's", '[a-z]+'),
    }),
    fc.record({
      op: fc.constant('truthy' as const),
      operand: fc.oneof(
        name.map(input => ({ input })),
        fc.boolean().map(value => ({ literal: value })),
      ),
    }),
    fc.record({ op: fc.constant('not' as const), operand: tie('condition') }),
    fc.record({ op: fc.constantFrom('and' as const, 'or' as const), left: tie('condition'), right: tie('condition') }),
  ),
}));

test('a printed condition reads as the same tree', () => {
  fc.assert(
    fc.property(condition, tree => {
      const text = formatCondition(tree);
      fc.pre(text.length <= 1_000);
      assert.deepEqual(structuredClone(read(text)), structuredClone({ ...tree }));
    }),
    { numRuns: 2_000, seed: 7 },
  );
});

test('any text at all gives a condition or a mistake within it', () => {
  const word = fc.constantFrom(
    'inputs',
    '.',
    'a',
    'version',
    'stages',
    'outcome',
    '==',
    '!=',
    '&&',
    '||',
    '!',
    '(',
    ')',
    '[',
    ']',
    ',',
    'in',
    'matches',
    "'x'",
    "'",
    '1',
    ' ',
    '\\',
    '😀',
  );
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 20 }).map(words => words.join('')),
      text => {
        const parsed = parseCondition(text);
        if ('mistake' in parsed)
          assert.ok(
            parsed.mistake.start >= 0 &&
              parsed.mistake.start <= parsed.mistake.end &&
              parsed.mistake.end <= text.length,
          );
      },
    ),
    { numRuns: 3_000, seed: 7 },
  );
});
