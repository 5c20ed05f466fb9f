// What is recognised as a secret in a pipeline file is redacted everywhere else, whatever stands around it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { secretForms } from '../../../src/vendors/definitions.ts';
import { createSecretFinder, hasSecretParameter } from '../../../src/model/file/secrets.ts';
import { createRedactor } from '../../../src/model/redact.ts';

const { findKnownSecret } = createSecretFinder(secretForms);
const letters = (count: number): string => 'aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0z'.repeat(4).slice(0, count);
/** The secret part is told apart from what may stay. */
const examples: readonly (readonly [text: string, secret: string])[] = [
  ...['NRAK', 'NRII', 'NRJS', 'NRRA', 'NRSP', 'NRAA', 'NRBR'].map(kind => {
    const key = `${kind}-${letters(20)}`;
    return [key, key] as const;
  }),
  [`${letters(36)}NRAL`, letters(36)],
  [`su${letters(12)}:${letters(64)}`, letters(64)],
  ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_', 'glpat-', 'xoxb-', 'xoxp-'].map(
    start => [`${start}${letters(30)}`, letters(30)] as const,
  ),
  ['AKIAABCDEFGHIJKLMNOP', 'AKIAABCDEFGHIJKLMNOP'],
  [`-----BEGIN RSA PRIVATE KEY-----\n${letters(60)}\n${letters(50)}\n-----END RSA PRIVATE KEY-----`, letters(50)],
  [`Bearer ${letters(40)}`, letters(40)],
  [`Basic ${letters(40)}`, letters(40)],
  ...['access_token', 'apikey', 'api_key', 'token', 'secret', 'password', 'key', 'sig'].map(
    name => [`https://ci/x?a=1&${name}=${letters(16)}`, letters(16)] as const,
  ),
];

for (const [text, secret] of examples)
  test(`${text.slice(0, 24)}... is recognised in a file and redacted everywhere`, () => {
    assert.ok(findKnownSecret(text) !== undefined || hasSecretParameter(text));
    const redact = createRedactor([], secretForms);
    for (const around of ['%', 'before % behind', 'a="%"', "x='%',y", 'at % .', '{"v":"%"}']) {
      const whole = around.replace('%', () => text);
      assert.equal(redact(whole).includes(secret), false, whole);
      const stream = redact.stream();
      const pieces = [...whole].map(sign => stream.push(sign)).join('') + stream.end();
      if (!text.includes('\n')) assert.equal(pieces.includes(secret), false, whole);
    }
  });

test('what only resembles a key stays', () => {
  for (const text of [
    'subscriptionId: 12',
    'token: none',
    'Basic authentication failed',
    'Bearer of news',
    'NR-1 ready',
  ])
    assert.deepEqual([createRedactor([], secretForms)(text), findKnownSecret(text)], [text, undefined]);
});
