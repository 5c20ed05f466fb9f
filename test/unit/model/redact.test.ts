// No secret passes, however it is written and however the text is cut; other text passes unchanged.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRedactor, REDACTED } from '../../../src/model/redact.ts';
import { secretForms } from '../../../src/vendors/definitions.ts';

const PASSWORD = 'p@ss w"rd/+1';

test('a known secret is redacted as it is, URL-encoded, in base64 and as JSON', () => {
  const redact = createRedactor([PASSWORD]);
  const forms = [
    PASSWORD,
    encodeURIComponent(PASSWORD),
    encodeURIComponent(PASSWORD).replaceAll('%20', '+'),
    encodeURIComponent(PASSWORD).toLowerCase(),
    Buffer.from(PASSWORD).toString('base64'),
    Buffer.from(PASSWORD).toString('base64url'),
    JSON.stringify(PASSWORD).slice(1, -1),
  ];
  for (const form of forms) assert.equal(redact(`before <${form}> after`), `before <${REDACTED}> after`);
});

test('of a pair, each half of six characters or more is a secret of its own, and so is its Basic form', () => {
  const redact = createRedactor(['deployer:s3cr3t!', 'ann:longpassword']);
  assert.equal(redact('deployer, s3cr3t!, ann, longpassword'), `${REDACTED}, ${REDACTED}, ann, ${REDACTED}`);
  assert.equal(redact(btoa('ann:longpassword')), REDACTED);
});

test('secrets that overlap leave nothing behind; the longest wins', () => {
  const redact = createRedactor(['abcXYZ', 'XYZdef', 'abcXYZ-long']);
  assert.equal(
    redact('1 abcXYZdef 2 abcXYZ-long 3 abcXYZabcXYZ'),
    `1 ${REDACTED} 2 ${REDACTED} 3 ${REDACTED}${REDACTED}`,
  );
});

test('secrets of under four characters do not redact ordinary words', () => {
  assert.equal(createRedactor(['', 'a', 'abc'])('abc a b'), 'abc a b');
});

test('each line of a secret of several lines is one', () => {
  assert.equal(createRedactor(['first line\nsecond line'])('x second line y'), `x ${REDACTED} y`);
});

for (const [text, expected] of [
  ['key NRAK-ABCDEFGHIJ0123456789ABCDEFG.', `key ${REDACTED}.`],
  ['curl -H "Authorization: Basic dXNlcjpwYXNz" x', `curl -H "Authorization: Basic ${REDACTED}" x`],
  ["{'authorization': 'Bearer abc.def'}", `{'authorization': 'Bearer ${REDACTED}'}`],
  ['Authorization=Zm9v', `Authorization=${REDACTED}`],
  ['Api-Key: 123456', `Api-Key: ${REDACTED}`],
  ['sent Bearer eyJhbGciOiJIUzI1NiJ9.e30.x now', `sent Bearer ${REDACTED} now`],
  ['https://ann:hunter2@jenkins.example/job', `https://ann:${REDACTED}@jenkins.example/job`],
  [
    'https://endpoint4.collection.sumologic.com/receiver/v1/http/ZaVnC4dhaV2==?x=1',
    `https://endpoint4.collection.sumologic.com/receiver/v1/http/${REDACTED}?x=1`,
  ],
  [`license ${'0123456789abcdef'.repeat(3).slice(0, 36)}NRAL`, `license ${REDACTED}`],
  [
    'basic authentication is on; the bearer came; http://host:8080/a@b; a:b@c',
    'basic authentication is on; the bearer came; http://host:8080/a@b; a:b@c',
  ],
] as const)
  test(`by its look: ${text}`, () => assert.equal(createRedactor([], secretForms)(text), expected));

test('text cut at any place shows no secret, and says the same as the whole text', () => {
  const secrets = ['s3cret-value', 'user:pass-word', 'abcXYZ', 'XYZdef'];
  const redact = createRedactor(secrets);
  const word = fc.oneof(
    fc.constantFrom(
      ...secrets,
      'pass-word',
      's3cret',
      '-value',
      'abcXYZdef',
      '\n',
      ' ',
      'Authorization: Bearer tok ',
      'https://a:bcd@e ',
      btoa('s3cret-value'),
    ),
    fc.string({ maxLength: 30 }),
  );
  fc.assert(
    fc.property(
      fc.array(word, { maxLength: 60 }),
      fc.array(fc.nat(40), { minLength: 1, maxLength: 60 }),
      (words, cuts) => {
        const text = words.join('');
        const stream = redact.stream();
        let shown = '';
        for (let at = 0, i = 0; at < text.length; i++) {
          const size = 1 + cuts[i % cuts.length]!;
          shown += stream.push(text.slice(at, at + size));
          at += size;
        }
        shown += stream.end();
        assert.equal(shown, redact(text));
      },
    ),
    { numRuns: 500 },
  );
});

test('whole lines are given back at once; an unfinished one is held back only as far as needed', () => {
  const stream = createRedactor(['s3cret-value']).stream();
  assert.equal(stream.push('one\ntwo s3cret'), 'one\n');
  assert.equal(stream.push('-value\nthree'), `two ${REDACTED}\n`);
  assert(stream.push('x'.repeat(100_000)).length > 99_000);
});

test('a token without an end is swallowed, not collected', () => {
  const stream = createRedactor([]).stream();
  let shown = stream.push('Authorization: Bearer ');
  for (let i = 0; i < 1_000; i++) shown += stream.push('t'.repeat(1_000));
  shown += stream.push('t end\n') + stream.end();
  assert.equal(shown, `Authorization: Bearer ${REDACTED} end\n`);
});

test('hostile text takes linear time', () => {
  const redact = createRedactor(['aaaaaaaaaaaaaaaab', 'secret-value'], secretForms);
  for (const piece of [
    'a',
    '://a:',
    'authorization',
    'Authorization: ',
    '://',
    'NRAK-',
    'Bearer ',
    'api-key:',
    'A'.repeat(35),
  ]) {
    const startedMs = performance.now();
    redact(piece.repeat(2_000_000 / piece.length));
    assert(performance.now() - startedMs < 3_000, `${piece} took ${performance.now() - startedMs} ms`);
  }
});
