// What a person gives at the start of a run.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkInputs, checkVersion } from '../../../src/definition/compile/inputs.ts';
import type { RunInput } from '../../../src/model/pipeline.ts';

const inputs: readonly RunInput[] = [
  { name: 'ticket', type: 'string', required: true, pattern: 'CHG-\\d+' },
  { name: 'region', type: 'choice', required: false, values: ['eu', 'us'], default: 'eu' },
  { name: 'batch', type: 'number', required: false, minimum: 1, maximum: 50 },
  { name: 'fast', type: 'boolean', required: false, default: false },
];

function messageOf(given: Readonly<Record<string, string>>, declared = inputs): string {
  const result = checkInputs(declared, given);
  assert.equal(result.ok, false);
  return result.ok ? '' : result.failure.message;
}

describe('checkInputs', () => {
  test('gives typed values, with defaults, and leaves out what is optional and not given', () => {
    assert.deepEqual(checkInputs(inputs, { ticket: 'CHG-1', batch: ' 12 ', fast: 'Yes' }), {
      ok: true,
      value: { ticket: 'CHG-1', region: 'eu', batch: 12, fast: true },
    });
    assert.deepEqual(checkInputs(inputs, { ticket: 'CHG-1', batch: '', region: 'us' }), {
      ok: true,
      value: { ticket: 'CHG-1', region: 'us', fast: false },
    });
    assert.deepEqual(checkInputs([], {}), { ok: true, value: {} });
  });

  test('says all mistakes in one message', () => {
    assert.equal(
      messageOf({ regoin: 'eu', region: 'EU', batch: '51', fast: 'maybe' }),
      'There is no input "regoin". Did you mean `region`? Inputs: ticket, region, batch, fast. ' +
        'The input "ticket" is missing; it must match CHG-\\d+. ' +
        'The input "region" cannot be "EU"; allowed: eu, us. Did you mean `eu`? The input "batch" cannot be ' +
        '"51"; allowed: a number from 1 up to 50. The input "fast" cannot be "maybe"; allowed: true, false.',
    );
  });

  test('a pattern must match the whole text', () => {
    assert.match(messageOf({ ticket: 'xCHG-1' }), /must match/);
    assert.match(messageOf({ ticket: 'CHG-1\n' }), /control character/);
  });

  for (const text of ['abc', '1e999', 'NaN', 'Infinity', '0x10', '1,5', '']) {
    test(`"${text}" is no number`, () => {
      assert.match(messageOf({ batch: text }, [{ name: 'batch', type: 'number', required: true }]), /batch/);
    });
  }

  test('names of the language itself are unknown inputs like any other', () => {
    assert.match(messageOf({ toString: 'x' }, []), /There is no input "toString"\. This takes no inputs\./);
    assert.match(messageOf({}, [{ name: 'toString', type: 'string', required: true }]), /missing/);
    assert.match(messageOf(JSON.parse('{"__proto__": "x"}') as Record<string, string>, []), /__proto__/);
  });

  test('a long or hostile text is bounded in the message', () => {
    assert.ok(messageOf({ ticket: 'x'.repeat(900) }).length < 200);
    assert.match(messageOf({ ticket: 'x'.repeat(1_001) }), /at most 1000/);
  });
});

describe('checkVersion', () => {
  const free = { kind: 'version' } as const;
  test('takes one line of at most 200 characters', () => {
    assert.deepEqual(checkVersion(free, '1.2.3-rc+7 ä'), { ok: true, value: '1.2.3-rc+7 ä' });
    for (const bad of ['', '  ', ' 1', '1\n2', '1\u0000', '1\u2028', 'x'.repeat(201)])
      assert.equal(checkVersion(free, bad).ok, false, JSON.stringify(bad));
  });

  test('matches the pattern whole', () => {
    const source = { kind: 'version', pattern: '\\d+\\.\\d+|latest' } as const;
    assert.deepEqual(
      ['1.2', 'latest', '1.2.3', 'v1.2', 'latest2'].map(version => checkVersion(source, version).ok),
      [true, true, false, false, false],
    );
  });
});
