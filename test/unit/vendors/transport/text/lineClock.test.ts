// The times that log lines tell of themselves.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { timeOfLine, timeOfValue } from '../../../../../src/vendors/transport/text/lineClock.decode.ts';

const nowMs = Date.UTC(2026, 0, 30, 12);
const utc = { zone: 'utc', nowMs } as const;

test('common forms are read, each with its zone', () => {
  const noon = Date.UTC(2026, 0, 30, 11, 59, 58);
  const forms: readonly (readonly [string, number])[] = [
    ['2026-01-30T11:59:58Z INFO up', noon],
    ['2026-01-30 11:59:58,250 INFO [main] up', noon + 250],
    ['[2026-01-30T12:59:58.123456789+01:00] up', noon + 123],
    ['INFO 2026-01-30 06:59:58 -0500 up', noon],
    ['time="2026-01-30T11:59:58Z" level=info', noon],
    ['2026/01/30 11:59:58 [error] 7#7: *1 connect() failed', noon],
    ['10.0.0.1 - ann [30/Jan/2026:12:59:58 +0100] "GET / HTTP/1.1" 200 5', noon],
    ['<34>Jan 30 11:59:58 web-1 su: failed', noon],
    ['I0130 11:59:58.000100    1 main.go:7] up', noon],
    [`${noon / 1_000} up`, noon],
    [`{"ts":${noon / 1_000}.5,"msg":"up"}`, noon + 500],
    [`{"level":30,"time":${noon},"msg":"up"}`, noon],
    ['{"@timestamp":"2026-01-30T11:59:58.000Z","message":"up"}', noon],
    ['[pod/web-1/app] 2026-01-30T11:59:58Z up', noon],
  ];
  assert.deepEqual(
    forms.map(([line]) => [line, timeOfLine(line, utc)]),
    forms,
  );
});

test('what is no whole time is none', () => {
  for (const line of [
    '',
    'up',
    '11:59:58 up',
    '    at shop.Cart.add(Cart.java:7)',
    '2026-13-30T11:59:58Z up',
    '{"message":"2026-01-30T11:59:58Z"}',
    'order 12345 placed',
    `${'x'.repeat(500)} 2026-01-30T11:59:58Z`,
  ])
    assert.equal(timeOfLine(line, utc), undefined, line);
});

test('a time without a zone is of this machine, or of UTC', () => {
  const line = '2026-01-30 11:59:58 up';
  assert.equal(timeOfLine(line, { zone: 'local', nowMs }), new Date(2026, 0, 30, 11, 59, 58).getTime());
});

test('a line without a year is of the latest year that does not lie ahead', () => {
  assert.equal(timeOfLine('Dec 31 23:59:59 web-1 up', utc), Date.UTC(2025, 11, 31, 23, 59, 59));
  const newYear = { zone: 'utc', nowMs: Date.UTC(2025, 11, 31, 23, 59) } as const;
  assert.equal(timeOfLine('Jan  1 00:10:00 web-1 up', newYear), Date.UTC(2026, 0, 1, 0, 10));
});

test('a time is read whatever unit it is in', () => {
  const milliseconds = fc.integer({ min: Date.UTC(2005, 0), max: Date.UTC(2100, 0) });
  fc.assert(
    fc.property(milliseconds, ms => {
      const seconds = Math.floor(ms / 1_000);
      assert.equal(timeOfValue(ms, utc), ms);
      assert.equal(timeOfValue(seconds, utc), seconds * 1_000);
      assert.equal(timeOfValue(ms * 1_000, utc), ms);
      assert.equal(timeOfValue(`${ms}000000`, utc), ms);
      assert.equal(timeOfValue(new Date(ms).toISOString(), utc), ms);
      assert.equal(timeOfLine(`${new Date(ms).toISOString()} up`, utc), ms);
    }),
  );
});

test('whatever a line holds, reading it ends, and gives a number or nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), line => {
      const atMs = timeOfLine(line, utc);
      assert.ok(atMs === undefined || Number.isFinite(atMs));
    }),
  );
});
