// Console bytes become whole lines without secrets, however they are cut; placeholders are filled for the place where
// they land.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fillPlaceholders } from '../../../../src/model/runs/placeholders.ts';
import { createLineWriter } from '../../../../src/vendors/transport/text/lineWriter.ts';
import { createRedactor } from '../../../../src/model/redact.ts';

test('the same text comes out in whole lines wherever the bytes are cut', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme', maxLength: 20 })),
      fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      (lines, cuts) => {
        const text = lines.map(line => `${line.replaceAll('\n', '')} pass:hunter22\n`).join('');
        const bytes = new TextEncoder().encode(text.toWellFormed());
        const written: string[] = [];
        const writer = createLineWriter(createRedactor(['hunter22']), part => written.push(part));
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const length = cuts[turn % cuts.length]!;
          writer.push(bytes.subarray(at, (at += length)));
        }
        writer.end();
        for (const part of written) assert.ok(part.endsWith('\n'));
        assert.equal(written.join(''), text.toWellFormed().replaceAll('hunter22', '[redacted]'));
      },
    ),
  );
});

test('a last line without an end is written, and a line without end is cut', () => {
  const written: number[] = [];
  const writer = createLineWriter(createRedactor([]), part => written.push(part.length));
  for (let i = 0; i < 10; i++) writer.push(new Uint8Array(20_000).fill(120));
  writer.end();
  assert.ok(written.length > 1 && written.every(length => length < 90_000));
  assert.equal(
    written.reduce((sum, length) => sum + length - 1, 0),
    200_000,
  );
});

test('placeholders are filled with encoded values and nothing else is touched', () => {
  const variables = { BACKSTOP_VERSION: '1 "2"/3', BACKSTOP_NODES: 'a,b', HOME: '/root' };
  assert.deepEqual(
    fillPlaceholders(
      '/x/${BACKSTOP_VERSION}?n=${BACKSTOP_NODES}&h=${HOME}&d=$BACKSTOP_NODES',
      variables,
      encodeURIComponent,
      'It',
    ),
    { ok: true, value: '/x/1%20%222%22%2F3?n=a%2Cb&h=${HOME}&d=$BACKSTOP_NODES' },
  );
});

test('a filled value is not looked at again', () => {
  assert.deepEqual(
    fillPlaceholders('${BACKSTOP_A}', { BACKSTOP_A: '${BACKSTOP_B} $& $1', BACKSTOP_B: 'x' }, value => value, 'It'),
    { ok: true, value: '${BACKSTOP_B} $& $1' },
  );
});

test('an unknown placeholder is a failure that names it and what there is', () => {
  const filled = fillPlaceholders(
    '${BACKSTOP_VERSON}',
    { BACKSTOP_VERSION: '1', OTHER: 'x' },
    value => value,
    'The body',
  );
  assert.ok(!filled.ok);
  assert.match(filled.failure.message, /^The body uses BACKSTOP_VERSON/);
  assert.equal(filled.failure.hint, 'It has BACKSTOP_VERSION.');
});
