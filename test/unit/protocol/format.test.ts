// Figures read the same everywhere.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { formatBytes } from '../../../src/model/byteSize.ts';
import {
  formatChange,
  formatCount,
  formatDuration,
  formatList,
  formatMeasure,
  formatMoment,
  formatNumber,
  formatShare,
  formatTime,
} from '../../../src/protocol/words/format.ts';

process.env['TZ'] = 'UTC';

suite('format', () => {
  test('durations grow from tenths of a second to days', () => {
    assert.deepEqual(
      [0, 40, 400, 6400, 9949, 9950, 21_000, 59_499, 59_500, 365_000, 3_599_600, 3_723_000, 183_600_000].map(
        formatDuration,
      ),
      [
        '0 s',
        '0.0 s',
        '0.4 s',
        '6.4 s',
        '9.9 s',
        '10 s',
        '21 s',
        '59 s',
        '1:00',
        '6:05',
        '1:00:00',
        '1:02:03',
        '2 d 3 h',
      ],
    );
  });
  test('a clock that went back gives no negative duration', () => assert.equal(formatDuration(-5), '0 s'));
  test('numbers keep three digits, big ones are parted', () => {
    assert.deepEqual(
      [0, 5, 0.21, 41.84, 212.4, 1284, 9870, 1_234_567, -1284, 0.00001, NaN, Infinity, 2 ** 60].map(formatNumber),
      [
        '0',
        '5',
        '0.21',
        '41.8',
        '212',
        '1,284',
        '9,870',
        '1,234,567',
        '-1,284',
        '1.0e-5',
        'no number',
        'infinite',
        '1.15e+18',
      ],
    );
  });
  test('a number that was written can be read back to three digits', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e14, max: 1e14 }), value => {
        const back = Number(formatNumber(value).replaceAll(',', ''));
        assert.ok(Math.abs(back - value) <= Math.abs(value) * 0.06 + 1e-12, `${value} became ${formatNumber(value)}`);
      }),
    );
  });
  test('shares and changes are percentages, changes with their sign', () => {
    assert.deepEqual([0, 0.2, 0.019, 1].map(formatShare), ['0 %', '20 %', '1.9 %', '100 %']);
    assert.deepEqual([0.019, -0.25, 0].map(formatChange), ['+1.9 %', '-25 %', '+0 %']);
  });
  test('counts agree with their noun', () =>
    assert.deepEqual(
      [formatCount(1, 'node'), formatCount(1200, 'node'), formatCount(2, 'query')],
      ['1 node', '1,200 nodes', '2 queries'],
    ));
  test('measures carry their unit', () =>
    assert.deepEqual(
      [formatMeasure(212, 'ms'), formatMeasure(0.21, '%'), formatMeasure(3)],
      ['212 ms', '0.21 %', '3'],
    ));
  test('lists end in "and", long ones are counted', () => {
    assert.deepEqual(
      [
        formatList([]),
        formatList(['a']),
        formatList(['a', 'b']),
        formatList(['a', 'b', 'c']),
        formatList(['a', 'b', 'c', 'd'], 3),
      ],
      ['', 'a', 'a and b', 'a, b and c', 'a, b and 2 more'],
    );
  });
  test('bytes', () =>
    assert.deepEqual([0, 999, 41_000, 2_500_000, 12_340_000_000, 5e15].map(formatBytes), [
      '0 B',
      '999 B',
      '41 kB',
      '2.5 MB',
      '12.3 GB',
      '5000 TB',
    ]));
  test('moments are local', () =>
    assert.deepEqual(
      [formatTime(Date.UTC(2026, 10, 23, 14, 2, 5)), formatMoment(Date.UTC(2026, 10, 3, 4, 2, 5))],
      ['14:02:05', '2026-11-03 04:02'],
    ));
});
